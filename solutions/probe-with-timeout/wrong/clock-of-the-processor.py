"""mistake: the processor time nearly stands still during a wait."""
import errno
import socket
import time


def probe_port(port: int, timeout_ms: int) -> int:
    if not 1 <= port <= 65535:
        return -2
    if timeout_ms <= 0:
        return 1
    try:
        with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as s:
            s.setblocking(False)
            end = time.process_time() + timeout_ms / 1000
            err = s.connect_ex(("127.0.0.1", port))
            while err in (errno.EINPROGRESS, errno.EALREADY):
                if time.process_time() > end:
                    return 1
                time.sleep(0.005)
                err = s.connect_ex(("127.0.0.1", port))
            if err in (0, errno.EISCONN):
                return 0
            return -1 if err == errno.ECONNREFUSED else -2
    except OSError:
        return -2
