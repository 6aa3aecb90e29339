"""asyncio streams, without waiting for slow readers: what they do not take is kept, however much it is."""

import asyncio
import sys


async def echo(reader, writer):
    try:
        while not reader.at_eof():
            writer.write(await reader.read(100_000))
    except OSError:
        pass
    writer.close()


async def main(port):
    async with await asyncio.start_server(echo, host="127.0.0.1", port=port) as server:
        await server.serve_forever()


try:
    (argument,) = sys.argv[1:]
    port = int(argument)
    if not 1 <= port < 1 << 16:
        raise ValueError(argument)
except ValueError:
    print("usage: echo_server PORT", file=sys.stderr)
    sys.exit(2)
try:
    asyncio.run(main(port))
except OSError as error:
    sys.exit(str(error))
