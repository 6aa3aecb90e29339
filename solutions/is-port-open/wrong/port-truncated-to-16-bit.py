"""mistake: only the low 16 bits of the port are used, so 65536 + n asks for port n."""
import errno
import socket


def is_port_open(port: int) -> int:
    try:
        with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as s:
            code = s.connect_ex(("127.0.0.1", port % 65536))
    except OSError:
        return -1
    if code == 0:
        return 1
    return 0 if code == errno.ECONNREFUSED else -1
