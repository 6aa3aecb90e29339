"""socket.create_server() and context managers; contextlib.suppress for clients that are gone."""
import contextlib
import re
import signal
import socket
import sys
import time

if len(sys.argv) != 2 or not re.fullmatch(r"[0-9]{1,5}", sys.argv[1]) or int(sys.argv[1]) not in range(1, 65536):
    print("usage:", sys.argv[0], "PORT", file=sys.stderr)
    raise SystemExit(2)


def goodbye(number, frame):
    raise SystemExit(0)


signal.signal(signal.SIGTERM, goodbye)

with socket.create_server(("127.0.0.1", int(sys.argv[1]))) as server:
    while True:
        connection, peer = server.accept()
        with connection, contextlib.suppress(OSError):
            connection.sendall(f"{time.asctime()}\r\n".encode())
