"""mistake: returns the number of the error instead of raising it."""
import socket


def tcp_client_connect(port: int):
    if not 1 <= port <= 65535:
        raise ValueError("port out of range")
    sock = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    code = sock.connect_ex(("127.0.0.1", port))
    if code != 0:
        sock.close()
        return code
    return sock
