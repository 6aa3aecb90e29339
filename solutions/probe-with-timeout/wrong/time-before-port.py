"""mistake: without time it answers 1 before it has looked at the port."""
import socket


def probe_port(port: int, timeout_ms: int) -> int:
    if timeout_ms <= 0:
        return 1
    if not 1 <= port <= 65535:
        return -2
    try:
        with socket.create_connection(("127.0.0.1", port), timeout_ms / 1000):
            return 0
    except ConnectionRefusedError:
        return -1
    except TimeoutError:
        return 1
    except OSError:
        return -2
