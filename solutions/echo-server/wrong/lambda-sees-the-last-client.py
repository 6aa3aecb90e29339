# mistake: each callback is a lambda that looks client up when it runs: by then it is whoever came last
import selectors
import socket
import sys


def serve(client):
    try:
        data = client.recv(4096)
        if data:
            client.sendall(data)
            return
    except OSError:
        pass
    selector.unregister(client)
    client.close()


def port_from(arguments):
    try:
        port = int(arguments[1])
    except (IndexError, ValueError):
        port = 0
    if len(arguments) != 2 or not 1 <= port <= 65535:
        print("usage: echo_server.py PORT", file=sys.stderr)
        sys.exit(2)
    return port


def listen_on(port):
    listener = socket.socket()
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind(("127.0.0.1", port))
        listener.listen(128)
    except OSError as error:
        print(f"echo_server: {error}", file=sys.stderr)
        sys.exit(1)
    return listener


selector = selectors.DefaultSelector()


def main():
    listener = listen_on(port_from(sys.argv))
    selector.register(listener, selectors.EVENT_READ, None)
    while True:
        for key, events in selector.select(0.5):
            if key.data:
                key.data()
                continue
            try:
                client, address = listener.accept()
            except OSError:
                continue
            selector.register(client, selectors.EVENT_READ, lambda: serve(client))


main()
