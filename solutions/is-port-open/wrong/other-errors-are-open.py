# mistake: whatever is not refused counts as open
import errno
import socket


def is_port_open(port):
    if port < 1 or port > 65535:
        return -1
    try:
        s = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    except OSError:
        return -1
    with s:
        return int(s.connect_ex(("127.0.0.1", port)) != errno.ECONNREFUSED)
