"""mistake: connect() returns None in Python, so the test for 0 is never true."""
import socket


def tcp_client_connect(port: int) -> socket.socket:
    if not 1 <= port <= 65535:
        raise ValueError("port out of range")
    sock = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    if sock.connect(("127.0.0.1", port)) == 0:
        return sock
