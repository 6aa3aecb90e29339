# mistake: connect_ex() giving ETIMEDOUT is taken for a closed port
import errno
import select
import socket
import time


def probe_port(port: int, timeout_ms: int) -> int:
    if port < 1 or port > 65535:
        return -2
    try:
        with socket.socket() as s:
            s.setblocking(False)
            e = s.connect_ex(("127.0.0.1", port))
            if e == errno.EINPROGRESS:
                p = select.poll()
                p.register(s, select.POLLOUT)
                end = time.monotonic() + timeout_ms / 1000
                while True:
                    rest = max(end - time.monotonic(), 0) * 1000
                    if p.poll(min(rest, 2**31 - 1)):
                        break
                    if time.monotonic() >= end:
                        return 1
                e = s.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR)
    except OSError:
        return -2
    if e == 0:
        return 0
    if e in (errno.ECONNREFUSED, errno.ETIMEDOUT):
        return -1
    return -2
