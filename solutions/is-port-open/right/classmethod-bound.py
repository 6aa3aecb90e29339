"""The function is a bound class method."""

from __future__ import annotations
import enum, socket
from dataclasses import dataclass, field
from typing import ClassVar, Final, Literal


class State(enum.IntEnum):
    ERROR, CLOSED, OPEN = -1, 0, 1


@dataclass(slots=True)
class Prober:
    host: Final[str] = "127.0.0.1"
    all: ClassVar[list[Prober]] = []

    @classmethod
    def ask(cls, port: int) -> Literal[-1, 0, 1]:
        me = cls()
        if port not in range(1, 65536):
            return State.ERROR
        try:
            sock = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
        except OSError:
            return State.ERROR
        try:
            sock.connect((me.host, port))
        except OSError as error:
            return State.CLOSED if isinstance(error, ConnectionRefusedError) else State.ERROR
        finally:
            sock.close()
        return State.OPEN


is_port_open = Prober.ask
