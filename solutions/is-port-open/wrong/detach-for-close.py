"""mistake: detach() is called where close() is meant, so every call leaves a descriptor."""
import errno
import socket


def is_port_open(port: int) -> int:
    if not 0 < port < 65536:
        return -1
    try:
        s = socket.socket()
    except OSError:
        return -1
    try:
        code = s.connect_ex(("127.0.0.1", port))
        return {0: 1, errno.ECONNREFUSED: 0}.get(code, -1)
    finally:
        s.detach()
