"""asyncio: open_connection() inside wait_for()."""
import asyncio


async def _open_and_close(port: int) -> None:
    _, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.close()
    try:
        await writer.wait_closed()
    except OSError:
        pass  # it was open, however it ended


async def _probe(port: int, seconds: float) -> int:
    try:
        await asyncio.wait_for(_open_and_close(port), seconds)
    except asyncio.TimeoutError:
        return 1
    except ConnectionRefusedError:
        return -1
    return 0


def probe_port(port: int, timeout_ms: int) -> int:
    if not 1 <= port <= 65535:
        return -2
    try:
        return asyncio.run(_probe(port, timeout_ms / 1000))
    except OSError:
        return -2
