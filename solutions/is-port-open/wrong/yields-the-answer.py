"""mistake: yield makes it a generator function, so a call gives a generator."""
import socket


def is_port_open(port: int) -> int:
    if not 1 <= port <= 65535:
        yield -1
        return
    try:
        with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as s:
            s.connect(("127.0.0.1", port))
        yield 1
    except ConnectionRefusedError:
        yield 0
    except OSError:
        yield -1
