"""mistake: a duplicate of the descriptor is made and only the original is closed."""
import errno
import os
import socket


def is_port_open(port: int) -> int:
    if not 1 <= port <= 65535:
        return -1
    try:
        with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as s:
            fd = os.dup(s.fileno())
            result = s.connect_ex(("127.0.0.1", port))
    except OSError:
        return -1
    if result == errno.ECONNREFUSED:
        return 0
    return 1 if result == 0 else -1
