"""mistake: every OSError but the refusal is taken for no answer."""
import socket


def probe_port(port: int, timeout_ms: int) -> int:
    if not 1 <= port <= 65535:
        return -2
    try:
        sock = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    except OSError:
        return -2
    sock.settimeout(max(timeout_ms, 1) / 1000)
    try:
        sock.connect(("127.0.0.1", port))
        return 0
    except ConnectionRefusedError:
        return -1
    except OSError:  # timed out
        return 1
    finally:
        sock.close()
