"""mistake: the end of the time is caught, and has no answer."""
import socket


def probe_port(port: int, timeout_ms: int) -> int:
    if not 1 <= port <= 65535:
        return -2
    try:
        with socket.create_connection(("127.0.0.1", port), max(timeout_ms, 1) / 1000):
            return 0
    except ConnectionRefusedError:
        return -1
    except TimeoutError:
        pass
    except OSError:
        return -2
