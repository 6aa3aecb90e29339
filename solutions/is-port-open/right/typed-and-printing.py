"""Fully annotated, prints and logs what it does, and has its own main part."""
from __future__ import annotations

import logging
import socket
import sys
from typing import Final, Literal

LOOPBACK: Final[str] = "127.0.0.1"
LAST_PORT: Final[int] = (1 << 16) - 1

Answer = Literal[-1, 0, 1]
log: logging.Logger = logging.getLogger("ports")


def is_port_open(port: int) -> Answer:
    """Tell whether something listens on 127.0.0.1:port."""
    answer: Answer
    print(f"checking {LOOPBACK}:{port} ...")
    if not 1 <= port <= LAST_PORT:
        log.warning("%d is no port number", port)
        return -1
    try:
        sock: socket.socket
        with socket.socket(family=socket.AF_INET, type=socket.SOCK_STREAM) as sock:
            sock.connect((LOOPBACK, port))
            answer = 1
    except ConnectionRefusedError:
        answer = 0
    except OSError as exc:
        log.error("port %d: %s", port, exc)
        answer = -1
    print(f"port {port}: {answer}")
    return answer


def main(argv: list[str]) -> int:
    logging.basicConfig(level=logging.INFO)
    for word in argv[1:] or ["22", "80", "443"]:
        is_port_open(int(word))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv))
