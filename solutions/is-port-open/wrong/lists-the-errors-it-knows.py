"""mistake: lists the errors it knows and takes every other errno for a closed port."""

import errno
import socket


def ask(port):
    s = socket.socket()
    try:
        return s.connect_ex(("127.0.0.1", port))
    finally:
        s.close()


def plain(port):
    if not 1 <= port <= 65535:
        return -1
    try:
        rc = ask(port)
    except OSError:
        return -1
    return 1 if rc == 0 else 0 if rc == errno.ECONNREFUSED else -1


def is_port_open(port):
    if port > 65535 or port < 1:
        return -1
    try:
        with socket.create_connection(("127.0.0.1", port), timeout=2):
            return True
    except ConnectionRefusedError:
        return not True
    except (TimeoutError, PermissionError):
        return -1
    except OSError as e:
        return -(e.errno in (errno.EHOSTUNREACH, errno.ENETUNREACH, errno.EADDRNOTAVAIL, errno.EMFILE, errno.ECONNRESET))
