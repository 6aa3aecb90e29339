"""mistake: a timer thread that guards against hanging is never cancelled."""
import socket
import threading


def is_port_open(port: int) -> int:
    if not 1 <= port <= 65535:
        return -1
    try:
        with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as s:
            guard = threading.Timer(30, s.close)
            guard.daemon = True
            guard.start()
            s.connect(("127.0.0.1", port))
            return 1
    except ConnectionRefusedError:
        return 0
    except (OSError, RuntimeError):
        return -1
