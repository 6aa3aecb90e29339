"""mistake: returns the number of a socket that is closed as soon as the function's own reference is gone."""
import socket


def tcp_client_connect(port: int):
    if not 1 <= port <= 65535:
        raise ValueError("port out of range")
    sock = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    try:
        sock.connect(("127.0.0.1", port))
    except OSError:
        sock.close()
        raise
    return sock.fileno()
