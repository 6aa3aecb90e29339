# mistake: EADDRINUSE is taken for a sign that somebody listens, as with bind()
import errno
import socket


def is_port_open(port):
    if not 1 <= port <= 65535:
        return -1
    try:
        with socket.socket() as s:
            s.connect(("127.0.0.1", port))
    except ConnectionRefusedError:
        return 0
    except OSError as e:
        if e.errno == errno.EADDRINUSE:
            return 1
        return -1
    return 1
