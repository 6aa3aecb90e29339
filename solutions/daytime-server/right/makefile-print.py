"""The connection as a text file, with print() into it."""
import signal
import socket
import sys
import time


def fail(code, *words):
    print(*words, file=sys.stderr)
    sys.exit(code)


def server_socket(port):
    sock = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, True)
    sock.bind(("127.0.0.1", port))
    sock.listen(socket.SOMAXCONN)
    return sock


def tell(client):
    try:
        with client, client.makefile("w", encoding="ascii", newline="\r\n") as out:
            print(time.ctime(), file=out)
    except OSError as error:
        print("client:", error.strerror)


if len(sys.argv) != 2:
    fail(2, "Usage:", sys.argv[0], "PORT")
if not sys.argv[1].isdigit() or not (0 < int(sys.argv[1]) <= 0xFFFF):
    fail(2, "Usage:", sys.argv[0], "PORT;", sys.argv[1], "is no port")
signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
try:
    listening = server_socket(int(sys.argv[1]))
except OSError as error:
    fail(1, error)
while True:
    tell(listening.accept()[0])
