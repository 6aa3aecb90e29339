"""mistake: remembers that a port was closed and does not ask again."""

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


_closed = set()


def is_port_open(port):
    if port in _closed:
        ask(port)
        return 0
    answer = plain(port)
    if answer == 0:
        _closed.add(port)
    return answer
