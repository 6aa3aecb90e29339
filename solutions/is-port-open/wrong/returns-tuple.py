"""mistake: the answer comes in a tuple together with a message."""
import os
import socket


def is_port_open(port: int) -> int:
    if not 1 <= port <= 65535:
        return -1, "no such port"
    try:
        with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as s:
            s.connect(("127.0.0.1", port))
            return 1, "open"
    except ConnectionRefusedError:
        return 0, "closed"
    except OSError as exc:
        return -1, os.strerror(exc.errno)
