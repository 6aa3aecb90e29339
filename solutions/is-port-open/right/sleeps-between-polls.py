"""No select yet in the course: ask connect_ex again every 10 ms until it is decided."""
import errno
import socket
import time


def is_port_open(port):
    if port < 1 or port > 65535:
        return -1
    try:
        s = socket.socket()
    except OSError:
        return -1
    with s:
        s.setblocking(False)
        while True:
            rc = s.connect_ex(("127.0.0.1", port))
            if rc in (0, errno.EISCONN):
                return 1
            if rc == errno.ECONNREFUSED:
                return 0
            if rc not in (errno.EINPROGRESS, errno.EALREADY):
                return -1
            time.sleep(0.01)
