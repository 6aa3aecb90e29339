"""asyncio with a protocol: reading stops while too much waits to be written; SIGTERM ends it in good order."""

import asyncio
import signal
import sys


class EchoProtocol(asyncio.Protocol):
    transport: asyncio.Transport

    def connection_made(self, transport):
        self.transport = transport

    def data_received(self, data):
        self.transport.write(data)

    def eof_received(self):
        return False  # the transport closes itself when all is written

    def pause_writing(self):
        self.transport.pause_reading()

    def resume_writing(self):
        self.transport.resume_reading()


async def main(port):
    loop = asyncio.get_running_loop()
    stop = asyncio.Event()
    loop.add_signal_handler(signal.SIGTERM, stop.set)
    server = await loop.create_server(EchoProtocol, "127.0.0.1", port, reuse_address=True)
    await stop.wait()
    server.close()


def usage():
    print("usage: echo_server PORT", file=sys.stderr)
    return 2


def run():
    match sys.argv[1:]:
        case [text] if text.isascii() and text.isdigit() and 0 < int(text) < 2**16:
            port = int(text)
        case _:
            return usage()
    try:
        asyncio.run(main(port))
    except OSError as error:
        print(error, file=sys.stderr)
        return 1
    return 0


sys.exit(run())
