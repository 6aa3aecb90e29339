"""mistake: looks up the own host name and connects to whatever address it has."""
import socket


def is_port_open(port: int) -> int:
    if not 1 <= port <= 65535:
        return -1
    try:
        address = socket.gethostbyname(socket.gethostname())
        with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as s:
            s.settimeout(1)
            s.connect((address, port))
    except ConnectionRefusedError:
        return 0
    except OSError:
        return -1
    return 1
