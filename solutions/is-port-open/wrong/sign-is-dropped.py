"""mistake: abs() makes a port of a negative number."""
import socket


def is_port_open(port: int) -> int:
    port = abs(port)
    if not 1 <= port <= 65535:
        return -1
    try:
        with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as sock:
            sock.connect(("127.0.0.1", port))
            return 1
    except ConnectionRefusedError:
        return 0
    except OSError:
        return -1
