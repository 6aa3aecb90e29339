"""asyncio without streams: tasks over plain sockets."""

import asyncio
import socket
import sys

tasks = set()


async def echo(loop, sock):
    with sock:
        try:
            while data := await loop.sock_recv(sock, 65536):
                await loop.sock_sendall(sock, data)
        except OSError:
            pass


async def main(listener):
    loop = asyncio.get_running_loop()
    listener.setblocking(False)
    while True:
        try:
            sock, _ = await loop.sock_accept(listener)
        except OSError:
            await asyncio.sleep(0.1)
            continue
        sock.setblocking(False)
        task = loop.create_task(echo(loop, sock))
        tasks.add(task)  # the loop itself keeps only weak references
        task.add_done_callback(tasks.discard)


def usage():
    sys.stderr.write("Usage: echo_server.py PORT\n")
    sys.exit(2)


if len(sys.argv) != 2:
    usage()
try:
    port = int(sys.argv[1])
except ValueError:
    usage()
if port < 1 or port > 65535:
    usage()
try:
    door = socket.create_server(("127.0.0.1", port))
except OSError as error:
    sys.exit(f"echo_server: {error}")
asyncio.run(main(door))
