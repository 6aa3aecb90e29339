"""mistake: only the refusal is caught; the timeout's exception leaves the function."""
import socket


def probe_port(port: int, timeout_ms: int) -> int:
    if not 1 <= port <= 65535:
        return -2
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as s:
        s.settimeout(max(timeout_ms, 1) / 1000)
        try:
            s.connect(("127.0.0.1", port))
        except ConnectionRefusedError:
            return -1
        return 0
