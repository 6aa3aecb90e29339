"""mistake: looks up the name of the address before it connects."""

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
    if 1 <= port <= 65535:
        print("asking", socket.getnameinfo(("127.0.0.1", port), 0))
    return plain(port)
