"""mistake: an exception class of its own, which nobody who catches OSError catches."""
import socket


class ConnectFailed(Exception):
    pass


def tcp_client_connect(port: int) -> socket.socket:
    if not 1 <= port <= 65535:
        raise ValueError("port out of range")
    try:
        return socket.create_connection(("127.0.0.1", port))
    except OSError as error:
        raise ConnectFailed(str(error)) from None
