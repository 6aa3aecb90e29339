"""BlockingIOError as the signal to poll(), the verdict from SO_ERROR."""
import errno
import select
import socket


def is_port_open(port: int) -> int:
    if not (1 <= port <= 0xFFFF):
        return -1
    try:
        with socket.socket() as s:
            s.setblocking(False)
            try:
                s.connect(("127.0.0.1", port))
            except BlockingIOError:
                watcher = select.poll()
                watcher.register(s.fileno(), select.POLLOUT)
                if watcher.poll(1500) == []:
                    return -1
                code = s.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR)
                if code == errno.ECONNREFUSED:
                    return 0
                if code != 0:
                    return -1
            return 1
    except ConnectionRefusedError:
        return 0
    except OSError:
        return -1
