"""connect_ex() gives the number; it becomes an OSError of the right class."""
import errno
import os
import socket


def tcp_client_connect(port: int) -> socket.socket:
    if not 0 < port < 65536:
        raise OSError(errno.EINVAL, os.strerror(errno.EINVAL))
    s = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    code = s.connect_ex(("127.0.0.1", port))
    if code:
        s.close()
        raise OSError(code, os.strerror(code))
    return s
