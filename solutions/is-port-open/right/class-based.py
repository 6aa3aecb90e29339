"""A frozen dataclass does the work, a module function is the front door."""
import socket
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Probe:
    port: int
    host: str = field(default="127.0.0.1", init=False)

    @property
    def valid(self):
        return 0 < self.port <= 65535

    @property
    def address(self):
        return (self.host, self.port)

    def run(self):
        if not self.valid:
            return -1
        try:
            sock = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
        except OSError:
            return -1
        with sock:
            return self._dial(sock)

    def _dial(self, sock):
        try:
            sock.connect(self.address)
        except ConnectionRefusedError:
            return 0
        except OSError:
            return -1
        return 1


def is_port_open(port: int) -> int:
    return Probe(port).run()
