"""Asks connect_ex() again and again, with short sleeps: EISCONN means connected, EALREADY not yet."""
import errno
import socket
import time

PENDING = (errno.EINPROGRESS, errno.EALREADY)


def probe_port(port: int, timeout_ms: int) -> int:
    end = time.monotonic_ns() + timeout_ms * 1_000_000
    if port not in range(1, 65536):
        return -2
    try:
        with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as s:
            s.setblocking(False)
            while (code := s.connect_ex(("127.0.0.1", port))) in PENDING:
                code = s.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR)
                if code:
                    break
                if time.monotonic_ns() >= end:
                    return 1
                time.sleep(0.002)
    except OSError:
        return -2
    if code in (0, errno.EISCONN):
        return 0
    return -1 if code == errno.ECONNREFUSED else -2
