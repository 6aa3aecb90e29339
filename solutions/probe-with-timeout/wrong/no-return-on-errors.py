"""mistake: other errors are printed, and end without a return."""
import socket


def probe_port(port: int, timeout_ms: int) -> int:
    if not 1 <= port <= 65535:
        return -2
    if timeout_ms <= 0:
        return 1
    try:
        with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as s:
            s.settimeout(timeout_ms / 1000)
            s.connect(("127.0.0.1", port))
            return 0
    except ConnectionRefusedError:
        return -1
    except TimeoutError:
        return 1
    except OSError as e:
        print("error", e)
