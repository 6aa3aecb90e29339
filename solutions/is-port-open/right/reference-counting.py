"""No close() anywhere: the only reference is gone when the function returns."""
import errno
import socket


def is_port_open(port: int) -> int:
    try:
        code = socket.socket().connect_ex(("127.0.0.1", port))
    except (OSError, OverflowError):
        return -1
    return 1 if not code else -(code != errno.ECONNREFUSED)
