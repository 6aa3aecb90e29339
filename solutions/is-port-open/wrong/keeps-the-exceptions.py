"""mistake: exceptions are collected in a list, and their tracebacks keep the sockets open."""
import socket

problems = []


def is_port_open(port: int) -> int:
    if not 1 <= port <= 65535:
        return -1
    try:
        s = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
        s.connect(("127.0.0.1", port))
        s.close()
        return 1
    except OSError as exc:
        problems.append(exc)
        return 0 if isinstance(exc, ConnectionRefusedError) else -1
