"""A bare descriptor number closed with os.close() from an ExitStack."""
import errno
import os
import socket
from contextlib import ExitStack


def is_port_open(port: int) -> int:
    if not 1 <= port <= 65535:
        return -1
    with ExitStack() as cleanup:
        try:
            fd = socket.socket(socket.AF_INET, socket.SOCK_STREAM).detach()
        except OSError:
            return -1
        cleanup.callback(os.close, fd)
        borrowed = socket.socket(fileno=fd)
        cleanup.callback(borrowed.detach)
        code = borrowed.connect_ex(("127.0.0.1", port))
        if code not in (0, errno.ECONNREFUSED):
            return -1
        return int(code == 0)
