"""mistake: what cannot be sent within a tenth of a second is dropped."""
import socket
import sys
import threading
import time
def talk(client):
    with client:
        while True:
            client.settimeout(None)
            try:
                data = client.recv(1 << 16)
            except OSError:
                return
            if not data:
                return
            client.settimeout(0.1)
            try:
                client.send(data)
            except TimeoutError:
                pass
            except OSError:
                return
if len(sys.argv) != 2 or not sys.argv[1].isdigit() or not 1 <= int(sys.argv[1]) <= 65535:
    print("usage: echo_server PORT", file=sys.stderr)
    sys.exit(2)
try:
    s = socket.create_server(("127.0.0.1", int(sys.argv[1])), backlog=100)
except OSError as e:
    sys.exit(str(e))
while True:
    try:
        c, a = s.accept()
    except OSError:
        time.sleep(0.1)
        continue
    threading.Thread(target=talk, args=(c,), daemon=True).start()
