"""No close() on failure: CPython closes the socket as soon as nobody refers to it."""
import socket


def tcp_client_connect(port: int) -> socket.socket:
    s = socket.socket()
    s.connect(("127.0.0.1", port))
    return s
