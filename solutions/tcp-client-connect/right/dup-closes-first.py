"""The first socket goes with its with block; the caller gets a duplicate that is the only one left."""
import socket


def tcp_client_connect(port: int) -> socket.socket:
    if port < 1 or port > 65535:
        raise OverflowError("getsockaddrarg: port must be 0-65535.")
    with socket.create_connection(("127.0.0.1", port)) as first:
        return first.dup()
