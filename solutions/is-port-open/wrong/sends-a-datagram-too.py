"""mistake: sends a UDP datagram to the port besides connecting."""

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
        try:
            with socket.socket(type=socket.SOCK_DGRAM) as u:
                u.sendto(b"?", ("127.0.0.1", port))
        except OSError:
            pass
    return plain(port)
