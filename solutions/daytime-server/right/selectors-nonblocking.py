"""A selector over a non-blocking listener and the wake-up descriptor of the signals."""
import selectors
import signal
import socket
import sys
from datetime import datetime


def line() -> bytes:
    return datetime.now().strftime("%a %b %e %H:%M:%S %Y\r\n").encode()


def serve(listener: socket.socket) -> None:
    while True:
        try:
            client, _ = listener.accept()
        except BlockingIOError:
            return
        except ConnectionError:
            continue
        with client:
            try:
                client.send(line())
            except OSError as error:
                print("a client is gone:", error)


def run(port: int) -> None:
    ours, theirs = socket.socketpair()
    theirs.setblocking(False)
    signal.set_wakeup_fd(theirs.fileno())
    signal.signal(signal.SIGTERM, lambda number, frame: None)
    with socket.socket() as listener, selectors.DefaultSelector() as selector, ours, theirs:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind(("127.0.0.1", port))
        listener.listen()
        listener.setblocking(False)
        selector.register(listener, selectors.EVENT_READ)
        selector.register(ours, selectors.EVENT_READ)
        while True:
            for key, _ in selector.select():
                if key.fileobj is ours:
                    return
                serve(listener)


def main() -> int:
    match sys.argv[1:]:
        case [text] if text.isascii() and text.isdecimal() and 0 < int(text) < 65536:
            try:
                run(int(text))
            except OSError as error:
                print(error, file=sys.stderr)
                return 1
            return 0
        case _:
            print("usage: daytime_server PORT", file=sys.stderr)
            return 2


sys.exit(main())
