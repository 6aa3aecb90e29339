"""select.select(): BlockingIOError means that it is under way, ValueError that the descriptor is too large."""
import errno
import select
import socket


class Probe:
    def __init__(self, port):
        self.address = ("127.0.0.1", port)

    def __enter__(self):
        self.sock = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
        self.sock.setblocking(False)
        return self

    def __exit__(self, *exc):
        self.sock.close()

    def run(self, seconds):
        try:
            self.sock.connect(self.address)
        except BlockingIOError:
            _, writable, failed = select.select([], [self.sock], [self.sock], seconds)
            if not writable and not failed:
                return 1
            error = self.sock.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR)
            if error:
                raise OSError(error, "connect")
        return 0


def probe_port(port: int, timeout_ms: int) -> int:
    if not 1 <= port <= 65535:
        return -2
    try:
        with Probe(port) as probe:
            return probe.run(max(timeout_ms / 1000, 0))
    except OSError as e:
        return -1 if e.errno == errno.ECONNREFUSED else -2
    except ValueError:
        return -2
