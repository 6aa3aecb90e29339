"""mistake: a client gets the time again and again, instead of once."""
import socket
import sys
import time
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


def serve(listener):
    while True:
        client, address = listener.accept()
        with client:
            try:
                while True:
                    client.sendall(line())
                    time.sleep(1)
            except OSError as error:
                print("gone:", address, error)


if __name__ == "__main__":
    port = port_of(sys.argv)
    try:
        listener = open_listener(port)
    except OSError as error:
        sys.exit(f"cannot listen on {port}: {error}")
    serve(listener)
