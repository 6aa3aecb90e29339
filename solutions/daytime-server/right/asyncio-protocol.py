"""An asyncio Protocol that writes as soon as the connection is made."""
import asyncio
import datetime
import sys


class Daytime(asyncio.Protocol):
    def connection_made(self, transport):
        transport.write(f"{datetime.datetime.now():%a %b %e %H:%M:%S %Y}\r\n".encode())
        transport.close()


async def serve(port):
    loop = asyncio.get_running_loop()
    server = await loop.create_server(Daytime, host="127.0.0.1", port=port, backlog=64)
    await server.serve_forever()


def main():
    arguments = sys.argv[1:]
    valid = len(arguments) == 1 and arguments[0].isdecimal() and 0 < int(arguments[0]) < 1 << 16
    if not valid:
        sys.stderr.write("usage: daytime_server.py PORT\n")
        return 2
    try:
        asyncio.run(serve(int(arguments[0])))
    except OSError as error:
        sys.stderr.write(f"{error}\n")
        return 1
    except KeyboardInterrupt:
        return 0


raise SystemExit(main())
