# mistake: the threads find their client in a global variable, which the next accept() changes
import socket
import sys
import threading
import time


def serve():
    try:
        while data := client.recv(4096):
            client.sendall(data)
    except OSError:
        pass
    client.close()


if len(sys.argv) != 2 or not sys.argv[1].isdigit() or not 1 <= int(sys.argv[1]) <= 65535:
    print("usage: echo_server PORT", file=sys.stderr)
    sys.exit(2)
try:
    listener = socket.create_server(("127.0.0.1", int(sys.argv[1])), backlog=128)
except OSError as error:
    sys.exit(str(error))
while True:
    try:
        client, _ = listener.accept()
    except OSError:
        time.sleep(0.05)
        continue
    threading.Thread(target=serve, daemon=True).start()
