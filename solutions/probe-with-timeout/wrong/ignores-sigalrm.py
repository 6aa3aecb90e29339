"""mistake: SIGALRM is ignored from then on, in the main thread."""
import signal
import socket
import threading


def probe_port(port: int, timeout_ms: int) -> int:
    if not 1 <= port <= 65535:
        return -2
    if timeout_ms <= 0:
        return 1
    if threading.current_thread() is threading.main_thread():
        signal.signal(signal.SIGALRM, signal.SIG_IGN)
        signal.setitimer(signal.ITIMER_REAL, 0)
    try:
        with socket.socket() as s:
            s.settimeout(timeout_ms / 1000)
            s.connect(("127.0.0.1", port))
            return 0
    except ConnectionRefusedError:
        return -1
    except TimeoutError as e:
        return -2 if e.errno else 1
    except OSError:
        return -2
