# mistake: after a failure the lock stays locked
import socket
import threading

lock = threading.Lock()


def tcp_client_connect(port: int) -> socket.socket:
    if not 1 <= port <= 65535:
        raise ValueError(port)
    lock.acquire()
    s = socket.create_connection(("127.0.0.1", port))
    lock.release()
    return s
