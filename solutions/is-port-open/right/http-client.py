"""http.client opens the connection, no request is ever made."""
import http.client
from contextlib import closing


def is_port_open(port: int) -> int:
    if not 1 <= port <= 65535:
        return -1
    with closing(http.client.HTTPConnection("127.0.0.1", port, timeout=1.5)) as conn:
        try:
            conn.connect()
        except ConnectionRefusedError:
            return 0
        except Exception:
            return -1
        return 1
