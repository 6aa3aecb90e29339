"""mistake: a host parameter with a default, through which other machines can be reached."""
import socket


def tcp_client_connect(port: int, host: str = "127.0.0.1") -> socket.socket:
    if not 1 <= port <= 65535:
        raise ValueError("port out of range")
    return socket.create_connection((host, port))
