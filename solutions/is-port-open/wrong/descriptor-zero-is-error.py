"""mistake: a socket with descriptor 0 is taken for a failure of socket()."""
import socket


def is_port_open(port: int) -> int:
    if not 1 <= port <= 65535:
        return -1
    try:
        with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as s:
            if s.fileno() <= 0:
                return -1
            s.connect(("127.0.0.1", port))
            return 1
    except ConnectionRefusedError:
        return 0
    except OSError:
        return -1
