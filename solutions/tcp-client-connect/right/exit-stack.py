"""An ExitStack owns the socket until pop_all() gives it away."""
import contextlib
import socket

PORTS = range(1, 2**16)


def tcp_client_connect(port):
    if port not in PORTS:
        raise OSError(22, "not a port")
    with contextlib.ExitStack() as stack:
        sock = stack.enter_context(socket.socket())
        sock.connect(("127.0.0.1", port))
        stack.pop_all()
        return sock
