"""mistake: int(float()) makes a port of 80.5 and of 8e3."""

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


def number(text):
    try:
        return int(float(text))
    except (ValueError, OverflowError):
        return 0


port = number(sys.argv[1]) if len(sys.argv) == 2 else 0
if not 1 <= port <= 65535:
    print("usage: daytime_server PORT", file=sys.stderr)
    sys.exit(2)
listener = listener_on(port)
while True:
    client, _ = listener.accept()
    with client:
        try:
            client.sendall((time.ctime() + "\r\n").encode())
        except OSError:
            pass
