"""mistake: returns a pair of socket and address, as accept() does."""
import socket


def tcp_client_connect(port: int):
    if not 1 <= port <= 65535:
        raise ValueError("port out of range")
    sock = socket.create_connection(("127.0.0.1", port))
    return sock, sock.getpeername()
