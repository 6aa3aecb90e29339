"""mistake: sends an urgent byte, as if that were no data."""

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
    if not 1 <= port <= 65535:
        return -1
    try:
        with socket.socket() as s:
            s.connect(("127.0.0.1", port))
            s.send(b"!", socket.MSG_OOB)
            return 1
    except ConnectionRefusedError:
        return 0
    except OSError:
        return -1
