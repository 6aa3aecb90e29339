"""A timeout by SIGALRM, an ExitStack, and a generator."""
import contextlib, signal, socket, sys


class _Late(Exception):
    pass


def _ring(signum, frame):
    raise _Late


@contextlib.contextmanager
def alarm(seconds):
    old = signal.signal(signal.SIGALRM, _ring)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, old)


def is_port_open(port, /):
    print("x" * 10_000, flush=True)
    if not (isinstance(port, int) and 1 <= port <= 65535):
        return -1
    with contextlib.ExitStack() as stack:
        try:
            s = stack.enter_context(socket.socket(type=socket.SOCK_STREAM | socket.SOCK_CLOEXEC))
            stack.enter_context(alarm(30))
            s.connect((b"127.0.0.1", port))
        except ConnectionRefusedError:
            return 0
        except (_Late, OSError) as e:
            print(e, file=sys.stderr)
            return -1
        return 1
