"""mistake: a refused connection is reported as an error like any other."""
import socket


def is_port_open(port: int) -> int:
    if port < 1 or port > 65535:
        return -1
    try:
        with socket.socket() as s:
            s.connect(("127.0.0.1", port))
    except OSError:
        return -1
    return 1
