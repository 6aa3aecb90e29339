# mistake: a number that is no port raises TypeError
import socket


def tcp_client_connect(port: int) -> socket.socket:
    if not 1 <= port <= 65535:
        raise TypeError("not a port")
    return socket.create_connection(("127.0.0.1", port))
