"""mistake: ports below 1024 are thought to need root and give an error."""
import socket


def is_port_open(port: int) -> int:
    if not 1024 <= port <= 65535:
        return -1
    try:
        with socket.socket() as s:
            s.connect(("127.0.0.1", port))
    except ConnectionRefusedError:
        return 0
    except OSError:
        return -1
    return 1
