"""mistake: 65536 passes the check of the range, and OverflowError comes out."""
import socket


def is_port_open(port: int) -> int:
    if port < 1 or port > 65536:
        return -1
    try:
        with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as sock:
            sock.connect(("127.0.0.1", port))
        return 1
    except ConnectionRefusedError:
        return 0
    except OSError:
        return -1
