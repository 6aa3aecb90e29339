"""A decorator with functools.wraps turns exceptions into answers."""
import functools
import socket


def answers(mapping):
    def wrap(func):
        @functools.wraps(func)
        def inner(port):
            try:
                return func(port)
            except tuple(mapping) as exc:
                for kind, value in mapping.items():
                    if isinstance(exc, kind):
                        return value
        return inner
    return wrap


@answers({ConnectionRefusedError: 0, OSError: -1, OverflowError: -1})
def is_port_open(port: int) -> int:
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as sock:
        sock.connect(("127.0.0.1", port))
    return 1
