# mistake: with no descriptor left the listener stays readable, and the loop turns without a pause
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


class Client:
    def __init__(self, sock):
        sock.setblocking(False)
        self.sock = sock
        self.pending = b""
        selector.register(sock, selectors.EVENT_READ, self)

    def handle(self):
        try:
            if not self.pending:
                self.pending = self.sock.recv(16384)
                if not self.pending:
                    self.close()
                    return
            sent = self.sock.send(self.pending)
            self.pending = self.pending[sent:]
        except BlockingIOError:
            pass
        except OSError:
            self.close()
            return
        event = selectors.EVENT_WRITE if self.pending else selectors.EVENT_READ
        selector.modify(self.sock, event, self)

    def close(self):
        selector.unregister(self.sock)
        self.sock.close()
        start_accepting()


class Door:
    def handle(self):
        try:
            sock, address = listener.accept()
        except OSError:
            return
        Client(sock)


def start_accepting():
    if listener not in selector.get_map():
        selector.register(listener, selectors.EVENT_READ, Door())


selector = selectors.DefaultSelector()
listener = listen_on(port_from(sys.argv))
listener.setblocking(False)
start_accepting()
while True:
    for key, events in selector.select():
        key.data.handle()
