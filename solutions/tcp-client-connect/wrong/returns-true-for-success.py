"""mistake: answers whether it is connected, and keeps the socket to itself."""
import socket

connection = None


def tcp_client_connect(port: int):
    global connection
    if not 1 <= port <= 65535:
        raise ValueError("port out of range")
    sock = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    try:
        sock.connect(("127.0.0.1", port))
    except OSError:
        sock.close()
        raise
    connection = sock
    return True
