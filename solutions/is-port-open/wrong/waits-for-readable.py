"""mistake: waits until the socket is readable, which a silent server never makes it."""
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
                poller = select.poll()
                poller.register(s, select.POLLIN)
                if not poller.poll(1200):
                    return -1
                code = s.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR)
    except OSError:
        return -1
    if code == 0:
        return 1
    return 0 if code == errno.ECONNREFUSED else -1
