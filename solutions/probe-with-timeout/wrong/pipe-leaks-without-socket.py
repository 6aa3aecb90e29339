"""mistake: the pipe that was made before the socket stays open when there is no socket."""
import errno
import os
import select
import socket
import threading


def probe_port(port: int, timeout_ms: int) -> int:
    """A self-pipe, written to by a timer, ends the wait."""
    if port < 1 or port > 65535:
        return -2
    try:
        r, w = os.pipe()
    except OSError:
        return -2
    try:
        s = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    except OSError:
        return -2
    alarm = threading.Timer(min(max(timeout_ms, 0) / 1000, threading.TIMEOUT_MAX), os.write, (w, b"x"))
    alarm.start()
    try:
        s.setblocking(False)
        code = s.connect_ex(("127.0.0.1", port))
        if code == errno.EINPROGRESS:
            p = select.poll()
            p.register(s, select.POLLOUT)
            p.register(r, select.POLLIN)
            ready = dict(p.poll())
            if s.fileno() not in ready:
                return 1
            code = s.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR)
        return 0 if code == 0 else -1 if code == errno.ECONNREFUSED else -2
    except OSError:
        return -2
    finally:
        alarm.cancel()
        alarm.join()
        s.close()
        os.close(r)
        os.close(w)
