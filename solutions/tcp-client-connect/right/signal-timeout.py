"""A timer's handler raises out of a connect() that takes too long; both are put back."""
import contextlib
import errno
import signal
import socket


@contextlib.contextmanager
def at_most(seconds):
    def late(number, frame):
        raise TimeoutError(errno.ETIMEDOUT, "no answer in time")

    before = signal.signal(signal.SIGALRM, late)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


def tcp_client_connect(port: int) -> socket.socket:
    sock = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    try:
        with at_most(1.7):
            sock.connect(("127.0.0.1", port))
    except (OSError, OverflowError):
        sock.close()
        raise
    return sock
