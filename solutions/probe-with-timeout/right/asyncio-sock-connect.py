"""asyncio.timeout() around the loop's own sock_connect()."""
import asyncio
import socket


async def ask(port: int, seconds: float) -> int:
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as sock:
        sock.setblocking(False)
        async with asyncio.timeout(seconds):
            await asyncio.get_running_loop().sock_connect(sock, ("127.0.0.1", port))
    return 0


def probe_port(port: int, timeout_ms: int) -> int:
    if port < 1 or port > 65535:
        return -2
    try:
        return asyncio.run(ask(port, max(timeout_ms, 0) / 1000))
    except ConnectionRefusedError:
        return -1
    except TimeoutError:
        return 1
    except Exception:
        return -2
