"""mistake: a negative timeout is handed to poll(), which then waits for ever."""
import errno
import select
import socket


def probe_port(port: int, timeout_ms: int) -> int:
    if not 1 <= port <= 65535:
        return -2
    try:
        with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as s:
            s.setblocking(False)
            code = s.connect_ex(("127.0.0.1", port))
            if code == errno.EINPROGRESS:
                poller = select.poll()
                poller.register(s, select.POLLOUT)
                if not poller.poll(timeout_ms):
                    return 1
                code = s.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR)
    except OSError:
        return -2
    if code == 0:
        return 0
    return -1 if code == errno.ECONNREFUSED else -2
