"""mistake: gives None instead of raising; the reason is lost."""
import socket


def tcp_client_connect(port: int):
    if not 1 <= port <= 65535:
        return None
    sock = None
    try:
        sock = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
        sock.connect(("127.0.0.1", port))
        return sock
    except OSError:
        if sock is not None:
            sock.close()
        return None
