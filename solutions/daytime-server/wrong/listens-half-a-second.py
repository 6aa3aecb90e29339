"""mistake: each client is given half a second to say something."""
import socket
import sys
import time
if len(sys.argv) != 2 or not sys.argv[1].isdigit() or not 1 <= int(sys.argv[1]) <= 65535:
    print("usage: daytime_server PORT", file=sys.stderr)
    sys.exit(2)
try:
    s = socket.create_server(("127.0.0.1", int(sys.argv[1])))
except OSError as e:
    sys.exit(str(e))
while True:
    c, _ = s.accept()
    with c:
        c.settimeout(0.5)
        try:
            c.recv(1000)
        except OSError:
            pass
        try:
            c.sendall(time.ctime().encode() + b"\r\n")
        except OSError:
            pass
