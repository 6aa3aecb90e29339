"""mistake: after a failure the function calls itself."""
import socket


def tcp_client_connect(port: int) -> socket.socket:
    if not 1 <= port <= 65535:
        raise ValueError("port out of range")
    sock = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    try:
        sock.connect(("127.0.0.1", port))
    except OSError:
        sock.close()
        return tcp_client_connect(port)
    return sock
