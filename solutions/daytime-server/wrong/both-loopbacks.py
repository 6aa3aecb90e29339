"""mistake: it listens on ::1 as well."""
import select
import socket
import sys
import time
if len(sys.argv) != 2 or not sys.argv[1].isdigit() or not 1 <= int(sys.argv[1]) <= 65535:
    print("usage: daytime_server PORT", file=sys.stderr)
    sys.exit(2)
listeners = []
try:
    for family, kind, proto, _, address in socket.getaddrinfo(None, int(sys.argv[1]), type=socket.SOCK_STREAM):
        listeners.append(socket.create_server(address[:2], family=family))
except OSError as e:
    sys.exit(str(e))
while True:
    for s in select.select(listeners, [], [])[0]:
        c, _ = s.accept()
        with c:
            try:
                c.sendall(time.ctime().encode() + b"\r\n")
            except OSError:
                pass
