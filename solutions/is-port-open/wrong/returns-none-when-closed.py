"""mistake: the branch for a refused connection returns nothing."""
import errno
import socket


def is_port_open(port: int) -> int:
    if not 1 <= port <= 65535:
        return -1
    try:
        with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as s:
            code = s.connect_ex(("127.0.0.1", port))
    except OSError:
        return -1
    if code == 0:
        return 1
    if code != errno.ECONNREFUSED:
        return -1
