"""Non-blocking connect, select() for writing, then SO_ERROR."""
import errno
import select
import socket


def is_port_open(port: int) -> int:
    if port <= 0 or port >= 65536:
        return -1
    sock = None
    try:
        sock = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
        sock.setblocking(False)
        err = sock.connect_ex(("127.0.0.1", port))
        if err == errno.EINPROGRESS:
            _, writable, broken = select.select([], [sock], [sock], 1.5)
            if not writable and not broken:
                return -1
            err = sock.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR)
    except (OSError, ValueError):
        return -1
    finally:
        if sock is not None:
            sock.close()
    return {0: 1, errno.ECONNREFUSED: 0}.get(err, -1)
