"""mistake: POLLERR or POLLHUP is taken for a refusal."""
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
            if code == 0:
                return 0
            if code != errno.EINPROGRESS:
                return -1 if code == errno.ECONNREFUSED else -2
            poller = select.poll()
            poller.register(s, select.POLLOUT)
            for _, event in poller.poll(max(timeout_ms, 0)):
                return -1 if event & (select.POLLERR | select.POLLHUP) else 0
            return 1
    except OSError:
        return -2
