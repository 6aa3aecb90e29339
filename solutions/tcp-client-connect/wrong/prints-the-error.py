"""mistake: prints the error, and then returns as if nothing had happened."""
import socket


def tcp_client_connect(port: int):
    if not 1 <= port <= 65535:
        raise ValueError("port out of range")
    try:
        return socket.create_connection(("127.0.0.1", port))
    except OSError as error:
        print("connection failed:", error)
