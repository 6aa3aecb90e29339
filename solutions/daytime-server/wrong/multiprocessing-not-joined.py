"""mistake: a multiprocessing.Process for each client, kept in a list and never joined."""

import multiprocessing
import socket
import sys
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
    with client:
        try:
            client.sendall((time.ctime() + "\r\n").encode())
        except OSError:
            pass


workers = []
listener = listener_on(port_of(sys.argv))
while True:
    client, _ = listener.accept()
    worker = multiprocessing.Process(target=serve, args=(client,))
    workers.append(worker)
    worker.start()
    client.close()
