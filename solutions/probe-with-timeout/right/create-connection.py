"""create_connection() with its timeout argument; an exception's class is the answer."""
from socket import create_connection

PORTS = range(1, 65536)


def probe_port(port: int, timeout_ms: int) -> int:
    if port not in PORTS or timeout_ms <= 0:
        return -2
    try:
        create_connection(("127.0.0.1", port), timeout=timeout_ms / 1000).close()
    except ConnectionRefusedError:
        return -1
    except TimeoutError:
        return 1
    except OSError:
        return -2
    return 0
