"""mistake: the return in the finally block replaces every other answer."""
import socket


def is_port_open(port: int) -> int:
    if not 1 <= port <= 65535:
        return -1
    s = None
    try:
        s = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
        s.connect(("127.0.0.1", port))
        return 1
    except ConnectionRefusedError:
        return 0
    finally:
        if s is not None:
            s.close()
        return -1
