"""Says goodbye with shutdown() before close(), whatever the peer thinks of it."""
import socket


def is_port_open(port: int) -> int:
    if port < 1: return -1
    if port > 65535: return -1
    try: s = socket.socket()
    except OSError: return -1
    try:
        try: s.connect(("127.0.0.1", port))
        except ConnectionRefusedError: return 0
        except OSError: return -1
        try: s.shutdown(socket.SHUT_RDWR)
        except OSError: pass
        return 1
    finally: s.close()
