"""connect_ex() and a comparison of error numbers, closed in finally."""
import errno
import socket


def is_port_open(port: int) -> int:
    if port < 1 or port > 65535:
        return -1
    try:
        s = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    except OSError:
        return -1
    try:
        code = s.connect_ex(("127.0.0.1", port))
    except OSError:
        return -1
    finally:
        s.close()
    if code == 0:
        return 1
    if code == errno.ECONNREFUSED:
        return 0
    return -1
