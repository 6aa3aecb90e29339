"""mistake: a timeout is turned into another exception and let out."""
import socket


def is_port_open(port: int) -> int:
    if not 1 <= port <= 65535:
        return -1
    try:
        with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as s:
            s.settimeout(1.5)
            s.connect(("127.0.0.1", port))
            return 1
    except ConnectionRefusedError:
        return 0
    except TimeoutError as exc:
        raise RuntimeError("no answer") from exc
    except OSError:
        return -1
