"""Generators as light threads: each yields what it waits for, and a small scheduler over poll() resumes it."""

import collections
import select
import socket
import sys
import time


def echo(sock):
    try:
        while True:
            yield select.POLLIN, sock
            data = sock.recv(32768)
            if not data:
                return
            while data:
                yield select.POLLOUT, sock
                try:
                    data = data[sock.send(data):]
                except BlockingIOError:
                    pass
    except BlockingIOError:
        pass
    except OSError:
        return
    finally:
        sock.close()


def welcome(listener, scheduler):
    while True:
        yield select.POLLIN, listener
        try:
            sock, _ = listener.accept()
        except BlockingIOError:
            continue
        except OSError:
            yield "sleep", 0.1
            continue
        sock.setblocking(False)
        scheduler.start(echo(sock))


class Scheduler:
    def __init__(self):
        self.poller = select.poll()
        self.waiting = {}
        self.ready = collections.deque()
        self.asleep = []

    def start(self, task):
        self.ready.append(task)

    def run(self):
        while True:
            while self.ready:
                self.step(self.ready.popleft())
            timeout = None
            if self.asleep:
                timeout = max(0, min(when for when, _ in self.asleep) - time.monotonic()) * 1000 + 1
            for fd, _ in self.poller.poll(timeout):
                self.poller.unregister(fd)
                self.ready.append(self.waiting.pop(fd))
            now = time.monotonic()
            self.ready.extend(task for when, task in self.asleep if when <= now)
            self.asleep = [(when, task) for when, task in self.asleep if when > now]

    def step(self, task):
        try:
            what, on = next(task)
        except StopIteration:
            return
        if what == "sleep":
            self.asleep.append((time.monotonic() + on, task))
        else:
            self.poller.register(on, what)
            self.waiting[on.fileno()] = task


def main():
    args = sys.argv[1:]
    if len(args) != 1 or not args[0].isdigit() or int(args[0]) not in range(1, 1 << 16):
        sys.stderr.write(f"Usage: {sys.argv[0]} PORT\n")
        return 2
    listener = socket.socket()
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, True)
    listener.setblocking(False)
    try:
        listener.bind(("127.0.0.1", int(args[0])))
        listener.listen()
    except OSError as e:
        sys.stderr.write(f"{e}\n")
        return 1
    scheduler = Scheduler()
    scheduler.start(welcome(listener, scheduler))
    scheduler.run()


sys.exit(main())
