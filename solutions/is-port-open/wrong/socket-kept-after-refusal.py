"""mistake: the socket of a call that failed is kept for the next one."""

import socket

spare = None


def is_port_open(port):
    global spare
    if not 1 <= port <= 65535:
        return -1
    try:
        if spare is None:
            spare = socket.socket()
        spare.connect(("127.0.0.1", port))
    except ConnectionRefusedError:
        return 0
    except OSError:
        return -1
    spare.close()
    spare = None
    return 1
