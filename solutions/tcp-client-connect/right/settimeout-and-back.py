"""A time limit for connect() alone, and a guard against a connection to oneself."""
import errno
import os
import socket


def tcp_client_connect(port: int) -> socket.socket:
    if not 0 < port < 65536:
        raise ValueError("bad port")
    conn = socket.create_connection(("127.0.0.1", port), timeout=1.5)
    try:
        conn.settimeout(None)
        if conn.getsockname() == conn.getpeername():
            raise OSError(errno.ECONNREFUSED, os.strerror(errno.ECONNREFUSED))
    except OSError:
        conn.close()
        raise
    return conn
