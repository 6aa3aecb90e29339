"""mistake: when send() took only a part, all of it is sent once more."""

import selectors
import socket
import sys
import time

loop = selectors.DefaultSelector()
waiting: dict[socket.socket, bytes] = {}


def leave(client):
    loop.unregister(client)
    waiting.pop(client)
    client.close()


def enter(listener):
    try:
        client, _ = listener.accept()
    except BlockingIOError:
        return
    except OSError:
        time.sleep(0.02)
        return
    client.setblocking(False)
    waiting[client] = b""
    loop.register(client, selectors.EVENT_READ, serve)


def serve(client):
    try:
        if not waiting[client]:
            waiting[client] = client.recv(65536)
            if not waiting[client]:
                return leave(client)
        sent = client.send(waiting[client])
    except BlockingIOError:
        sent = 0
    except OSError:
        return leave(client)
    if sent == len(waiting[client]):
        waiting[client] = b""
    loop.modify(client, selectors.EVENT_WRITE if waiting[client] else selectors.EVENT_READ, serve)


def main():
    if len(sys.argv) != 2 or not sys.argv[1].isascii() or not sys.argv[1].isdigit() or not 0 < int(sys.argv[1]) < 65536:
        print("usage: echo_server PORT", file=sys.stderr)
        sys.exit(2)
    try:
        listener = socket.create_server(("127.0.0.1", int(sys.argv[1])), backlog=128)
    except OSError as error:
        sys.exit(f"echo_server: {error}")
    listener.setblocking(False)
    loop.register(listener, selectors.EVENT_READ, enter)
    while True:
        for key, _ in loop.select():
            key.data(key.fileobj)


main()
