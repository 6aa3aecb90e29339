"""mistake: it sleeps for the whole time and then looks."""
import errno
import socket
import time


def probe_port(port: int, timeout_ms: int) -> int:
    if not 1 <= port <= 65535:
        return -2
    try:
        with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as s:
            s.setblocking(False)
            code = s.connect_ex(("127.0.0.1", port))
            if code == errno.EINPROGRESS:
                time.sleep(max(timeout_ms, 0) / 1000)
                code = s.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR)
                if code == 0:
                    try:
                        s.getpeername()
                    except OSError:
                        return 1
    except OSError:
        return -2
    if code == 0:
        return 0
    return -1 if code == errno.ECONNREFUSED else -2
