"""mistake: connect() is given two arguments, and the TypeError is told as a failure of the connection."""
import socket


def tcp_client_connect(port: int) -> socket.socket:
    if not 1 <= port <= 65535:
        raise ValueError(port)
    client = socket.socket()
    try:
        client.connect("127.0.0.1", port)
    except Exception as reason:
        client.close()
        raise OSError(111, "Connection refused") from reason
    return client
