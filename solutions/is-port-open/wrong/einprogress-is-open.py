"""mistake: EINPROGRESS from a non-blocking connect() is taken for a connection."""
import errno
import socket


def is_port_open(port: int) -> int:
    if not 1 <= port <= 65535:
        return -1
    try:
        with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as s:
            s.settimeout(0)
            code = s.connect_ex(("127.0.0.1", port))
    except OSError:
        return -1
    if code in (0, errno.EINPROGRESS):
        return 1
    return 0 if code == errno.ECONNREFUSED else -1
