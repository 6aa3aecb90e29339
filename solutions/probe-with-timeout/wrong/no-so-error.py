"""mistake: that the socket is ready is taken for success."""
import select
import socket


def probe_port(port: int, timeout_ms: int) -> int:
    if not 1 <= port <= 65535:
        return -2
    try:
        with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as s:
            s.setblocking(False)
            try:
                s.connect(("127.0.0.1", port))
            except BlockingIOError:
                pass
            poller = select.poll()
            poller.register(s, select.POLLOUT)
            ready = poller.poll(max(timeout_ms, 0))
            return 0 if ready else 1
    except ConnectionRefusedError:
        return -1
    except OSError:
        return -2
