"""The C calls themselves through ctypes, errno saved before close()."""
import ctypes
import errno
import socket
import struct

libc = ctypes.CDLL(None, use_errno=True)


def is_port_open(port: int) -> int:
    if not 1 <= port <= 65535:
        return -1
    fd = libc.socket(int(socket.AF_INET), int(socket.SOCK_STREAM), 0)
    if fd < 0:
        return -1
    address = (
        struct.pack("=H", socket.AF_INET)
        + struct.pack("!H", port)
        + socket.inet_aton("127.0.0.1")
        + bytes(8)
    )
    failed = libc.connect(fd, address, len(address)) != 0
    saved = ctypes.get_errno()
    libc.close(fd)
    if not failed:
        return 1
    return 0 if saved == errno.ECONNREFUSED else -1
