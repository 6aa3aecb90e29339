"""mistake: "localhost" is a name, and what it leads to is up to the machine's settings."""
import socket


def probe_port(port: int, timeout_ms: int) -> int:
    if not 1 <= port <= 65535:
        return -2
    try:
        with socket.create_connection(("localhost", port), max(timeout_ms, 1) / 1000):
            return 0
    except ConnectionRefusedError:
        return -1
    except TimeoutError:
        return 1
    except OSError:
        return -2
