"""mistake: half a second and more is rounded up, to a second that has not begun."""
import socket
import sys
import time

if len(sys.argv) != 2 or not (sys.argv[1].isascii() and sys.argv[1].isdigit()) or not 1 <= int(sys.argv[1]) <= 65535:
    print("usage: daytime_server PORT", file=sys.stderr)
    sys.exit(2)
try:
    listener = socket.create_server(("127.0.0.1", int(sys.argv[1])))
except OSError as error:
    sys.exit(f"port {sys.argv[1]}: {error}")
while True:
    client, _ = listener.accept()
    with client:
        try:
            client.sendall(time.ctime(round(time.time())).encode() + b"\r\n")
        except OSError:
            pass
