"""mistake: EINPROGRESS is taken for no answer."""
import socket


def probe_port(port: int, timeout_ms: int) -> int:
    if not 1 <= port <= 65535:
        return -2
    try:
        with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as s:
            s.setblocking(False)
            s.connect(("127.0.0.1", port))
            return 0
    except ConnectionRefusedError:
        return -1
    except BlockingIOError:
        return 1
    except OSError:
        return -2
