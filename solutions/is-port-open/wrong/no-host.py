"""mistake: create_connection() is called without a host, so ::1 is tried as well."""
import socket


def is_port_open(port: int) -> int:
    if port < 1 or port > 65535:
        return -1
    try:
        socket.create_connection((None, port), timeout=1.5).close()
    except ConnectionRefusedError:
        return 0
    except Exception:
        return -1
    return 1
