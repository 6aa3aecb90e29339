"""mistake: whoever says nothing for ten seconds is hung up on."""
import socket
import sys
import threading
import time


def talk(client):
    client.settimeout(10)
    with client:
        try:
            while data := client.recv(65536):
                client.sendall(data)
        except OSError:
            pass


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
