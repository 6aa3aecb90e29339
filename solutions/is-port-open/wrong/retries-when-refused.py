"""mistake: a refusal is believed only after five attempts a second apart."""
import errno
import socket
import time


def is_port_open(port: int) -> int:
    if not 1 <= port <= 65535:
        return -1
    for attempt in range(5):
        if attempt:
            time.sleep(1)
        try:
            with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as s:
                code = s.connect_ex(("127.0.0.1", port))
        except OSError:
            return -1
        if code == 0:
            return 1
        if code != errno.ECONNREFUSED:
            return -1
    return 0
