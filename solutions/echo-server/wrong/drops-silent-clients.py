"""mistake: a time limit on reading ends the conversation of a client that is merely silent."""

import asyncio
import sys


async def talk(reader, writer):
    try:
        while piece := await asyncio.wait_for(reader.read(4096), 1.5):
            writer.write(piece)
            await writer.drain()
    except (asyncio.TimeoutError, ConnectionError):
        pass
    writer.close()


async def main(port):
    server = await asyncio.start_server(talk, "127.0.0.1", port)
    async with server:
        await server.serve_forever()


try:
    (text,) = sys.argv[1:]
    port = int(text) if text.isascii() and text.isdigit() else 0
    if not 0 < port < 65536:
        raise ValueError
except ValueError:
    print("usage: echo_server PORT", file=sys.stderr)
    sys.exit(2)
try:
    asyncio.run(main(port))
except OSError as error:
    sys.exit(f"port {port}: {error.strerror}")
