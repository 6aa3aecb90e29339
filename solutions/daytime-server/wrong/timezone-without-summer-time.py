"""mistake: the offset of the zone is taken from time.timezone, which knows nothing of summer time."""

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


listener = listener_on(port_of(sys.argv))
while True:
    client, _ = listener.accept()
    with client:
        try:
            now = time.gmtime(time.time() - time.timezone)
            client.sendall((time.asctime(now) + "\r\n").encode())
        except OSError:
            pass
