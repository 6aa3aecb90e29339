"""mistake: a refused port is asked again until the time is over."""
import socket
import time


def probe_port(port: int, timeout_ms: int) -> int:
    if not 1 <= port <= 65535:
        return -2
    deadline = time.monotonic() + timeout_ms / 1000
    while True:
        try:
            with socket.create_connection(("127.0.0.1", port), max(deadline - time.monotonic(), 0.001)):
                return 0
        except ConnectionRefusedError:
            if time.monotonic() > deadline:
                return -1
            time.sleep(0.01)
        except TimeoutError:
            return 1
        except OSError:
            return -2
