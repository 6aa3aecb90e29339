"""mistake: except OSError comes first, and a ConnectionRefusedError is one."""
import socket


def probe_port(port: int, timeout_ms: int) -> int:
    if not 1 <= port <= 65535:
        return -2
    try:
        with socket.create_connection(("127.0.0.1", port), max(timeout_ms, 1) / 1000):
            return 0
    except TimeoutError:
        return 1
    except OSError:
        return -2
    except ConnectionRefusedError:
        return -1
