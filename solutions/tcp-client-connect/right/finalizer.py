"""The C class underneath, a finalizer that is called off on success, a callable object for a function."""
import _socket
import socket
import weakref


class Connector:
    """Something that connects to one host, and can be called like a function."""

    def __init__(self, host):
        self.host = host

    def __call__(self, port: int) -> socket.socket:
        match port:
            case int() if 1 <= port <= 65535:
                raw = _socket.socket(_socket.AF_INET, _socket.SOCK_STREAM)
            case _:
                raise ValueError("a port is a number from 1 to 65535")
        guard = weakref.finalize(self, raw.close)
        try:
            raw.connect((self.host, port))
        except OSError:
            guard()
            raise
        guard.detach()
        return socket.socket(fileno=raw.detach())


tcp_client_connect = Connector("127.0.0.1")
