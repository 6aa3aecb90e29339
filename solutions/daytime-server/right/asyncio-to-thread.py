"""asyncio accepts; each answer is written by a thread of the default executor."""
import asyncio
import socket
import sys
import time


def answer(client):
    with client:
        client.setblocking(True)
        try:
            client.sendall(time.ctime().encode() + b"\r\n")
        except OSError:
            pass


async def serve(listener):
    loop, tasks = asyncio.get_running_loop(), set()
    while True:
        client, _ = await loop.sock_accept(listener)
        task = asyncio.create_task(asyncio.to_thread(answer, client))
        tasks.add(task)
        task.add_done_callback(tasks.discard)


if len(sys.argv) != 2 or not sys.argv[1].isdigit() or not 1 <= int(sys.argv[1]) <= 65535:
    print("usage: daytime_server PORT", file=sys.stderr)
    sys.exit(2)
try:
    listener = socket.create_server(("127.0.0.1", int(sys.argv[1])))
except OSError as error:
    sys.exit(str(error))
listener.setblocking(False)
asyncio.run(serve(listener))
