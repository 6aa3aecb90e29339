"""mistake: the library is loaded without use_errno, so get_errno() never says refused."""
import ctypes
import errno
import socket
import struct

libc = ctypes.CDLL(None)


def is_port_open(port: int) -> int:
    if not 1 <= port <= 65535:
        return -1
    fd = libc.socket(int(socket.AF_INET), int(socket.SOCK_STREAM), 0)
    if fd < 0:
        return -1
    sa = struct.pack("=H", socket.AF_INET) + struct.pack("!H4s8x", port, b"\x7f\0\0\1")
    rc = libc.connect(fd, sa, len(sa))
    err = ctypes.get_errno()
    libc.close(fd)
    if rc == 0:
        return 1
    return 0 if err == errno.ECONNREFUSED else -1
