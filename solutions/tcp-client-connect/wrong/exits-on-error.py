"""mistake: ends the whole program where it should raise."""
import socket
import sys


def tcp_client_connect(port: int) -> socket.socket:
    if not 1 <= port <= 65535:
        raise ValueError("port out of range")
    try:
        return socket.create_connection(("127.0.0.1", port))
    except OSError as error:
        sys.exit(f"cannot connect: {error}")
