"""mistake: after an error other than a refusal the socket stays open in a list of failures."""
import socket

failures = []


class Checker:
    def __init__(self, port):
        self.port = port
        self.sock = socket.socket(socket.AF_INET, socket.SOCK_STREAM)

    def check(self):
        try:
            self.sock.connect(("127.0.0.1", self.port))
        except ConnectionRefusedError:
            self.sock.close()
            return 0
        except OSError as exc:
            failures.append((self, exc.errno))
            return -1
        self.sock.close()
        return 1


def is_port_open(port: int) -> int:
    if not 1 <= port <= 65535:
        return -1
    try:
        return Checker(port).check()
    except OSError:
        return -1
