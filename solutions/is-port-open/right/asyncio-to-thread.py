"""Asyncio with the call in a thread."""

import asyncio
import socket


async def _main(port):
    loop = asyncio.get_running_loop()
    s = socket.socket()
    s.setblocking(False)
    try:
        await asyncio.wait_for(loop.sock_connect(s, ("127.0.0.1", port)), 10)
        await asyncio.to_thread(lambda: None)
        return 1
    except ConnectionRefusedError:
        return 0
    except (OSError, asyncio.TimeoutError):
        return -1
    finally:
        s.close()


def is_port_open(port):
    if not 1 <= port <= 65535:
        return -1
    try:
        return asyncio.run(_main(port), debug=True)
    except OSError:
        return -1
