"""Non-blocking connect, select.poll, SO_ERROR; then blocking again."""
import errno
import os
import select
import socket

LIMIT = 1500  # milliseconds


def _wait(sock):
    poller = select.poll()
    poller.register(sock, select.POLLOUT)
    if not poller.poll(LIMIT):
        return errno.ETIMEDOUT
    return sock.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR)


def tcp_client_connect(port):
    if not 1 <= port <= 65535:
        raise OverflowError(port)
    sock = socket.socket()
    try:
        sock.setblocking(False)
        code = sock.connect_ex(("127.0.0.1", port))
        if code == errno.EINPROGRESS:
            code = _wait(sock)
        if code:
            raise OSError(code, os.strerror(code))
        sock.setblocking(True)
        sock, connected = None, sock
        return connected
    finally:
        if sock is not None:
            sock.close()
