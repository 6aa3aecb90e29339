"""mistake: whatever fails is called closed."""
import socket


def probe_port(port: int, timeout_ms: int) -> int:
    if not 1 <= port <= 65535:
        return -2
    try:
        s = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    except OSError:
        return -2
    with s:
        s.settimeout(max(timeout_ms, 1) / 1000)
        try:
            s.connect(("127.0.0.1", port))
        except TimeoutError:
            return 1
        except OSError:
            return -1
        return 0
