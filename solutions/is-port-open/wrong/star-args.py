"""mistake: any number of arguments is accepted."""
import socket


def is_port_open(*args):
    port = args[0]
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
