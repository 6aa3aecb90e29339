"""mistake: that the socket is writable is taken for a connection, without a look at SO_ERROR."""
import select
import socket


def tcp_client_connect(port: int) -> socket.socket:
    if not 1 <= port <= 65535:
        raise ValueError("port out of range")
    sock = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    sock.setblocking(False)
    try:
        sock.connect(("127.0.0.1", port))
    except BlockingIOError:
        select.select([], [sock], [], 1.8)
    except OSError:
        sock.close()
        raise
    sock.setblocking(True)
    return sock
