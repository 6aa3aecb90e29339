"""epoll and bare descriptors: os.read() and os.write(), no objects for clients, two dictionaries."""

import errno
import os
import select
import signal
import socket
import sys

CHUNK = 4096
owed = {}
ended = set()


def drop(epoll, fd):
    epoll.unregister(fd)
    os.close(fd)
    del owed[fd]
    ended.discard(fd)


def serve(epoll, fd):
    try:
        if fd not in ended and len(owed[fd]) < 16 * CHUNK:
            data = os.read(fd, CHUNK)
            owed[fd] += data
            if not data:
                ended.add(fd)
    except BlockingIOError:
        pass
    if owed[fd]:
        try:
            owed[fd] = owed[fd][os.write(fd, owed[fd]):]
        except BlockingIOError:
            pass
    if fd in ended and not owed[fd]:
        drop(epoll, fd)
        return
    wanted = select.EPOLLOUT if owed[fd] else 0
    if fd not in ended and len(owed[fd]) < 16 * CHUNK:
        wanted |= select.EPOLLIN
    epoll.modify(fd, wanted)


def main(port):
    door = socket.socket()
    door.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    door.bind(("127.0.0.1", port))
    door.listen(1000)
    door.setblocking(False)
    epoll = select.epoll()
    epoll.register(door, select.EPOLLIN)
    closed = False
    while True:
        for fd, event in epoll.poll():
            if fd == door.fileno():
                try:
                    client, _ = door.accept()
                except OSError as e:
                    if e.errno in (errno.EMFILE, errno.ENFILE):  # wait until one comes free
                        epoll.unregister(door)
                        closed = True
                    continue
                client.setblocking(False)
                number = client.detach()
                owed[number] = b""
                epoll.register(number, select.EPOLLIN)
                continue
            try:
                serve(epoll, fd)
            except OSError:
                drop(epoll, fd)
            if closed and fd not in owed:
                epoll.register(door, select.EPOLLIN)
                closed = False


if __name__ == "__main__":
    signal.signal(signal.SIGTERM, lambda *_: os._exit(0))
    if len(sys.argv) == 2 and sys.argv[1].isdigit() and 0 < int(sys.argv[1]) < 65536:
        try:
            main(int(sys.argv[1]))
        except OSError as e:
            print("echo_server:", e, file=sys.stderr)
            sys.exit(1)
    else:
        print("usage: echo_server PORT", file=sys.stderr)
        sys.exit(2)
