"""mistake: create_connection()'s timeout is thought to be for connecting alone, but stays on the socket."""
import socket


def tcp_client_connect(port: int) -> socket.socket:
    if not 1 <= port <= 65535:
        raise ValueError("port out of range")
    return socket.create_connection(("127.0.0.1", port), timeout=1.5)
