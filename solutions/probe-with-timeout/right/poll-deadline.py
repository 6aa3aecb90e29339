"""select.poll() until a deadline, with the bare numbers of the errors."""
import select
import socket
import time
from errno import ECONNREFUSED, EINPROGRESS, ETIMEDOUT


def _connect(s, port, deadline):
    """0 or an errno."""
    err = s.connect_ex(("127.0.0.1", port))
    if err != EINPROGRESS:
        return err
    poller = select.poll()
    poller.register(s.fileno(), select.POLLOUT)
    while True:
        left = deadline - time.monotonic()
        if poller.poll(max(left, 0) * 1000):
            return s.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR)
        if left <= 0:
            return ETIMEDOUT


def probe_port(port: int, timeout_ms: int) -> int:
    deadline = time.monotonic() + timeout_ms / 1000
    if port < 1 or 65535 < port:
        return -2
    try:
        s = socket.socket(socket.AF_INET, socket.SOCK_STREAM | socket.SOCK_NONBLOCK)
    except OSError:
        return -2
    with s:
        try:
            err = _connect(s, port, deadline)
        except OSError as e:
            err = e.errno
    return {0: 0, ECONNREFUSED: -1, ETIMEDOUT: 1}.get(err, -2)
