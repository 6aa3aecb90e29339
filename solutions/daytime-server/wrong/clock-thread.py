"""mistake: a thread keeps the line up to date, once a second."""
import socket
import sys
import threading
import time
if len(sys.argv) != 2 or not sys.argv[1].isdigit() or not 1 <= int(sys.argv[1]) <= 65535:
    print("usage: daytime_server PORT", file=sys.stderr)
    sys.exit(2)
line = b""
def tick():
    global line
    while True:
        line = time.ctime().encode() + b"\r\n"
        time.sleep(1)
threading.Thread(target=tick, daemon=True).start()
try:
    s = socket.create_server(("127.0.0.1", int(sys.argv[1])))
except OSError as e:
    sys.exit(str(e))
while True:
    c, _ = s.accept()
    with c:
        try:
            c.sendall(line)
        except OSError:
            pass
