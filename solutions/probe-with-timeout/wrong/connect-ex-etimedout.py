"""mistake: connect_ex() is expected to return ETIMEDOUT at the end of the time; it returns EAGAIN."""
import errno
import socket


def probe_port(port: int, timeout_ms: int) -> int:
    if not 1 <= port <= 65535:
        return -2
    try:
        with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as s:
            s.settimeout(max(timeout_ms, 1) / 1000)
            code = s.connect_ex(("127.0.0.1", port))
    except OSError:
        return -2
    if code == 0:
        return 0
    if code == errno.ECONNREFUSED:
        return -1
    return 1 if code == errno.ETIMEDOUT else -2
