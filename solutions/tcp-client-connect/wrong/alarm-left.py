"""mistake: the alarm is never called off."""
import signal
import socket


def tcp_client_connect(port: int) -> socket.socket:
    if port < 1 or port > 65535:
        raise ValueError("no port")
    signal.alarm(2)
    s = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    try:
        s.connect(("127.0.0.1", port))
    except OSError:
        s.close()
        raise
    return s
