"""mistake: the pipe that was made before the socket stays open when there is no socket."""
import errno
import os
import socket


def is_port_open(port: int) -> int:
    if port < 1 or port > 65535:
        return -1
    try:
        r, w = os.pipe()          # to wake somebody up, one day
        s = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    except OSError:
        return -1
    with s:
        code = s.connect_ex(("127.0.0.1", port))
    os.close(r)
    os.close(w)
    return 1 if code == 0 else 0 if code == errno.ECONNREFUSED else -1
