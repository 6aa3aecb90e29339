"""mistake: a member of an Enum is returned, which equals no number."""
import enum
import socket


class State(enum.Enum):
    OPEN = 1
    CLOSED = 0
    ERROR = -1


def is_port_open(port: int) -> int:
    if not 1 <= port <= 65535:
        return State.ERROR
    try:
        with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as s:
            s.connect(("127.0.0.1", port))
            return State.OPEN
    except ConnectionRefusedError:
        return State.CLOSED
    except OSError:
        return State.ERROR
