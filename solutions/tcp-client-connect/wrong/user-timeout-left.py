"""mistake: TCP_USER_TIMEOUT is set once the connection is made, for the caller's own good."""
import socket


def tcp_client_connect(port: int) -> socket.socket:
    if not 1 <= port <= 65535:
        raise ValueError("port out of range")
    sock = socket.create_connection(("127.0.0.1", port))
    sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT, 1500)
    return sock
