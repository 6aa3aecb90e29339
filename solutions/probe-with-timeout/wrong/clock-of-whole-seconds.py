"""mistake: int() takes the fraction off the clock."""
import errno
import select
import socket
import time


def probe_port(port: int, timeout_ms: int) -> int:
    if not 1 <= port <= 65535:
        return -2
    end = int(time.time()) + timeout_ms / 1000
    try:
        with socket.socket() as s:
            s.setblocking(False)
            try:
                s.connect(("127.0.0.1", port))
            except BlockingIOError:
                waiter = select.poll()
                waiter.register(s, select.POLLOUT)
                while not waiter.poll(20):
                    if int(time.time()) >= end:
                        return 1
            code = s.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR)
    except OSError:
        return -2
    if code == 0:
        return 0
    return -1 if code == errno.ECONNREFUSED else -2
