"""A hand-written context manager lends out a connection."""
import contextlib
import socket


@contextlib.contextmanager
def connection(port):
    s = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    try:
        s.connect(("127.0.0.1", port))
        yield s
    finally:
        s.close()


def is_port_open(port: int) -> int:
    try:
        with connection(port):
            return 1
    except ConnectionRefusedError:
        return 0
    except (OSError, OverflowError):
        return -1
