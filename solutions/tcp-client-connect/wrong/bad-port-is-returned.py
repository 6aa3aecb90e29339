"""mistake: None for a number that is no port."""
import socket


def tcp_client_connect(port: int) -> socket.socket | None:
    if not 1 <= port <= 65535:
        return None
    sock = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    try:
        sock.connect(("127.0.0.1", port))
    except OSError:
        sock.close()
        raise
    return sock
