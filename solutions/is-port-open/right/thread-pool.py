"""A thread pool that is shut down."""

import concurrent.futures
import socket


def _ask(port):
    with socket.socket() as s:
        s.connect(("127.0.0.1", port))


def is_port_open(port: int) -> int:
    if port < 1 or port > 65535:
        return -1
    with concurrent.futures.ThreadPoolExecutor(max_workers=4) as pool:
        future = pool.submit(_ask, port)
        error = future.exception(timeout=30)
    if error is None:
        return 1
    if isinstance(error, ConnectionRefusedError):
        return 0
    if isinstance(error, OSError):
        return -1
    raise error
