"""mistake: what select() returned is not looked at; SO_ERROR is 0 when the time is over, too."""
import errno
import select
import socket


def probe_port(port: int, timeout_ms: int) -> int:
    if not 1 <= port <= 65535:
        return -2
    try:
        with socket.socket() as s:
            s.setblocking(False)
            code = s.connect_ex(("127.0.0.1", port))
            if code == errno.EINPROGRESS:
                select.select([], [s], [], max(timeout_ms, 0) / 1000)
                code = s.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR)
    except (OSError, ValueError):
        return -2
    if code == 0:
        return 0
    return -1 if code == errno.ECONNREFUSED else -2
