"""Structural pattern matching on the port and on the error number."""
import errno
import socket


def is_port_open(port: int) -> int:
    match port:
        case int() if 1 <= port <= 65535:
            pass
        case _:
            return -1
    try:
        with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as s:
            status = s.connect_ex(("127.0.0.1", port))
    except OSError:
        return -1
    match status:
        case 0:
            return 1
        case errno.ECONNREFUSED:
            return 0
        case _:
            return -1
