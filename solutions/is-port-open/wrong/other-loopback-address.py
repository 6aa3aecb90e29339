"""mistake: connects to 127.0.0.2, taking all of 127/8 for the same address."""
import errno
import socket


def is_port_open(port: int) -> int:
    if not 1 <= port <= 65535:
        return -1
    try:
        with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as s:
            code = s.connect_ex(("127.0.0.2", port))
    except OSError:
        return -1
    return {0: 1, errno.ECONNREFUSED: 0}.get(code, -1)
