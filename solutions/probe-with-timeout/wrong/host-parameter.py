"""mistake: a third parameter names the host, so other machines can be asked."""
import socket


def probe_port(port: int, timeout_ms: int, host: str = "127.0.0.1") -> int:
    if not 1 <= port <= 65535:
        return -2
    try:
        with socket.create_connection((host, port), timeout=max(timeout_ms, 1) / 1000):
            return 0
    except ConnectionRefusedError:
        return -1
    except TimeoutError:
        return 1
    except OSError:
        return -2
