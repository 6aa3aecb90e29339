"""mistake: zero means success here, so open gives 0 and closed gives 1."""
import errno
import socket


def is_port_open(port: int) -> int:
    if not 1 <= port <= 65535:
        return -1
    try:
        with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as s:
            status = s.connect_ex(("127.0.0.1", port))
    except OSError:
        return -1
    if status == 0:
        return 0
    if status == errno.ECONNREFUSED:
        return 1
    return -1
