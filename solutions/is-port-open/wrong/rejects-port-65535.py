"""mistake: range() stops before its end, so 65535 is taken for no port."""
import socket


def is_port_open(port: int) -> int:
    if port not in range(1, 65535):
        return -1
    try:
        with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as sock:
            sock.connect(("127.0.0.1", port))
    except ConnectionRefusedError:
        return 0
    except OSError:
        return -1
    return 1
