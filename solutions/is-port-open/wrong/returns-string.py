"""mistake: the answer is a word and not a number."""
import socket


def is_port_open(port: int) -> int:
    if not 1 <= port <= 65535:
        return "error"
    try:
        with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as s:
            s.connect(("127.0.0.1", port))
            return "open"
    except ConnectionRefusedError:
        return "closed"
    except OSError:
        return "error"
