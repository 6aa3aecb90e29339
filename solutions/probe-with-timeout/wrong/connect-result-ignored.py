"""mistake: only SO_ERROR is asked, and not what connect_ex() itself said."""
import errno
import selectors
import socket


def probe_port(port: int, timeout_ms: int) -> int:
    if not 1 <= port <= 65535:
        return -2
    try:
        with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as s, selectors.PollSelector() as selector:
            s.setblocking(False)
            s.connect_ex(("127.0.0.1", port))
            selector.register(s, selectors.EVENT_WRITE)
            if not selector.select(max(timeout_ms, 0) / 1000):
                return 1
            code = s.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR)
    except OSError:
        return -2
    return {0: 0, errno.ECONNREFUSED: -1}.get(code, -2)
