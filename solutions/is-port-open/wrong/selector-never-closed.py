"""mistake: the selector is never closed, and its epoll descriptor stays."""
import errno
import selectors
import socket


def is_port_open(port: int) -> int:
    if not 1 <= port <= 65535:
        return -1
    try:
        with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as s:
            s.setblocking(False)
            err = s.connect_ex(("127.0.0.1", port))
            if err == errno.EINPROGRESS:
                sel = selectors.DefaultSelector()
                sel.register(s, selectors.EVENT_WRITE)
                if not sel.select(1.5):
                    return -1
                err = s.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR)
                sel.unregister(s)
    except OSError:
        return -1
    if err == 0:
        return 1
    return 0 if err == errno.ECONNREFUSED else -1
