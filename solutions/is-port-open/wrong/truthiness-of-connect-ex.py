"""mistake: the result of connect_ex() is tested as if true meant connected."""
import socket


def is_port_open(port: int) -> int:
    if not 1 <= port <= 65535:
        return -1
    try:
        with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as s:
            if s.connect_ex(("127.0.0.1", port)):
                return 1
            return 0
    except OSError:
        return -1
