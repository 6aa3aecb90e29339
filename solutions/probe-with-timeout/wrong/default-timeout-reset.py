"""mistake: the default timeout is None in the end, whatever it was."""
import socket
def probe_port(port, timeout_ms):
    if not 1 <= port <= 65535: return -2
    if timeout_ms <= 0: return 1
    try:
        with socket.create_connection(("127.0.0.1", port), timeout_ms / 1000): return 0
    except ConnectionRefusedError: return -1
    except TimeoutError: return 1
    except OSError: return -2
    finally:
        socket.setdefaulttimeout(None)
