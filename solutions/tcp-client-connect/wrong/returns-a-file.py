"""mistake: returns a file made from the socket, not the socket."""
import socket


def tcp_client_connect(port: int):
    if not 1 <= port <= 65535:
        raise ValueError("port out of range")
    with socket.create_connection(("127.0.0.1", port)) as sock:
        return sock.makefile("rwb")
