"""mistake: a bare except makes everything that goes wrong a closed port."""
import socket


def is_port_open(port: int) -> int:
    try:
        with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as s:
            s.connect(("127.0.0.1", port))
            return 1
    except:
        return 0
