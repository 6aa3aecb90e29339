"""asyncio's sock_connect() on a loop of its own; blocking again at the end."""
import asyncio
import socket


async def _connect(sock: socket.socket, port: int) -> None:
    loop = asyncio.get_running_loop()
    await asyncio.wait_for(loop.sock_connect(sock, ("127.0.0.1", port)), 1.5)


def tcp_client_connect(port: int) -> socket.socket:
    if not 1 <= port <= 65535:
        raise ValueError(port)
    sock = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    try:
        sock.setblocking(False)
        with asyncio.Runner() as runner:
            runner.run(_connect(sock, port))
        sock.setblocking(True)
    except BaseException:
        sock.close()
        raise
    return sock
