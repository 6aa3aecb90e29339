"""mistake: ConnectionError, which covers a reset too, is reported as closed."""
import socket


def is_port_open(port: int) -> int:
    if not 1 <= port <= 65535:
        return -1
    try:
        with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as s:
            s.connect(("127.0.0.1", port))
            return 1
    except ConnectionError:
        return 0
    except OSError:
        return -1
