"""mistake: raises an exception with a text of its own, and the errno is gone."""
import socket


def tcp_client_connect(port: int) -> socket.socket:
    if not 1 <= port <= 65535:
        raise ValueError("port out of range")
    try:
        return socket.create_connection(("127.0.0.1", port))
    except OSError as error:
        raise ConnectionError(f"could not connect to port {port}: {error}") from error
