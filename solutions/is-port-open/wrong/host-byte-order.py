"""mistake: the port goes into the sockaddr in host byte order."""
import ctypes
import errno
import socket

libc = ctypes.CDLL(None, use_errno=True)


class SockaddrIn(ctypes.Structure):
    _fields_ = [
        ("family", ctypes.c_ushort),
        ("port", ctypes.c_ushort),
        ("addr", ctypes.c_ubyte * 4),
        ("zero", ctypes.c_ubyte * 8),
    ]


def is_port_open(port: int) -> int:
    if not 1 <= port <= 65535:
        return -1
    fd = libc.socket(int(socket.AF_INET), int(socket.SOCK_STREAM), 0)
    if fd < 0:
        return -1
    sa = SockaddrIn(family=int(socket.AF_INET), port=port)
    sa.addr[:] = [127, 0, 0, 1]
    rc = libc.connect(fd, ctypes.byref(sa), ctypes.sizeof(sa))
    err = ctypes.get_errno()
    libc.close(fd)
    if rc == 0:
        return 1
    return 0 if err == errno.ECONNREFUSED else -1
