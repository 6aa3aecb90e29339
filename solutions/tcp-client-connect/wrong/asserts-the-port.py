"""mistake: assert tests the port, and AssertionError is none of the three."""
import socket


def tcp_client_connect(port: int) -> socket.socket:
    assert 1 <= port <= 65535, "port out of range"
    sock = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    try:
        sock.connect(("127.0.0.1", port))
    except OSError:
        sock.close()
        raise
    return sock
