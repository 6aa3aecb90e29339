"""mistake: on failure the descriptor is closed with os.close(), and then again by the socket."""
import contextlib
import os
import socket


def tcp_client_connect(port: int) -> socket.socket:
    if not 1 <= port <= 65535:
        raise ValueError("port out of range")
    sock = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    try:
        sock.connect(("127.0.0.1", port))
        return sock
    except OSError:
        os.close(sock.fileno())
        with contextlib.suppress(OSError):
            sock.close()
        raise
