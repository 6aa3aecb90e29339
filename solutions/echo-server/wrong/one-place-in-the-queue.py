"""mistake: takes the number that listen() gets for something to be kept small; who comes with others is not let in."""

import contextlib
import socket
import sys
import threading
import time

LAST_PORT = 0xFFFF


class Conversation(threading.Thread):
    def __init__(self, connection):
        super().__init__(daemon=True)
        self.connection = connection

    def run(self):
        with contextlib.closing(self.connection), contextlib.suppress(OSError):
            for words in iter(lambda: self.connection.recv(1 << 16), b""):
                self.connection.sendall(words)


def conversations(door):
    while True:
        try:
            yield Conversation(door.accept()[0])
        except OSError:
            time.sleep(0.03)


def port_of(arguments):
    if len(arguments) == 1 and arguments[0].isdecimal() and arguments[0].isascii():
        number = int(arguments[0])
        return number if 1 <= number <= LAST_PORT else None
    return None


if __name__ == "__main__":
    port = port_of(sys.argv[1:])
    if port is None:
        sys.stderr.write("usage: echo_server.py PORT\n")
        raise SystemExit(2)
    with socket.socket() as door:
        door.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, True)
        try:
            door.bind(("127.0.0.1", port))
        except OSError as problem:
            raise SystemExit(f"echo_server.py: {problem}")
        door.listen(1)
        for conversation in conversations(door):
            conversation.start()
