"""Non-blocking connect watched by the selectors module."""
import errno
import selectors
import socket

HOST = "127.0.0.1"


def _outcome(sock, port):
    err = sock.connect_ex((HOST, port))
    if err not in (errno.EINPROGRESS, errno.EWOULDBLOCK):
        return err
    with selectors.DefaultSelector() as sel:
        sel.register(sock, selectors.EVENT_WRITE)
        if not sel.select(timeout=1.5):
            return errno.ETIMEDOUT
    return sock.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR)


def is_port_open(port: int) -> int:
    if not 0 < port < 65536:
        return -1
    try:
        with socket.socket(type=socket.SOCK_STREAM | socket.SOCK_NONBLOCK) as sock:
            err = _outcome(sock, port)
    except OSError:
        return -1
    if err:
        return 0 if err == errno.ECONNREFUSED else -1
    return 1
