"""mistake: it reads at least two bytes."""
import asyncio
import sys
async def talk(reader, writer):
    try:
        while True:
            data = await reader.readexactly(2)     # at least a word
            data += await reader.read(65536) if reader._buffer else b""
            writer.write(data)
            await writer.drain()
    except (asyncio.IncompleteReadError, OSError):
        pass
    writer.close()
async def main(port):
    async with await asyncio.start_server(talk, "127.0.0.1", port) as server:
        await server.serve_forever()
if len(sys.argv) != 2 or not sys.argv[1].isdigit() or not 1 <= int(sys.argv[1]) <= 65535:
    print("usage: echo_server PORT", file=sys.stderr)
    sys.exit(2)
try:
    asyncio.run(main(int(sys.argv[1])))
except OSError as e:
    sys.exit(str(e))
