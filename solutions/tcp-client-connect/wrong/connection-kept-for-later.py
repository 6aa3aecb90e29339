"""mistake: lru_cache gives the same socket again for the same port."""
import functools
import socket


@functools.lru_cache(maxsize=None)
def _connection(port):
    return socket.create_connection(("127.0.0.1", port))


def tcp_client_connect(port: int) -> socket.socket:
    if not 1 <= port <= 65535:
        raise ValueError("port out of range")
    return _connection(port)
