"""mistake: the socket sits in a reference cycle, so it is open until the collector runs."""
import socket


class Attempt:
    def __init__(self, port):
        self.port = port
        self.step = self.connect
        self.sock = socket.socket(socket.AF_INET, socket.SOCK_STREAM)

    def connect(self):
        self.sock.connect(("127.0.0.1", self.port))
        return 1


def is_port_open(port: int) -> int:
    if not 1 <= port <= 65535:
        return -1
    try:
        return Attempt(port).step()
    except ConnectionRefusedError:
        return 0
    except OSError:
        return -1
