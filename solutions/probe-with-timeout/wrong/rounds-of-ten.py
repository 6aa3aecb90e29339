"""mistake: it counts rounds of 10 ms, and not even one goes into less."""
import errno
import socket
import time


def probe_port(port: int, timeout_ms: int) -> int:
    if not 1 <= port <= 65535:
        return -2
    try:
        with socket.socket() as s:
            s.setblocking(False)
            code = s.connect_ex(("127.0.0.1", port))
            for _ in range(timeout_ms // 10):
                code = s.connect_ex(("127.0.0.1", port))
                if code not in (errno.EINPROGRESS, errno.EALREADY):
                    break
                code = s.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR)
                if code:
                    break
                code = errno.EINPROGRESS
                time.sleep(0.01)
    except OSError:
        return -2
    if code in (0, errno.EISCONN):
        return 0
    if code == errno.EINPROGRESS:
        return 1
    return -1 if code == errno.ECONNREFUSED else -2
