"""A non-blocking connect, waited for with selectors, judged by SO_ERROR."""
import errno
import selectors
import socket

OPEN, CLOSED, FILTERED, FAILED = 0, -1, 1, -2


def verdict(code: int) -> int:
    match code:
        case 0:
            return OPEN
        case errno.ECONNREFUSED:
            return CLOSED
        case _:
            return FAILED


def ask(sock: socket.socket, port: int, seconds: float) -> int:
    sock.setblocking(False)
    code = sock.connect_ex(("127.0.0.1", port))
    if code != errno.EINPROGRESS:
        return verdict(code)
    with selectors.DefaultSelector() as selector:
        selector.register(sock, selectors.EVENT_WRITE)
        if not selector.select(seconds):
            return FILTERED
    return verdict(sock.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR))


def probe_port(port: int, timeout_ms: int) -> int:
    if not 0 < port < 65536:
        return FAILED
    try:
        with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as sock:
            return ask(sock, port, max(0, timeout_ms) / 1000)
    except OSError:
        return FAILED
