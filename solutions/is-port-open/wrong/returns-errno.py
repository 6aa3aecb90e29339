"""mistake: for an error the error number is returned and not -1."""
import errno
import socket


def is_port_open(port: int) -> int:
    if not 1 <= port <= 65535:
        return errno.EINVAL
    try:
        with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as s:
            s.connect(("127.0.0.1", port))
            return 1
    except ConnectionRefusedError:
        return 0
    except OSError as exc:
        return exc.errno
