"""mistake: connects to 0.0.0.0, the address to listen on, not 127.0.0.1."""
import socket


def is_port_open(port: int) -> int:
    if not 1 <= port <= 65535:
        return -1
    try:
        with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as s:
            s.connect(("0.0.0.0", port))
            return 1
    except ConnectionRefusedError:
        return 0
    except OSError:
        return -1
