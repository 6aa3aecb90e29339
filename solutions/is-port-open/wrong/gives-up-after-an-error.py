"""mistake: stops asking once a socket could not be made."""

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


_failures = 0


def is_port_open(port):
    """After five errors in a row it answers -1 without asking."""
    global _failures
    if _failures >= 5:
        return -1
    answer = plain(port)
    _failures = _failures + 1 if answer == -1 else 0
    return answer
