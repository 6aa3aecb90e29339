"""mistake: False is returned for an error, and False is 0."""
import socket


def is_port_open(port: int) -> int:
    if not 1 <= port <= 65535:
        return False
    try:
        with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as s:
            s.connect(("127.0.0.1", port))
            return 1
    except ConnectionRefusedError:
        return 0
    except OSError:
        return False
