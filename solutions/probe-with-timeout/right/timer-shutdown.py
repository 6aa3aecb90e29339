"""A blocking connect(), which a timer's shutdown() ends; the timer is cancelled and joined."""
import socket
import threading


def probe_port(port: int, timeout_ms: int) -> int:
    if port < 1 or port > 65535:
        return -2
    if timeout_ms <= 0:
        return 1
    over = threading.Event()
    try:
        s = socket.socket()
    except OSError:
        return -2
    with s:
        def stop():
            over.set()
            try:
                s.shutdown(socket.SHUT_RDWR)
            except OSError:
                pass

        timer = threading.Timer(timeout_ms / 1000, stop)
        timer.start()
        try:
            s.connect(("127.0.0.1", port))
            answer = 0
        except ConnectionRefusedError:
            answer = -1
        except OSError:
            answer = 1 if over.is_set() else -2
        finally:
            timer.cancel()
            timer.join()
        return answer
