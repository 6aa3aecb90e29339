"""SO_LINGER with zero seconds so that no TIME_WAIT entry stays behind."""
import socket
import struct

ABORT = struct.pack("ii", 1, 0)


def is_port_open(port: int) -> int:
    if not 1 <= port <= 65535:
        return -1
    try:
        with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as s:
            s.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, ABORT)
            s.connect(("127.0.0.1", port))
    except ConnectionRefusedError:
        return 0
    except OSError:
        return -1
    else:
        return 1
