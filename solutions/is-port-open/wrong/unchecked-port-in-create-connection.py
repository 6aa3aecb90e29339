"""mistake: create_connection() is trusted to refuse a bad port, but it drops the high bits."""
import socket


def is_port_open(port: int) -> int:
    try:
        with socket.create_connection(("127.0.0.1", port), timeout=1.5):
            return 1
    except ConnectionRefusedError:
        return 0
    except Exception:
        return -1
