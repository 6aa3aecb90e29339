"""mistake: a connection on which send() has failed is not closed."""
import os, signal, socket, sys, time


def listener():
    if len(sys.argv) != 2 or not (sys.argv[1].isascii() and sys.argv[1].isdigit()) or not 1 <= int(sys.argv[1]) <= 65535:
        print("usage: echo_server PORT", file=sys.stderr)
        sys.exit(2)
    try:
        return socket.create_server(("127.0.0.1", int(sys.argv[1])), backlog=128)
    except OSError as e:
        print(e, file=sys.stderr)
        sys.exit(1)


import selectors

sel = selectors.DefaultSelector()
s = listener()
s.setblocking(False)
sel.register(s, selectors.EVENT_READ)
due, ended, lost = {}, set(), []


def close(c):
    sel.unregister(c)
    c.close()
    del due[c]
    ended.discard(c)
    if s not in sel.get_map():
        sel.register(s, selectors.EVENT_READ)


while True:
    for key, ev in sel.select():
        c = key.fileobj
        if c is s:
            try:
                c, _ = s.accept()
            except BlockingIOError:
                continue
            except OSError:
                sel.unregister(s)
                continue
            c.setblocking(False)
            due[c] = bytearray()
            sel.register(c, selectors.EVENT_READ)
            continue
        if ev & selectors.EVENT_READ:
            try:
                data = c.recv(65536)
            except BlockingIOError:
                continue
            except OSError:
                close(c)
                continue
            due[c] += data
            if not data:
                ended.add(c)
        if due[c]:
            try:
                del due[c][:c.send(due[c])]
            except BlockingIOError:
                pass
            except OSError:
                sel.unregister(c)           # no more of this one; due[c] still holds it
                continue
        if c in ended and not due[c]:
            close(c)
        else:
            sel.modify(c, (selectors.EVENT_READ if c not in ended and len(due[c]) < 1 << 20 else 0) | (selectors.EVENT_WRITE if due[c] else 0))
