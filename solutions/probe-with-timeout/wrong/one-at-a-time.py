"""mistake: a lock makes calls wait for each other."""
import socket
import threading

lock = threading.Lock()


def probe_port(port: int, timeout_ms: int) -> int:
    if not 1 <= port <= 65535:
        return -2
    with lock:
        try:
            with socket.create_connection(("127.0.0.1", port), timeout=max(timeout_ms, 1) / 1000):
                return 0
        except ConnectionRefusedError:
            return -1
        except TimeoutError:
            return 1
        except OSError:
            return -2
