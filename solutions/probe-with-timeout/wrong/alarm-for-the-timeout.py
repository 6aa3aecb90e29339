"""mistake: a timer and a signal handler of the whole process for one call's timeout."""
import signal
import socket


class TooLate(Exception):
    pass


def on_alarm(number, frame):
    raise TooLate


def probe_port(port: int, timeout_ms: int) -> int:
    if not 1 <= port <= 65535:
        return -2
    before = signal.signal(signal.SIGALRM, on_alarm)
    signal.setitimer(signal.ITIMER_REAL, max(timeout_ms, 1) / 1000)
    try:
        with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as s:
            s.connect(("127.0.0.1", port))
            return 0
    except ConnectionRefusedError:
        return -1
    except TooLate:
        return 1
    except OSError:
        return -2
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)
