"""mistake: one socket is made when the module is loaded and used for every call."""
import socket

sock = socket.socket(socket.AF_INET, socket.SOCK_STREAM)


def is_port_open(port: int) -> int:
    if not 1 <= port <= 65535:
        return -1
    try:
        sock.connect(("127.0.0.1", port))
        return 1
    except ConnectionRefusedError:
        return 0
    except OSError:
        return -1
