"""create_connection() with all its errors in a group; except* takes the first one out."""
import socket


def tcp_client_connect(port: int) -> socket.socket:
    if not 1 <= port <= 65535:
        raise ValueError(f"not a port: {port!r}")
    failures = []
    try:
        return socket.create_connection(("127.0.0.1", port), all_errors=True)
    except* OSError as group:
        failures.extend(group.exceptions)
    first = failures.pop()
    try:
        raise first
    finally:
        first = None  # no cycle through the frame
