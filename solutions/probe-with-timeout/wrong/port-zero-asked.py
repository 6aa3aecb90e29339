"""mistake: 0 is let through to connect(), and refused."""
import socket


def probe_port(port: int, timeout_ms: int) -> int:
    if port not in range(65536):
        return -2
    try:
        with socket.create_connection(("127.0.0.1", port), max(timeout_ms, 1) / 1000):
            return 0
    except ConnectionRefusedError:
        return -1
    except TimeoutError:
        return 1
    except OSError:
        return -2
