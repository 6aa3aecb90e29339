"""mistake: the flag is looked at every five seconds."""
import signal
import socket
import sys
import time
if len(sys.argv) != 2 or not sys.argv[1].isdigit() or not 1 <= int(sys.argv[1]) <= 65535:
    print("usage: daytime_server PORT", file=sys.stderr)
    sys.exit(2)
running = True
def stop(*_):
    global running
    running = False
signal.signal(signal.SIGTERM, stop)
try:
    s = socket.create_server(("127.0.0.1", int(sys.argv[1])))
except OSError as e:
    sys.exit(str(e))
s.settimeout(5)
while running:
    try:
        c, _ = s.accept()
    except TimeoutError:
        continue
    with c:
        try:
            c.sendall(time.ctime().encode() + b"\r\n")
        except OSError:
            pass
