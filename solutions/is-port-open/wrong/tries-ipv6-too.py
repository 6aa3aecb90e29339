"""mistake: after a refusal on 127.0.0.1 the port is tried on ::1 too."""
import socket

TARGETS = [(socket.AF_INET, "127.0.0.1"), (socket.AF_INET6, "::1")]


def is_port_open(port: int) -> int:
    if not 1 <= port <= 65535:
        return -1
    for family, host in TARGETS:
        try:
            with socket.socket(family, socket.SOCK_STREAM) as s:
                s.connect((host, port))
                return 1
        except ConnectionRefusedError:
            continue
        except OSError:
            return -1
    return 0
