"""mistake: after a refusal detach() is taken for a way to close the socket."""
import socket


def is_port_open(port: int) -> int:
    if not 1 <= port <= 65535:
        return -1
    s = None
    try:
        s = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
        s.connect(("127.0.0.1", port))
        s.close()
        return 1
    except ConnectionRefusedError:
        s.detach()
        return 0
    except OSError:
        if s is not None:
            s.close()
        return -1
