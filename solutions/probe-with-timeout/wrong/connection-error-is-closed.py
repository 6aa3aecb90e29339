# mistake: ConnectionError, the parent, is caught for a refusal
import socket


def probe_port(port: int, timeout_ms: int) -> int:
    if not 1 <= port <= 65535:
        return -2
    if timeout_ms <= 0:
        return 1
    try:
        with socket.create_connection(("127.0.0.1", port), timeout=timeout_ms / 1000):
            return 0
    except ConnectionError:
        return -1
    except TimeoutError:
        return 1
    except OSError:
        return -2
