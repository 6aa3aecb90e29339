"""mistake: SO_ERROR is read twice, but the first reading has cleared it."""
import errno
import select
import socket


def is_port_open(port: int) -> int:
    if not 1 <= port <= 65535:
        return -1
    try:
        with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as s:
            s.setblocking(False)
            try:
                s.connect(("127.0.0.1", port))
                return 1
            except BlockingIOError:
                if not select.select([], [s], [], 1.5)[1]:
                    return -1
            if s.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR) == 0:
                return 1
            if s.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR) == errno.ECONNREFUSED:
                return 0
            return -1
    except ConnectionRefusedError:
        return 0
    except OSError:
        return -1
