"""mistake: a number that is no port ends in an AssertionError."""
import socket


def is_port_open(port: int) -> int:
    assert 1 <= port <= 65535, "no such port"
    try:
        with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as sock:
            sock.connect(("127.0.0.1", port))
        return 1
    except ConnectionRefusedError:
        return 0
    except OSError:
        return -1
