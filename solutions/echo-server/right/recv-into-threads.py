"""style: threads with recv_into() and a memoryview, a pool that grows, a limit of descriptors that is raised"""

import resource
import socket
import sys
import threading
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


soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
idle = threading.Semaphore(0)
work = []
lock = threading.Lock()
ready = threading.Condition(lock)
waiting = 0


def worker():
    global waiting
    view = memoryview(bytearray(1 << 16))
    while True:
        with ready:
            waiting += 1
            while not work:
                ready.wait()
            client = work.pop()
            waiting -= 1
        with client:
            try:
                while n := client.recv_into(view):
                    client.sendall(view[:n])
            except OSError:
                pass
        del client


listener = listener_on(port_of(sys.argv))
while True:
    try:
        client, _ = listener.accept()
    except OSError:
        time.sleep(0.02)
        continue
    with ready:
        work.append(client)
        del client
        if waiting < len(work):
            threading.Thread(target=worker, daemon=True).start()
        ready.notify()
