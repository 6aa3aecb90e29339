"""The client end is bound to the loopback address with a port of the kernel's choice."""
import socket


def is_port_open(port: int) -> int:
    if not 1 <= port <= 65535:
        return -1
    try:
        with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as s:
            s.bind(("127.0.0.1", 0))
            s.connect(("127.0.0.1", port))
            return 0 if s.getsockname()[1] == port else 1
    except ConnectionRefusedError:
        return 0
    except OSError:
        return -1
