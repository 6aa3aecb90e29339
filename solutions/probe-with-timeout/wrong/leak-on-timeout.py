"""mistake: the socket is detached and stays open when the time is over."""
import errno
import os
import select
import socket


def probe_port(port: int, timeout_ms: int) -> int:
    if not 1 <= port <= 65535:
        return -2
    try:
        s = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    except OSError:
        return -2
    s.setblocking(False)
    code = s.connect_ex(("127.0.0.1", port))
    fd = s.detach()
    if code == errno.EINPROGRESS:
        poller = select.poll()
        poller.register(fd, select.POLLOUT)
        if not poller.poll(max(timeout_ms, 0)):
            return 1
        again = socket.socket(fileno=fd)
        code = again.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR)
        again.detach()
    os.close(fd)
    return {0: 0, errno.ECONNREFUSED: -1}.get(code, -2)
