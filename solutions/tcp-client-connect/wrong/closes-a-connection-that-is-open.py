"""mistake: a connection that the caller still has open is closed by the next call."""
import socket

last = None


def tcp_client_connect(port: int) -> socket.socket:
    global last
    if port < 1 or port > 65535:
        raise ValueError("port")
    if last is not None and last.fileno() != -1:
        last.close()
    last = None
    s = socket.socket()
    try:
        s.connect(("127.0.0.1", port))
    except OSError:
        s.close()
        raise
    last = s
    return s
