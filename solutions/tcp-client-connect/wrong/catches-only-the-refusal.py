"""mistake: raises for a refusal alone; after every other error of connect_ex() the socket is returned."""
import errno
import os
import socket


def tcp_client_connect(port: int) -> socket.socket:
    if not 1 <= port <= 65535:
        raise ValueError("port out of range")
    sock = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    code = sock.connect_ex(("127.0.0.1", port))
    if code == errno.ECONNREFUSED:
        sock.close()
        raise OSError(code, os.strerror(code))
    return sock
