"""mistake: the SIGTERM handler sets a flag, and accept() goes on waiting (PEP 475)."""
import signal
import socket
import sys
from datetime import datetime


def port_of(argv):
    if len(argv) == 2 and argv[1].isdigit() and 1 <= int(argv[1]) <= 65535:
        return int(argv[1])
    print(f"usage: {argv[0]} PORT", file=sys.stderr)
    raise SystemExit(2)


def open_listener(port):
    listener = socket.socket()
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    listener.bind(("127.0.0.1", port))
    listener.listen()
    return listener


def line():
    return datetime.now().ctime().encode("ascii") + b"\r\n"


stopped = False


def on_term(number, frame):
    global stopped
    stopped = True


def serve(listener):
    signal.signal(signal.SIGTERM, on_term)
    while not stopped:
        client, address = listener.accept()
        with client:
            try:
                client.sendall(line())
            except OSError as error:
                print("gone:", address, error)


if __name__ == "__main__":
    port = port_of(sys.argv)
    try:
        listener = open_listener(port)
    except OSError as error:
        sys.exit(f"cannot listen on {port}: {error}")
    serve(listener)
