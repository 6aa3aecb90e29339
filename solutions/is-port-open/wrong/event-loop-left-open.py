"""mistake: a new event loop is made for each call and never closed."""
import asyncio


async def probe(port):
    try:
        _, writer = await asyncio.open_connection("127.0.0.1", port)
    except ConnectionRefusedError:
        return 0
    writer.close()
    await writer.wait_closed()
    return 1


def is_port_open(port: int) -> int:
    if not 1 <= port <= 65535:
        return -1
    try:
        loop = asyncio.new_event_loop()
        asyncio.set_event_loop(loop)
        return loop.run_until_complete(probe(port))
    except Exception:
        return -1
