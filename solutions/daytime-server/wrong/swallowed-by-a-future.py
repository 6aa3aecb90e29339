"""mistake: a misspelt name in a task of an executor, whose Future keeps the exception."""

import concurrent.futures
import datetime
import os
import signal
import socket
import sys


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
        line = datetime.now().astimezone().ctime() + "\r\n"
        client.sendall(line.encode())


signal.signal(signal.SIGTERM, lambda *_: os._exit(0))
listener = listener_on(port_of(sys.argv))
with concurrent.futures.ThreadPoolExecutor(32) as pool:
    while True:
        pool.submit(serve, listener.accept()[0])
