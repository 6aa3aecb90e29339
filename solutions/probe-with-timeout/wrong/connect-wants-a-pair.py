"""mistake: connect() is given two arguments instead of one pair."""
import socket


def probe_port(port: int, timeout_ms: int) -> int:
    if not 1 <= port <= 65535:
        return -2
    try:
        with socket.socket() as client:
            client.settimeout(max(timeout_ms, 1) / 1000)
            client.connect("127.0.0.1", port)
    except ConnectionRefusedError:
        return -1
    except TimeoutError:
        return 1
    except OSError:
        return -2
    return 0
