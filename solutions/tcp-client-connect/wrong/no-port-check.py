"""mistake: create_connection() is trusted to look at the number, but getaddrinfo() keeps 16 bits of it."""
import socket


def tcp_client_connect(port: int) -> socket.socket:
    return socket.create_connection(("127.0.0.1", port))
