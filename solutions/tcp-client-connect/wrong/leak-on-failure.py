"""mistake: the last error is kept for a later look, and with its traceback the open socket."""
import socket

last_error = []


def tcp_client_connect(port: int) -> socket.socket:
    if not 1 <= port <= 65535:
        raise ValueError("port out of range")
    sock = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    try:
        sock.connect(("127.0.0.1", port))
        return sock
    except OSError as error:
        last_error.append(error)
        raise
