"""mistake: SO_SNDTIMEO ends connect(), but after a signal Python waits without any limit."""
import socket
import struct


def probe_port(port: int, timeout_ms: int) -> int:
    if not 1 <= port <= 65535:
        return -2
    seconds, rest = divmod(max(timeout_ms, 1), 1000)
    try:
        with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as s:
            s.setsockopt(socket.SOL_SOCKET, socket.SO_SNDTIMEO, struct.pack("ll", seconds, rest * 1000))
            s.connect(("127.0.0.1", port))
            return 0
    except ConnectionRefusedError:
        return -1
    except BlockingIOError:
        return 1
    except OSError:
        return -2
