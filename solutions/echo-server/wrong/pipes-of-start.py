"""start() leaves one of its pipes open when there is no room for the other, and nobody looks whether there is."""

import multiprocessing
import signal
import socket
import sys
import time


def serve(conn):
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    with conn:
        while chunk := conn.recv(1 << 15):
            conn.sendall(chunk)


def run(conn, listener):
    listener.close()
    try:
        serve(conn)
    except OSError:
        pass


def main():
    try:
        [text] = sys.argv[1:]
        port = int(text)
        listener = socket.socket()
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        if not 0 < port <= 65535:
            raise ValueError
    except ValueError:
        print("usage: echo_server PORT", file=sys.stderr)
        return 2
    try:
        listener.bind(("127.0.0.1", port))
        listener.listen(100)
    except OSError as error:
        print(f"port {port}: {error.strerror}", file=sys.stderr)
        return 1

    signal.signal(signal.SIGTERM, lambda number, frame: sys.exit(0))  # atexit ends the daemons
    signal.signal(signal.SIGCHLD, lambda number, frame: multiprocessing.active_children())  # which joins those that have ended
    context = multiprocessing.get_context("fork")
    while True:
        try:
            conn, _ = listener.accept()
        except OSError:
            time.sleep(0.05)
            continue
        try:
            context.Process(target=run, args=(conn, listener), daemon=True).start()
        except OSError:
            pass  # a process needs descriptors of its own: this client must come again
        conn.close()


if __name__ == "__main__":
    sys.exit(main())
