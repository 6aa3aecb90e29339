"""mistake: the name localhost stands for ::1, too, and asyncio listens on all that a name stands for"""
import asyncio
import sys


def usage():
    print("usage: echo_server PORT", file=sys.stderr)
    sys.exit(2)


def the_port():
    if len(sys.argv) != 2 or not (sys.argv[1].isascii() and sys.argv[1].isdigit()):
        usage()
    number = int(sys.argv[1])
    if not 1 <= number <= 65535:
        usage()
    return number


def the_listener(port):
    try:
        return socket.create_server(("127.0.0.1", port), backlog=128)
    except OSError as error:
        sys.exit(f"cannot listen on {port}: {error}")


async def talk(reader, writer):
    try:
        while data := await reader.read(65536):
            writer.write(data)
            await writer.drain()
    except OSError:
        pass
    finally:
        writer.close()


async def main():
    port = the_port()
    try:
        server = await asyncio.start_server(talk, "localhost", port, backlog=128)
    except OSError as error:
        sys.exit(str(error))
    await server.serve_forever()


asyncio.run(main())
