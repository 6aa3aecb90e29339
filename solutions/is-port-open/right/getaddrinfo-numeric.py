"""getaddrinfo() with AI_NUMERICHOST and AI_NUMERICSERV fills in the address."""
import socket

FLAGS = socket.AI_NUMERICHOST | socket.AI_NUMERICSERV


def is_port_open(port: int) -> int:
    if not 1 <= port <= 65535:
        return -1
    result = -1
    try:
        for family, kind, proto, _, address in socket.getaddrinfo(
            b"127.0.0.1", port, socket.AF_INET, socket.SOCK_STREAM, 0, FLAGS
        ):
            with socket.socket(family, kind, proto) as s:
                s.connect(address)
                result = 1
                break
    except ConnectionRefusedError:
        result = 0
    except OSError:
        pass
    return result
