"""mistake: closes descriptor 0 as well, as if it belonged to the connection."""
import os
import socket


def is_port_open(port: int) -> int:
    if not 1 <= port <= 65535:
        return -1
    try:
        with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as s:
            s.connect(("127.0.0.1", port))
            answer = 1
    except ConnectionRefusedError:
        answer = 0
    except OSError:
        answer = -1
    try:
        os.close(0)
    except OSError:
        pass
    return answer
