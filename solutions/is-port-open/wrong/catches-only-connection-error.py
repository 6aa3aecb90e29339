"""mistake: ConnectionError is caught, but an unreachable host or a timeout is none."""
import socket


def is_port_open(port: int) -> int:
    if not 1 <= port <= 65535:
        return -1
    try:
        s = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    except OSError:
        return -1
    with s:
        try:
            s.connect(("127.0.0.1", port))
        except ConnectionRefusedError:
            return 0
        except ConnectionError:
            return -1
        return 1
