"""A worker thread connects, the caller waits for it with join()."""
import queue
import socket
import threading


def _work(port, results):
    try:
        with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as sock:
            sock.settimeout(1.5)
            sock.connect(("127.0.0.1", port))
        results.put(1)
    except ConnectionRefusedError:
        results.put(0)
    except (OSError, OverflowError):
        results.put(-1)


def is_port_open(port: int) -> int:
    results = queue.SimpleQueue()
    worker = threading.Thread(target=_work, args=(port, results))
    try:
        worker.start()
    except RuntimeError:
        return -1
    worker.join()
    return results.get()
