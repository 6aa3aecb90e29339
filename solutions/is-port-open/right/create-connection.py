"""socket.create_connection() with a timeout and the numeric address."""
import socket


def is_port_open(port: int) -> int:
    if port not in range(1, 65536):
        return -1
    try:
        conn = socket.create_connection(("127.0.0.1", port), timeout=1.5)
    except ConnectionRefusedError:
        return 0
    except Exception:
        return -1
    conn.close()
    return 1
