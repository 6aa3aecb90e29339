"""mistake: a socket that got connected is kept in a list and never closed."""
import socket

connections = []


def is_port_open(port: int) -> int:
    if not 1 <= port <= 65535:
        return -1
    try:
        s = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    except OSError:
        return -1
    try:
        s.connect(("127.0.0.1", port))
    except OSError as exc:
        s.close()
        return 0 if isinstance(exc, ConnectionRefusedError) else -1
    connections.append(s)
    return 1
