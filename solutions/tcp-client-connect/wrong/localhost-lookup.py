"""mistake: looks up the name localhost, which may lead to several addresses."""
import socket


def tcp_client_connect(port: int) -> socket.socket:
    if not 1 <= port <= 65535:
        raise ValueError("port out of range")
    return socket.create_connection(("localhost", port))
