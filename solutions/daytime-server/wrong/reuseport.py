"""mistake: create_server() with reuse_port: a second server on the same port is not noticed."""
import contextlib
import socket
import sys
import time

if len(sys.argv) != 2 or not sys.argv[1].isdigit() or not 0 < int(sys.argv[1]) < 65536:
    print("usage: daytime_server PORT", file=sys.stderr)
    sys.exit(2)

with socket.create_server(("127.0.0.1", int(sys.argv[1])), reuse_port=True) as server:
    while True:
        connection, peer = server.accept()
        with connection, contextlib.suppress(OSError):
            connection.sendall(f"{time.asctime()}\r\n".encode())
