"""mistake: settimeout(0) is taken for no time limit."""
import socket


def tcp_client_connect(port: int) -> socket.socket:
    if not 1 <= port <= 65535:
        raise ValueError("port out of range")
    sock = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    try:
        sock.settimeout(1.5)
        sock.connect(("127.0.0.1", port))
    except OSError:
        sock.close()
        raise
    sock.settimeout(0)
    return sock
