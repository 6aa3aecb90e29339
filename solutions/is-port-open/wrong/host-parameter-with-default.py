"""mistake: a second parameter with a default lets the caller choose the host."""
import socket


def is_port_open(port: int, host: str = "127.0.0.1") -> int:
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
