"""mistake: a thread does the blocking connect(), and nobody waits for its end."""
import errno
import socket
import threading


def attempt(port, result):
    try:
        with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as s:
            result.append(s.connect_ex(("127.0.0.1", port)))
    except OSError as e:
        result.append(e.errno)


def probe_port(port: int, timeout_ms: int) -> int:
    if not 1 <= port <= 65535:
        return -2
    result = []
    worker = threading.Thread(target=attempt, args=(port, result), daemon=True)
    worker.start()
    worker.join(max(timeout_ms, 0) / 1000)
    if not result:
        return 1
    return {0: 0, errno.ECONNREFUSED: -1}.get(result[0], -2)
