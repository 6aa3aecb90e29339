# mistake: it has something to do with each piece, so the end comes late; then the client is dropped with what is still queued
import errno
import selectors
import socket
import sys


def port_from(arguments):
    try:
        port = int(arguments[1])
    except (IndexError, ValueError):
        port = 0
    if len(arguments) != 2 or not 1 <= port <= 65535:
        print("usage: echo_server.py PORT", file=sys.stderr)
        sys.exit(2)
    return port


def listen_on(port):
    listener = socket.socket()
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind(("127.0.0.1", port))
        listener.listen(128)
    except OSError as error:
        print(f"echo_server: {error}", file=sys.stderr)
        sys.exit(1)
    return listener


seen = dict.fromkeys(range(256), 0)


def count(data):
    """How often each byte comes, roughly: every sixteenth is looked at."""
    for byte in data[::16]:
        seen[byte] += 1


class Client:
    def __init__(self, sock):
        sock.setblocking(False)
        self.sock = sock
        self.pending = b""
        selector.register(sock, selectors.EVENT_READ, self)

    def handle(self, events):
        try:
            if events & selectors.EVENT_READ:
                data = self.sock.recv(65536)
                if not data:
                    self.close()
                    return
                count(data)
                self.pending += data
            sent = self.sock.send(self.pending)
            self.pending = self.pending[sent:]
        except BlockingIOError:
            pass
        except OSError:
            self.close()
            return
        event = selectors.EVENT_READ
        if self.pending:
            event |= selectors.EVENT_WRITE
        selector.modify(self.sock, event, self)

    def close(self):
        selector.unregister(self.sock)
        self.sock.close()
        start_accepting()


class Door:
    def handle(self, events):
        try:
            sock, address = listener.accept()
        except OSError as error:
            if error.errno == errno.EMFILE:
                stop_accepting()
            return
        Client(sock)


def start_accepting():
    if listener not in selector.get_map():
        selector.register(listener, selectors.EVENT_READ, Door())


def stop_accepting():
    selector.unregister(listener)


selector = selectors.DefaultSelector()
listener = listen_on(port_from(sys.argv))
listener.setblocking(False)
start_accepting()
while True:
    for key, events in selector.select():
        key.data.handle(events)
