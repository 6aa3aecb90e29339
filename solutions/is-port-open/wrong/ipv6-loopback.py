"""mistake: connects to the IPv6 loopback address ::1."""
import socket


def is_port_open(port: int) -> int:
    if not 1 <= port <= 65535:
        return -1
    try:
        with socket.socket(socket.AF_INET6, socket.SOCK_STREAM) as s:
            s.connect(("::1", port))
            return 1
    except ConnectionRefusedError:
        return 0
    except OSError:
        return -1
