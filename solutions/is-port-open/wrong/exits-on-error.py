"""mistake: an error ends the whole program with sys.exit()."""
import socket
import sys


def is_port_open(port: int) -> int:
    if not 1 <= port <= 65535:
        sys.exit(f"{port} is no port")
    try:
        with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as s:
            s.connect(("127.0.0.1", port))
            return 1
    except ConnectionRefusedError:
        return 0
    except OSError as exc:
        sys.exit(f"connect: {exc}")
