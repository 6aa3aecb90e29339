"""mistake: the text of the exception is compared, but it begins with the number."""
import socket


def is_port_open(port: int) -> int:
    if not 1 <= port <= 65535:
        return -1
    try:
        with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as s:
            s.connect(("127.0.0.1", port))
            return 1
    except OSError as exc:
        if str(exc) == "Connection refused":
            return 0
        return -1
