"""mistake: the descriptor is closed only if it is true, and 0 is not."""
import errno
import os
import socket


def is_port_open(port: int) -> int:
    if not 1 <= port <= 65535:
        return -1
    fd = None
    try:
        s = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
        code = s.connect_ex(("127.0.0.1", port))
        fd = s.detach()
    except OSError:
        return -1
    finally:
        if fd:
            os.close(fd)
    if code == 0:
        return 1
    return 0 if code == errno.ECONNREFUSED else -1
