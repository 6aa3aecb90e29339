# mistake: the default timeout of the whole process is changed for the time of the call
import socket


def probe_port(port: int, timeout_ms: int) -> int:
    if not 1 <= port <= 65535:
        return -2
    if timeout_ms <= 0:
        return 1
    before = socket.getdefaulttimeout()
    socket.setdefaulttimeout(timeout_ms / 1000)
    try:
        with socket.create_connection(("127.0.0.1", port)):
            return 0
    except ConnectionRefusedError:
        return -1
    except TimeoutError:
        return 1
    except OSError:
        return -2
    finally:
        socket.setdefaulttimeout(before)
