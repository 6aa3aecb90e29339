"""mistake: returns -1 as a C function would, instead of raising."""
import socket


def tcp_client_connect(port: int):
    if not 1 <= port <= 65535:
        return -1
    try:
        return socket.create_connection(("127.0.0.1", port))
    except OSError:
        return -1
