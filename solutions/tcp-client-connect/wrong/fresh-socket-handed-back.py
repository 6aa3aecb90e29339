"""mistake: tries with one socket, and hands a second one over that was never connected."""
import socket


def check(port):
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as trial:
        trial.connect(("127.0.0.1", port))


def tcp_client_connect(port: int) -> socket.socket:
    if not 1 <= port <= 65535:
        raise ValueError("port out of range")
    check(port)
    return socket.socket(socket.AF_INET, socket.SOCK_STREAM)
