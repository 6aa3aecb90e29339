# mistake: on the way out after a refusal the lock stays locked
import socket
import threading

lock = threading.Lock()


def is_port_open(port: int) -> int:
    if not 0 < port < 65536:
        return -1
    lock.acquire()
    try:
        with socket.socket() as s:
            s.connect(("127.0.0.1", port))
    except ConnectionRefusedError:
        return 0
    except OSError:
        lock.release()
        return -1
    lock.release()
    return 1
