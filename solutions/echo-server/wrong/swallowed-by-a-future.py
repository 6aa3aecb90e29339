"""mistake: the task fails at a misspelt name, and its Future keeps that to itself."""
import socket
import sys
import time
from concurrent.futures import ThreadPoolExecutor


def serve(client):
    with client:
        try:
            while True:
                data = client.recv(4096)
                if not data:
                    break
                client.send_all(data)
        except OSError:
            pass


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


def main():
    listener = listen_on(port_from(sys.argv))
    pool = ThreadPoolExecutor(max_workers=256)
    while True:
        try:
            client, address = listener.accept()
        except OSError:
            time.sleep(0.05)
            continue
        pool.submit(serve, client)


main()
