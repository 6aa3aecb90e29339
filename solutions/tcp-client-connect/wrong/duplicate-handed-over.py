"""mistake: wraps a duplicate of the descriptor and keeps the first one in a list, so the connection never ends."""
import socket

connections = []


def tcp_client_connect(port: int) -> socket.socket:
    if not 1 <= port <= 65535:
        raise ValueError("port out of range")
    sock = socket.create_connection(("127.0.0.1", port))
    connections.append(sock)
    return sock.dup()
