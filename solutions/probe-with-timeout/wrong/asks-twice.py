"""mistake: a port that does not answer is asked a second time, with the whole timeout."""
import socket


def probe_port(port: int, timeout_ms: int) -> int:
    if not 1 <= port <= 65535:
        return -2
    for _ in range(2):  # the first packet may have been lost
        try:
            with socket.create_connection(("127.0.0.1", port), timeout=max(timeout_ms, 1) / 1000):
                return 0
        except ConnectionRefusedError:
            return -1
        except TimeoutError:
            continue
        except OSError:
            return -2
    return 1
