# mistake: reads with a blocking call inside a coroutine: the event loop stands still
import asyncio
import socket
import sys


async def echo(client):
    with client:
        try:
            while data := client.recv(4096):
                client.sendall(data)
        except OSError:
            pass


def port_from(arguments):
    try:
        port = int(arguments[1])
    except (IndexError, ValueError):
        port = 0
    if len(arguments) != 2 or not 1 <= port <= 65535:
        print("usage: echo_server.py PORT", file=sys.stderr)
        sys.exit(2)
    return port


async def main():
    loop = asyncio.get_running_loop()
    listener = socket.create_server(("127.0.0.1", port))
    listener.setblocking(False)
    while True:
        try:
            client, address = await loop.sock_accept(listener)
        except OSError:
            await asyncio.sleep(0.1)
            continue
        client.setblocking(True)
        asyncio.create_task(echo(client))


port = port_from(sys.argv)
try:
    asyncio.run(main())
except OSError as error:
    print(error, file=sys.stderr)
    sys.exit(1)
