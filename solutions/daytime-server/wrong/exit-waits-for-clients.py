"""mistake: the interpreter waits for threads that wait for their clients before it ends."""
import signal
import socket
import sys
import threading
import time


def tell(client):
    with client:
        try:
            client.sendall(time.ctime().encode() + b"\r\n")
            client.shutdown(socket.SHUT_WR)
            while client.recv(4096):
                pass
        except OSError:
            pass


def main(arguments):
    try:
        (text,) = arguments
        port = int(text)
        if not 1 <= port <= 65535:
            raise ValueError(text)
    except ValueError:
        print("usage: daytime_server PORT", file=sys.stderr)
        return 2
    signal.signal(signal.SIGTERM, lambda number, frame: sys.exit(0))
    with socket.create_server(("127.0.0.1", port), backlog=50) as server:
        while True:
            threading.Thread(target=tell, args=server.accept()[:1]).start()


sys.exit(main(sys.argv[1:]))
