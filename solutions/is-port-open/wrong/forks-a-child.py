"""mistake: forks a child that connects and passes the answer in its exit status."""
import os
import socket


def _child(port):
    try:
        with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as s:
            s.connect(("127.0.0.1", port))
        return 1
    except ConnectionRefusedError:
        return 0
    except OSError:
        return 2


def is_port_open(port: int) -> int:
    if not 1 <= port <= 65535:
        return -1
    try:
        pid = os.fork()
    except OSError:
        return -1
    if pid == 0:
        os._exit(_child(port))
    _, status = os.waitpid(pid, 0)
    code = os.waitstatus_to_exitcode(status)
    return code if code in (0, 1) else -1
