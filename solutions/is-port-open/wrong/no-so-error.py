"""mistake: a writable socket is taken for a connected one, SO_ERROR is not asked."""
import errno
import select
import socket


def is_port_open(port: int) -> int:
    if not 1 <= port <= 65535:
        return -1
    try:
        with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as s:
            s.setblocking(False)
            code = s.connect_ex(("127.0.0.1", port))
            if code == errno.EINPROGRESS:
                _, ready, _ = select.select([], [s], [], 1.5)
                return 1 if ready else -1
    except OSError:
        return -1
    if code == 0:
        return 1
    return 0 if code == errno.ECONNREFUSED else -1
