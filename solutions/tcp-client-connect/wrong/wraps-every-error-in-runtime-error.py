"""mistake: RuntimeError around the OSError; who catches OSError does not see it."""
import socket


def tcp_client_connect(port: int) -> socket.socket:
    if not 1 <= port <= 65535:
        raise RuntimeError("bad port")
    sock = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    try:
        sock.connect(("127.0.0.1", port))
    except OSError as error:
        sock.close()
        raise RuntimeError("connect failed") from error
    return sock
