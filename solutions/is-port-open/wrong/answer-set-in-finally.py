"""mistake: the answer for an open port is set in finally, where else is meant."""

import socket


def is_port_open(port: int) -> int:
    if port < 1 or port > 65535:
        return -1
    result = -1
    try:
        with socket.socket() as s:
            s.connect(("127.0.0.1", port))
    except ConnectionRefusedError:
        result = 0
    except OSError:
        result = -1
    finally:
        result = 1
    return result
