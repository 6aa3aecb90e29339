"""mistake: a byte is sent to see whether the connection is alive."""
import socket


def probe_port(port: int, timeout_ms: int) -> int:
    if not 1 <= port <= 65535:
        return -2
    try:
        with socket.create_connection(("127.0.0.1", port), max(timeout_ms, 1) / 1000) as s:
            s.sendall(b"\n")
            return 0
    except ConnectionRefusedError:
        return -1
    except TimeoutError:
        return 1
    except OSError:
        return -2
