"""asyncio streams, a runner for every call, the writer closed and awaited."""
import asyncio
import selectors


async def _probe(port):
    try:
        _, writer = await asyncio.wait_for(
            asyncio.open_connection("127.0.0.1", port), timeout=1.5
        )
    except ConnectionRefusedError:
        return 0
    writer.close()
    try:
        await writer.wait_closed()
    except OSError:
        pass
    return 1


def _new_loop():
    return asyncio.SelectorEventLoop(selectors.SelectSelector())


def is_port_open(port: int) -> int:
    if not 1 <= port <= 65535:
        return -1
    try:
        with asyncio.Runner(loop_factory=_new_loop) as runner:
            return runner.run(_probe(port))
    except Exception:
        return -1
