"""mistake: the host is a first parameter that must be given."""
import socket


def is_port_open(host: str, port: int) -> int:
    if not 1 <= port <= 65535:
        return -1
    try:
        with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as s:
            s.connect((host, port))
            return 1
    except ConnectionRefusedError:
        return 0
    except OSError:
        return -1
