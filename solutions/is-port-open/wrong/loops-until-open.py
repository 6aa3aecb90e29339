"""mistake: goes on trying until somebody listens."""
import socket
import time


def is_port_open(port: int) -> int:
    if not 1 <= port <= 65535:
        return -1
    while True:
        try:
            with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as s:
                s.connect(("127.0.0.1", port))
                return 1
        except ConnectionRefusedError:
            time.sleep(0.2)
        except OSError:
            return -1
