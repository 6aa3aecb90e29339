"""connect_ex() under a timeout: EAGAIN is how it says that the time is over."""
import errno
import socket

MEANING = {
    0: 0,
    errno.ECONNREFUSED: -1,
    errno.EAGAIN: 1,
    errno.EWOULDBLOCK: 1,
}


def probe_port(port: int, timeout_ms: int) -> int:
    if port < 1 or port > 65535:
        return -2
    if timeout_ms <= 0:
        timeout_ms = 1
    try:
        sock = socket.socket()
    except OSError:
        return -2
    try:
        sock.settimeout(timeout_ms / 1000)
        return MEANING.get(sock.connect_ex(("127.0.0.1", port)), -2)
    except OSError:
        return -2
    finally:
        sock.close()
