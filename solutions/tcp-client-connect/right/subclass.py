"""A class of its own, derived from socket.socket; __enter__ and all the rest come with it."""
import socket


class Connection(socket.socket):
    """A connected socket to this machine, which remembers the port it was made for."""

    __slots__ = ("port",)

    def __init__(self, port: int) -> None:
        super().__init__(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
        self.port = port
        try:
            self.connect(("127.0.0.1", port))
        except Exception:
            self.close()
            raise


def tcp_client_connect(port: int) -> Connection:
    if port <= 0:
        raise ValueError("ports begin at 1")
    return Connection(port)
