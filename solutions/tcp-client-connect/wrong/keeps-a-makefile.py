"""mistake: a file made from the socket is kept, and holds the connection open after the caller's close()."""
import socket

files = {}


def tcp_client_connect(port: int) -> socket.socket:
    if not 1 <= port <= 65535:
        raise ValueError("port out of range")
    sock = socket.create_connection(("127.0.0.1", port))
    files[sock.getsockname()] = sock.makefile("rwb")
    return sock
