"""style: what waits for a client is kept by its descriptor's number, until the client is gone"""

import selectors
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


selector = selectors.DefaultSelector()
owed = {}
ended = set()


def watch(client):
    fd = client.fileno()
    wanted = selectors.EVENT_WRITE if owed[fd] else 0
    if fd not in ended and len(owed[fd]) < 65536:
        wanted |= selectors.EVENT_READ
    selector.modify(client, wanted)


def drop(client):
    selector.unregister(client)
    fd = client.fileno()
    ended.discard(fd)
    del owed[fd]
    client.close()
    if listener not in selector.get_map():
        selector.register(listener, selectors.EVENT_READ)


listener = listener_on(port_of(sys.argv))
listener.setblocking(False)
selector.register(listener, selectors.EVENT_READ)
while True:
    for key, mask in selector.select():
        client = key.fileobj
        if client is listener:
            try:
                client, _ = listener.accept()
            except BlockingIOError:
                continue
            except OSError:
                selector.unregister(listener)
                continue
            client.setblocking(False)
            owed.setdefault(client.fileno(), bytearray())
            selector.register(client, selectors.EVENT_READ)
            watch(client)
            continue
        fd = client.fileno()
        try:
            if mask & selectors.EVENT_READ:
                data = client.recv(65536)
                owed[fd] += data
                if not data:
                    ended.add(fd)
            if owed[fd]:
                del owed[fd][: client.send(owed[fd])]
        except BlockingIOError:
            pass
        except OSError:
            drop(client)
            continue
        if fd in ended and not owed[fd]:
            drop(client)
        else:
            watch(client)
