"""mistake: real errors are raised and not returned as -1."""
import socket


def is_port_open(port: int) -> int:
    if not 1 <= port <= 65535:
        raise ValueError(f"{port} is no port")
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as s:
        try:
            s.connect(("127.0.0.1", port))
        except ConnectionRefusedError:
            return 0
    return 1
