"""mistake: only a refusal is met with close(); on other errors the socket stays in the list of open ones."""
import socket

open_sockets = set()


def tcp_client_connect(port: int) -> socket.socket:
    if not 1 <= port <= 65535:
        raise ValueError("port out of range")
    sock = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    open_sockets.add(sock)
    try:
        sock.connect(("127.0.0.1", port))
    except ConnectionRefusedError:
        open_sockets.discard(sock)
        sock.close()
        raise
    open_sockets.discard(sock)
    return sock
