"""mistake: connects to the name localhost, which has to be looked up."""
import socket


def is_port_open(port: int) -> int:
    if not 1 <= port <= 65535:
        return -1
    try:
        with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as s:
            s.settimeout(1)
            s.connect(("localhost", port))
    except ConnectionRefusedError:
        return 0
    except OSError:
        return -1
    return 1
