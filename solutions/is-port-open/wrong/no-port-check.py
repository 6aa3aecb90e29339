"""mistake: the range of the port is not checked, and OverflowError comes out."""
import socket


def is_port_open(port: int) -> int:
    try:
        with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as s:
            s.connect(("127.0.0.1", port))
            return 1
    except ConnectionRefusedError:
        return 0
    except OSError:
        return -1
