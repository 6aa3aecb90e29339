"""poll() with a time limit, getaddrinfo() with numbers only, an exception of its own to end."""
import contextlib
import errno
import select
import signal
import socket
import sys
import time


class Terminated(BaseException):
    pass


def terminate(*_):
    raise Terminated


def listener_for(text):
    found = socket.getaddrinfo(
        "127.0.0.1", text, socket.AF_INET, socket.SOCK_STREAM, 0, socket.AI_NUMERICHOST | socket.AI_NUMERICSERV
    )
    family, kind, protocol, _, address = found[0]
    listener = socket.socket(family, kind | socket.SOCK_NONBLOCK, protocol)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    listener.bind(address)
    listener.listen(12)
    return listener


def is_port(text):
    return text.strip("0123456789") == "" and text != "" and 1 <= int(text) <= 65535


def tell(client):
    wanted = memoryview(f"{time.ctime(None)}\r\n".encode("us-ascii"))
    while wanted:
        sent = client.send(wanted)
        wanted = wanted[sent:]


if len(sys.argv) != 2 or not is_port(sys.argv[1]):
    print("usage: %s PORT" % sys.argv[0], file=sys.stderr)
    sys.exit(2)

signal.signal(signal.SIGTERM, terminate)
with contextlib.ExitStack() as cleanup:
    try:
        listener = cleanup.enter_context(listener_for(sys.argv[1]))
    except OSError as error:
        sys.exit("the port is taken" if error.errno == errno.EADDRINUSE else str(error))
    poll = select.poll()
    poll.register(listener, select.POLLIN)
    with contextlib.suppress(Terminated):
        while True:
            if not poll.poll(500):
                continue
            with contextlib.suppress(BlockingIOError, ConnectionError):
                with listener.accept()[0] as client:
                    tell(client)
