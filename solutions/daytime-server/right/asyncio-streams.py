"""asyncio.start_server() with a coroutine for each client."""
import asyncio
import signal
import sys
import time


async def daytime(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    try:
        writer.write(time.ctime().encode() + b"\r\n")
        await writer.drain()
    except ConnectionError:
        pass
    finally:
        writer.close()
        try:
            await writer.wait_closed()
        except ConnectionError:
            pass


async def main(port: int) -> None:
    server = await asyncio.start_server(daytime, "127.0.0.1", port)
    stop = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, stop.set)
    async with server:
        await stop.wait()


def port_of(arguments: list[str]) -> int:
    if len(arguments) != 1:
        raise ValueError("one argument is needed")
    port = int(arguments[0])
    if not 0 < port < 2**16:
        raise ValueError(f"{port} is no port")
    return port


if __name__ == "__main__":
    try:
        number = port_of(sys.argv[1:])
    except ValueError as error:
        print(f"{error}\nusage: daytime_server PORT", file=sys.stderr)
        sys.exit(2)
    asyncio.run(main(number))
