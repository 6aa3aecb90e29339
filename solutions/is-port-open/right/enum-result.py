"""The verdict is a member of an IntEnum, turned into a plain int at the end."""
import enum
import socket


class State(enum.IntEnum):
    ERROR = -1
    CLOSED = 0
    OPEN = 1


def _state(port):
    if port < 1 or port > 65535:
        return State.ERROR
    try:
        with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as sock:
            sock.connect(("127.0.0.1", port))
    except OSError as exc:
        return State.CLOSED if isinstance(exc, ConnectionRefusedError) else State.ERROR
    return State.OPEN


def is_port_open(port: int) -> int:
    return int(_state(port))
