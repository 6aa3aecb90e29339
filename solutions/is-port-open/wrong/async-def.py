"""mistake: the function is a coroutine function, so a call gives a coroutine."""
import asyncio


async def is_port_open(port: int) -> int:
    if not 1 <= port <= 65535:
        return -1
    try:
        _, writer = await asyncio.open_connection("127.0.0.1", port)
    except ConnectionRefusedError:
        return 0
    except OSError:
        return -1
    writer.close()
    await writer.wait_closed()
    return 1
