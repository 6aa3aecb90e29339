"""mistake: lets each connection stand for a while before it is closed, so that what was written gets through."""

import asyncio
import sys
import time


class Daytime(asyncio.Protocol):
    def connection_made(self, transport):
        transport.write(time.ctime().encode() + b"\r\n")
        asyncio.get_running_loop().call_later(0.3, transport.close)


async def main(port):
    server = await asyncio.get_running_loop().create_server(Daytime, "127.0.0.1", port)
    await server.serve_forever()


if __name__ == "__main__":
    if len(sys.argv) != 2 or not sys.argv[1].isdecimal() or not 0 < int(sys.argv[1]) < 65536:
        sys.stderr.write("usage: daytime_server.py PORT\n")
        sys.exit(2)
    try:
        asyncio.run(main(int(sys.argv[1])))
    except OSError as error:
        sys.exit(f"daytime_server.py: {error}")
