"""mistake: -1 for a number that is no port."""
import socket


def probe_port(port: int, timeout_ms: int) -> int:
    if port < 1 or port > 65535:
        return -1
    try:
        with socket.create_connection(("127.0.0.1", port), max(timeout_ms, 1) / 1000):
            return 0
    except ConnectionRefusedError:
        return -1
    except TimeoutError:
        return 1
    except OSError:
        return -2
