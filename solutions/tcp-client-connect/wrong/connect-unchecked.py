"""mistake: connect_ex() raises nothing, and nobody looks at what it returns."""
import socket


def tcp_client_connect(port: int) -> socket.socket:
    if not 1 <= port <= 65535:
        raise ValueError("no port")
    s = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    s.connect_ex(("127.0.0.1", port))
    return s
