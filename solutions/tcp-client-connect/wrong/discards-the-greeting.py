"""mistake: reads whatever the server says in the first moment, and throws it away."""
import contextlib
import socket


def tcp_client_connect(port: int) -> socket.socket:
    if not 1 <= port <= 65535:
        raise ValueError("port out of range")
    sock = socket.create_connection(("127.0.0.1", port), timeout=0.15)
    with contextlib.suppress(TimeoutError):
        sock.recv(4096)
    sock.settimeout(None)
    return sock
