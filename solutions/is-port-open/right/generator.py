"""A chain of generators; the first verdict that comes out is the answer."""
import errno
import socket


def _sockets():
    try:
        with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as s:
            yield s
    except OSError:
        return


def _verdicts(port):
    if port < 1 or port > 65535:
        yield -1
    for s in _sockets():
        code = s.connect_ex(("127.0.0.1", port))
        s.close()
        yield from (1 for _ in [code] if code == 0)
        yield from (0 for _ in [code] if code == errno.ECONNREFUSED)
    yield -1


def is_port_open(port: int) -> int:
    return next(_verdicts(port))
