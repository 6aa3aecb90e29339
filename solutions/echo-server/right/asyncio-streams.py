"""asyncio with streams: a coroutine for each client."""

import asyncio
import sys


async def echo(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    try:
        while data := await reader.read(65536):
            writer.write(data)
            await writer.drain()
    except ConnectionError:
        pass
    finally:
        writer.close()


async def serve(port: int) -> None:
    server = await asyncio.start_server(echo, "127.0.0.1", port)
    async with server:
        await server.serve_forever()


def port_from(arguments: list[str]) -> int | None:
    try:
        port = int(arguments[0]) if len(arguments) == 1 else 0
    except ValueError:
        return None
    return port if 1 <= port <= 65535 else None


if __name__ == "__main__":
    number = port_from(sys.argv[1:])
    if number is None:
        print("usage: echo_server.py PORT (1-65535)", file=sys.stderr)
        sys.exit(2)
    try:
        asyncio.run(serve(number))
    except OSError as error:
        sys.exit(f"echo_server: {error}")
