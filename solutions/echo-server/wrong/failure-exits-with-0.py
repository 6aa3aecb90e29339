# mistake: says that the port is taken, and ends with 0, which means success
import asyncio
import sys


async def echo(reader, writer):
    try:
        while True:
            data = await reader.read(4096)
            if not data:
                break
            writer.write(data)
            await writer.drain()
    except ConnectionError:
        pass
    finally:
        writer.close()


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
    server = await asyncio.start_server(echo, "127.0.0.1", port)
    await server.serve_forever()


port = port_from(sys.argv)
try:
    asyncio.run(main())
except OSError as error:
    print(error, file=sys.stderr)
