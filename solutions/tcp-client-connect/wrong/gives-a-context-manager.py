"""mistake: @contextmanager makes the call give a context manager instead of a socket."""
import contextlib
import socket


@contextlib.contextmanager
def tcp_client_connect(port: int):
    if not 1 <= port <= 65535:
        raise ValueError("port out of range")
    sock = socket.create_connection(("127.0.0.1", port))
    try:
        yield sock
    finally:
        sock.close()
