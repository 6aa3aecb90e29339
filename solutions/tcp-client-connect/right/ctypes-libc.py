"""libc by ctypes, errno kept at once, wrapped in a socket in the end."""
import ctypes
import os
import socket
import struct

libc = ctypes.CDLL(None, use_errno=True)


def _fail():
    number = ctypes.get_errno()
    return OSError(number, os.strerror(number))


def tcp_client_connect(port: int) -> socket.socket:
    if not 1 <= port <= 65535:
        raise ValueError(port)
    fd = libc.socket(int(socket.AF_INET), int(socket.SOCK_STREAM), 0)
    if fd < 0:
        raise _fail()
    address = struct.pack("=H", socket.AF_INET) + struct.pack("!H4s8x", port, b"\x7f\0\0\1")
    if libc.connect(fd, address, len(address)) < 0:
        error = _fail()
        os.close(fd)
        raise error
    return socket.socket(fileno=fd)
