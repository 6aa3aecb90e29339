"""mistake: setdefaulttimeout() limits every socket that is made from then on, this one for all its life."""
import socket

socket.setdefaulttimeout(1.5)


def tcp_client_connect(port: int) -> socket.socket:
    if not 1 <= port <= 65535:
        raise ValueError("port out of range")
    return socket.create_connection(("127.0.0.1", port))
