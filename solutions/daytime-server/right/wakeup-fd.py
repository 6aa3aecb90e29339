"""style: signal.set_wakeup_fd() and a selector, logging to stderr, a dataclass for the arguments."""

import contextlib
import dataclasses
import logging
import select
import selectors
import signal
import socket
import sys
import time


def port_of(argv):
    try:
        port = int(argv[1]) if len(argv) == 2 else 0
    except ValueError:
        port = 0
    if not 1 <= port <= 65535:
        print(f"usage: {argv[0]} PORT", file=sys.stderr)
        sys.exit(2)
    return port


def listener_on(port):
    try:
        return socket.create_server(("127.0.0.1", port), backlog=128)
    except OSError as e:
        sys.exit(f"port {port}: {e}")


@dataclasses.dataclass(frozen=True)
class Options:
    port: int


def serve(listener):
    while True:
        try:
            client, peer = listener.accept()
        except BlockingIOError:
            return
        with client, contextlib.suppress(OSError):
            client.send(time.strftime("%a %b %e %H:%M:%S %Y\r\n").encode("ascii"))
            logging.info("served %s", peer)


def main():
    logging.basicConfig(level=logging.INFO)
    options = Options(port_of(sys.argv))
    with contextlib.ExitStack() as stack:
        listener = stack.enter_context(listener_on(options.port))
        listener.setblocking(False)
        ours, theirs = socket.socketpair()
        stack.enter_context(ours)
        stack.enter_context(theirs)
        theirs.setblocking(False)
        signal.set_wakeup_fd(theirs.fileno())
        signal.signal(signal.SIGTERM, lambda *_: None)
        selector = stack.enter_context(selectors.DefaultSelector())
        selector.register(listener, selectors.EVENT_READ)
        selector.register(ours, selectors.EVENT_READ)
        while True:
            for key, _ in selector.select():
                if key.fileobj is ours:
                    if signal.SIGTERM in ours.recv(100):
                        return
                else:
                    serve(listener)


main()
