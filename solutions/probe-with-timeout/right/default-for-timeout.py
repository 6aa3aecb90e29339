"""Both parameters have a default; settimeout() and connect()."""
import socket

LOOPBACK = "127.0.0.1"


def probe_port(port: int = 80, timeout_ms: int = 1000) -> int:
    if not 0 < port < 1 << 16:
        return -2
    try:
        with socket.socket() as client:
            client.settimeout(max(timeout_ms / 1000, 0.001))
            client.connect((LOOPBACK, port))
    except ConnectionRefusedError:
        return -1
    except TimeoutError:
        return 1
    except OSError:
        return -2
    else:
        return 0
