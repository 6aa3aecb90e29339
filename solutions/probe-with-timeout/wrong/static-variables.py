"""mistake: one poll object for all calls, and so for all threads."""
import errno
import select
import socket

poller = select.poll()


def probe_port(port: int, timeout_ms: int) -> int:
    if not 1 <= port <= 65535:
        return -2
    try:
        with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as s:
            s.setblocking(False)
            code = s.connect_ex(("127.0.0.1", port))
            if code == errno.EINPROGRESS:
                poller.register(s, select.POLLOUT)
                try:
                    if not poller.poll(max(timeout_ms, 0)):
                        return 1
                finally:
                    poller.unregister(s)
                code = s.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR)
    except OSError:
        return -2
    return {0: 0, errno.ECONNREFUSED: -1}.get(code, -2)
