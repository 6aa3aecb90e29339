"""mistake: the port before is asked."""
import socket


def is_port_open(port):
    if not 1 <= port <= 65535:
        return -1
    try:
        with socket.create_connection(("127.0.0.1", port - 1)):
            return 1
    except ConnectionRefusedError:
        return 0
    except OSError:
        return -1
