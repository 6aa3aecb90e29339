"""Written in an editor that ends its lines with CR LF."""
import socket


def is_port_open(port: int) -> int:
    """Look for a listener on 127.0.0.1:port.

    1 = open, 0 = closed, -1 = error
    """
    if port < 1 or \
       port > 65535:
        return -1

    try:
        s = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    except OSError:
        return -1

    try:
        s.connect(("127.0.0.1", port))
        result = 1
    except ConnectionRefusedError:
        result = 0
    except OSError:
        result = -1

    s.close()
    return result
