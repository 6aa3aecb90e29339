"""mistake: a watchdog thread runs on for as long as the program does."""
import socket
import threading
import time


def _watch(name):
    while True:
        time.sleep(30)


def tcp_client_connect(port: int) -> socket.socket:
    if not 1 <= port <= 65535:
        raise ValueError("port out of range")
    sock = socket.create_connection(("127.0.0.1", port))
    threading.Thread(target=_watch, args=(sock.getsockname(),), daemon=True).start()
    return sock
