"""Connects in a with block; on success the descriptor is detached and wrapped in a new socket."""
import socket


def tcp_client_connect(port: int) -> socket.socket:
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as attempt:
        attempt.connect(("127.0.0.1", port))
        return socket.socket(fileno=attempt.detach())
