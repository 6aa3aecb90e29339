"""mistake: every failure to connect, whatever the reason, is reported as closed."""
import socket


def is_port_open(port: int) -> int:
    if not 1 <= port <= 65535:
        return -1
    try:
        sock = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    except OSError:
        return -1
    with sock:
        return 1 if sock.connect_ex(("127.0.0.1", port)) == 0 else 0
