"""An exception class of its own, derived from OSError, with errno and cause; selectors for the wait."""
import errno
import os
import selectors
import socket


class CannotConnect(OSError):
    """No connection to a port of this machine."""


def _finish(sock):
    with selectors.DefaultSelector() as selector:
        selector.register(sock, selectors.EVENT_WRITE)
        if not selector.select(timeout=1.5):
            return errno.ETIMEDOUT
    return sock.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR)


class TcpClient:
    host = "127.0.0.1"

    def __init__(self, port):
        if port not in range(1, 65536):
            raise CannotConnect(errno.EINVAL, f"{port} is not a port")
        self.port = port

    def connect(self):
        sock = socket.socket(type=socket.SOCK_STREAM | socket.SOCK_NONBLOCK)
        try:
            sock.connect((self.host, self.port))
        except BlockingIOError:
            self.check(sock, _finish(sock))
        except OSError as error:
            self.check(sock, error.errno)
        sock.setblocking(True)
        return sock

    def check(self, sock, number):
        if number:
            sock.close()
            raise CannotConnect(number, os.strerror(number))


def tcp_client_connect(port):
    try:
        return TcpClient(port).connect()
    except CannotConnect:
        raise
    except OSError as error:
        raise CannotConnect(error.errno, error.strerror) from error
