"""mistake: create_connection() is trusted to refuse large numbers, but it drops their high bits."""
import socket


def probe_port(port: int, timeout_ms: int) -> int:
    if port <= 0:
        return -2
    try:
        with socket.create_connection(("127.0.0.1", port), max(timeout_ms, 1) / 1000):
            return 0
    except ConnectionRefusedError:
        return -1
    except TimeoutError:
        return 1
    except (OSError, OverflowError):
        return -2
