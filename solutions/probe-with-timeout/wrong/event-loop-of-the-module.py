# mistake: one event loop is kept for all calls and all threads
import asyncio

loop = asyncio.new_event_loop()


async def ask(port: int) -> None:
    _, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.close()
    await writer.wait_closed()


def probe_port(port: int, timeout_ms: int) -> int:
    if not 1 <= port <= 65535:
        return -2
    if timeout_ms <= 0:
        return 1
    try:
        loop.run_until_complete(asyncio.wait_for(ask(port), timeout_ms / 1000))
    except ConnectionRefusedError:
        return -1
    except asyncio.TimeoutError:
        return 1
    except OSError:
        return -2
    return 0
