"""mistake: 1 for a refusal, -1 for no answer."""
import socket

OPEN, CLOSED, FILTERED, ERROR = 0, 1, -1, -2


def probe_port(port: int, timeout_ms: int) -> int:
    if not 1 <= port <= 65535:
        return ERROR
    try:
        with socket.create_connection(("127.0.0.1", port), timeout=max(timeout_ms, 1) / 1000):
            return OPEN
    except ConnectionRefusedError:
        return CLOSED
    except TimeoutError:
        return FILTERED
    except OSError:
        return ERROR
