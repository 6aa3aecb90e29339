"""mistake: the lower limit is one too high, so port 1 is taken for no port."""
import errno
import socket


def is_port_open(port: int) -> int:
    if port <= 1 or port > 65535:
        return -1
    try:
        s = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    except OSError:
        return -1
    code = s.connect_ex(("127.0.0.1", port))
    s.close()
    match code:
        case 0:
            return 1
        case errno.ECONNREFUSED:
            return 0
        case _:
            return -1
