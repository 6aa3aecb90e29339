"""The port has a default value, which is in nobody's way; an OSError's number decides, by a conditional expression."""
from errno import ECONNREFUSED
from socket import SOCK_STREAM, socket

LOOPBACK = "127.0.0.1"
OPEN, CLOSED, ERROR = 1, 0, -1


def attempt(port: int) -> None:
    with socket(type=SOCK_STREAM) as client:
        client.connect((LOOPBACK, port))


def is_port_open(port: int = 80) -> int:
    try:
        attempt(port or -1)
    except (OverflowError, OSError) as failure:
        return CLOSED if getattr(failure, "errno", None) == ECONNREFUSED else ERROR
    return OPEN
