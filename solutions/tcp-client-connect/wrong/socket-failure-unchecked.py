"""mistake: where socket() itself fails, the except clause closes a variable that was never set."""
import socket


def tcp_client_connect(port: int) -> socket.socket:
    if not 1 <= port <= 65535:
        raise ValueError("port out of range")
    try:
        sock = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
        sock.connect(("127.0.0.1", port))
    except OSError:
        sock.close()
        raise
    return sock
