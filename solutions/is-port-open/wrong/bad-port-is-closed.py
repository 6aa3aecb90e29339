"""mistake: a number that is no port is reported as closed."""
import socket


def is_port_open(port: int) -> int:
    try:
        with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as sock:
            sock.connect(("127.0.0.1", port))
        return 1
    except (ConnectionRefusedError, OverflowError):
        return 0
    except OSError:
        return -1
