"""mistake: the byte 4 is taken for the end of file, since Ctrl-D is typed for it"""

import socket
import sys
import threading
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


def serve(client):
    while (data := client.recv(4096)) and data != b"\x04":
        client.sendall(data)


def talk(client):
    with client:
        try:
            serve(client)
        except OSError:
            pass


listener = listener_on(port_of(sys.argv))
while True:
    try:
        client, _ = listener.accept()
    except OSError:
        time.sleep(0.05)
        continue
    threading.Thread(target=talk, args=(client,), daemon=True).start()
    del client
