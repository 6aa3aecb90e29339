"""mistake: the answer of the first call is cached and given again later."""
import functools
import socket


@functools.lru_cache(maxsize=None)
def is_port_open(port: int) -> int:
    if not 1 <= port <= 65535:
        return -1
    try:
        with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as s:
            s.connect(("127.0.0.1", port))
            return 1
    except ConnectionRefusedError:
        return 0
    except OSError:
        return -1
