"""mistake: the file that was opened before the socket stays open when there is no socket."""
import os
import socket


def tcp_client_connect(port: int) -> socket.socket:
    if port < 1 or port > 65535:
        raise ValueError(port)
    log = os.open("/dev/null", os.O_WRONLY)
    s = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    try:
        s.connect(("127.0.0.1", port))
    except OSError:
        s.close()
        raise
    finally:
        os.close(log)
    return s
