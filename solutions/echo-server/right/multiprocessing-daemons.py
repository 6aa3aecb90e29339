"""multiprocessing: a daemonic process for each client."""

import multiprocessing
import os
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


def has_room(listener):
    """Whether a connection and both pipes of start() fit in; start() would leave the first one open if the second did not."""
    taken = []
    try:
        for _ in range(5):
            taken.append(os.dup(listener.fileno()))
    except OSError:
        return False
    finally:
        for number in taken:
            os.close(number)
    return True


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
        while not has_room(listener):
            time.sleep(0.05)
        conn, _ = listener.accept()
        context.Process(target=run, args=(conn, listener), daemon=True).start()
        conn.close()


if __name__ == "__main__":
    sys.exit(main())
