"""mistake: after connect() it looks whether the server has hung up, and calls its port closed then."""

import socket


def probe_port(port: int, timeout_ms: int) -> int:
    if port < 1 or port > 65535:
        return -2
    try:
        probe = socket.socket()
    except OSError:
        return -2
    with probe:
        probe.settimeout(max(timeout_ms, 1) / 1000)
        try:
            probe.connect(("127.0.0.1", port))
        except TimeoutError:
            return 1
        except OSError as error:
            return -1 if isinstance(error, ConnectionRefusedError) else -2
        probe.setblocking(False)
        try:
            return 0 if probe.recv(1, socket.MSG_PEEK) else -1
        except BlockingIOError:
            return 0
