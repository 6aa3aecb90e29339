"""127.1, the short way to write the address."""

import socket


def is_port_open(port):
    if port < 1 or port > 65535:
        return -1
    try:
        with socket.create_connection(("127.1", port)):
            return 1
    except ConnectionRefusedError:
        return 0
    except OSError:
        return -1
