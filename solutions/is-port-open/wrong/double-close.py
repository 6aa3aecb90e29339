"""mistake: the descriptor is closed with os.close() and then again by the socket."""
import os
import socket


def is_port_open(port: int) -> int:
    if not 1 <= port <= 65535:
        return -1
    try:
        s = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    except OSError:
        return -1
    try:
        s.connect(("127.0.0.1", port))
        answer = 1
    except ConnectionRefusedError:
        answer = 0
    except OSError:
        answer = -1
    os.close(s.fileno())
    try:
        s.close()
    except OSError:
        pass
    return answer
