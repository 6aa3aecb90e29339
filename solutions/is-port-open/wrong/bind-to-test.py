"""mistake: tries to bind the port and takes EADDRINUSE for open."""
import errno
import socket


def is_port_open(port: int) -> int:
    if not 1 <= port <= 65535:
        return -1
    try:
        with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as s:
            s.bind(("127.0.0.1", port))
            return 0
    except OSError as exc:
        return 1 if exc.errno == errno.EADDRINUSE else -1
