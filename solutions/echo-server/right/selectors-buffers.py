"""One thread and a selector; each client has a bytearray of what it is still owed, of limited size."""

import errno
import selectors
import socket
import sys

LIMIT = 256 * 1024


class Client:
    def __init__(self, loop, sock):
        self.loop = loop
        self.sock = sock
        self.owed = bytearray()
        self.ended = False
        loop.selector.register(sock, selectors.EVENT_READ, self)

    def on_event(self, mask):
        try:
            if mask & selectors.EVENT_READ:
                self.read()
            if self.owed:
                self.write()
        except (BlockingIOError, InterruptedError):
            pass
        except OSError:
            return self.close()
        if self.ended and not self.owed:
            return self.close()
        wanted = 0
        if self.owed:
            wanted |= selectors.EVENT_WRITE
        if not self.ended and len(self.owed) < LIMIT:
            wanted |= selectors.EVENT_READ
        self.loop.selector.modify(self.sock, wanted, self)

    def read(self):
        data = self.sock.recv(65536)
        if data:
            self.owed += data
        else:
            self.ended = True

    def write(self):
        sent = self.sock.send(self.owed)
        del self.owed[:sent]

    def close(self):
        self.loop.selector.unregister(self.sock)
        self.sock.close()
        self.loop.resume()


class Loop:
    def __init__(self, listener):
        self.selector = selectors.DefaultSelector()
        self.listener = listener
        self.accepting = False
        listener.setblocking(False)
        self.resume()

    def resume(self):
        if not self.accepting:
            self.selector.register(self.listener, selectors.EVENT_READ, self)
            self.accepting = True

    def on_event(self, mask):
        try:
            sock, _ = self.listener.accept()
        except OSError as e:
            if e.errno in (errno.EMFILE, errno.ENFILE, errno.ENOBUFS, errno.ENOMEM):
                self.selector.unregister(self.listener)
                self.accepting = False
            return
        sock.setblocking(False)
        Client(self, sock)

    def run(self):
        while True:
            for key, mask in self.selector.select():
                key.data.on_event(mask)


def usage():
    sys.stderr.write("usage: python3 echo_server.py PORT\n")
    raise SystemExit(2)


def main(argv):
    if len(argv) != 2:
        usage()
    try:
        port = int(argv[1])
    except ValueError:
        usage()
    if port <= 0 or port > 0xFFFF:
        usage()
    try:
        listener = socket.create_server(("127.0.0.1", port), backlog=100)
    except OSError as e:
        print("cannot listen:", e, file=sys.stderr)
        raise SystemExit(1)
    Loop(listener).run()


main(sys.argv)
