"""A context manager closes on failure alone."""
import contextlib
import socket


@contextlib.contextmanager
def closed_on_error(thing):
    try:
        yield thing
    except BaseException:
        thing.close()
        raise


def tcp_client_connect(port: int, /) -> socket.socket:
    if isinstance(port, bool) or not 1 <= port <= 65_535:
        raise ValueError("a port is 1 to 65535")
    with closed_on_error(socket.socket(family=socket.AF_INET, type=socket.SOCK_STREAM)) as sock:
        sock.connect(("127.0.0.1", port))
    return sock
