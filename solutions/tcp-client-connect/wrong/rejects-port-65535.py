"""mistake: range() leaves out its end, so the highest port is rejected."""
import socket


def tcp_client_connect(port: int) -> socket.socket:
    if port not in range(1, 65535):
        raise ValueError("port out of range")
    return socket.create_connection(("127.0.0.1", port))
