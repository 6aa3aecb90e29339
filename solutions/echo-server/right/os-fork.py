"""fork() for each client, as a C programmer would write it in Python."""

import os
import signal
import socket
import sys
import time


def serve(sock):
    while True:
        data = sock.recv(8192)
        if not data:
            return
        view = memoryview(data)
        while view:
            view = view[sock.send(view):]


def terminate(signum, frame):
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    os.killpg(0, signal.SIGTERM)
    os._exit(0)


def main():
    try:
        port = int(sys.argv[1])
        assert len(sys.argv) == 2 and 1 <= port <= 65535
    except (IndexError, ValueError, AssertionError):
        os.write(2, b"usage: echo_server PORT\n")
        os._exit(2)

    if os.getpgrp() != os.getpid():
        os.setpgid(0, 0)
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # no zombies
    signal.signal(signal.SIGTERM, terminate)
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind(("127.0.0.1", port))
        listener.listen(50)
    except OSError as e:
        os.write(2, f"echo_server: port {port}: {e.strerror}\n".encode())
        os._exit(1)

    while True:
        try:
            conn, peer = listener.accept()
        except OSError:
            time.sleep(0.02)
            continue
        if os.fork() == 0:
            signal.signal(signal.SIGTERM, signal.SIG_DFL)
            listener.close()
            try:
                serve(conn)
            except OSError:
                pass
            finally:
                os._exit(0)
        conn.close()


main()
