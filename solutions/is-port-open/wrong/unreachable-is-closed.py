"""mistake: an unreachable host or network is reported as closed."""
import errno
import socket

NOBODY_THERE = {errno.ECONNREFUSED, errno.EHOSTUNREACH, errno.ENETUNREACH}


def is_port_open(port: int) -> int:
    if not 1 <= port <= 65535:
        return -1
    try:
        with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as s:
            s.connect(("127.0.0.1", port))
            return 1
    except OSError as exc:
        return 0 if exc.errno in NOBODY_THERE else -1
