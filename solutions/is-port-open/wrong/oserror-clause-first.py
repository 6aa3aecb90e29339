"""mistake: the clause for OSError comes first and takes the refusals too."""
import socket


def is_port_open(port: int) -> int:
    if not 1 <= port <= 65535:
        return -1
    try:
        with socket.create_connection(("127.0.0.1", port), timeout=1.5):
            return 1
    except OSError:
        return -1
    except ConnectionRefusedError:
        return 0
