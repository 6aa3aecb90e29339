"""A worker thread asks, with a timeout on its own socket; leaving the pool waits for it."""
import socket
from concurrent.futures import ThreadPoolExecutor


def ask(port, seconds):
    with socket.socket() as s:
        s.settimeout(seconds)
        s.connect(("127.0.0.1", port))


def probe_port(port: int, timeout_ms: int) -> int:
    if not 0 < port <= 0xFFFF:
        return -2
    with ThreadPoolExecutor(max_workers=1) as pool:
        error = pool.submit(ask, port, max(timeout_ms, 1) * 1e-3).exception()
    if error is None:
        return 0
    if isinstance(error, ConnectionRefusedError):
        return -1
    return 1 if isinstance(error, TimeoutError) else -2
