"""A pool of four threads, each of which is made when it is first needed."""
import socket
import sys
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime


def answer(client):
    with client:
        try:
            now = datetime.now()
            client.send(f"{now:%a %b} {now.day:2d} {now:%H:%M:%S %Y}\r\n".encode())
            client.shutdown(socket.SHUT_RDWR)
        except OSError:
            pass


def usage():
    sys.stderr.write("usage: daytime_server PORT\n")
    raise SystemExit(2)


try:
    (text,) = sys.argv[1:]
    port = int(text)
except ValueError:
    usage()
if port not in range(1, 65536):
    usage()
try:
    server = socket.create_server(("127.0.0.1", port), backlog=100)
except OSError as error:
    sys.exit(f"cannot listen on {port}: {error.strerror}")
with server, ThreadPoolExecutor(4) as pool:
    while True:
        try:
            client, _ = server.accept()
        except OSError:
            continue
        pool.submit(answer, client)
