"""One running submission, from the broker's side: requests go in, replies and evidence come out.

While the broker waits for a reply it serves its loop. What the reply says is passed on as a claim.
"""

import os
import socket
import time
from typing import NamedTuple

from . import confinement, protocol
from .confined import ROOM, Confined, descriptors_in
from .launch import Launch
from .loop import READ, Loop
from .recorder import CAPACITY, Event, Recording
from .sandbox import Sandbox

CALL_SECONDS = 2.0

EVENTS_OF_A_SERIES = 64
"""How many of the last recorded calls are read after a series of calls: reading thousands takes longer than making them."""


class Outcome(NamedTuple):
    """What one request led to. `how`: replied, hung, died or garbled; `detail` explains the last three."""

    how: str
    reply: protocol.Reply | None
    detail: str
    seconds: float
    events: tuple[Event, ...]
    lost: int


class Runner(Confined):
    """A process that holds a submission's function. Open it, ask it, close it; after `hung`, `died` or `garbled` it is of
    no more use."""

    def __init__(
        self,
        sandbox: Sandbox,
        launch: Launch,
        recording: Recording | None,
        confined_by: confinement.Filter | None,
        loop: Loop,
    ) -> None:
        super().__init__(sandbox, launch, recording, confined_by, loop)
        self._brought: list[int] | None = None  # descriptors that came with a reply, where some are expected

    def ask(
        self,
        operation: int,
        *,
        calls: list[tuple[int, ...]] | None = None,
        error: int = 0,
        text: str = "",
        seconds: float = CALL_SECONDS,
    ) -> Outcome:
        """Send one request and wait for its reply, at most `seconds` not counting time spent waiting for a CPU."""
        token = int.from_bytes(os.urandom(4), "little")
        first = self._recording.begun if self._recording else 0
        started = time.monotonic()

        def outcome(how: str, reply: protocol.Reply | None = None, detail: str = "") -> Outcome:
            most = EVENTS_OF_A_SERIES if calls and len(calls) > 1 else CAPACITY
            events, lost = self._recording.since(first, most) if self._recording else ((), 0)
            return Outcome(how, reply, detail, time.monotonic() - started, events, lost)

        try:
            self._control.send(protocol.pack(operation, token, calls=calls, error=error, text=text))
        except OSError:
            return outcome("died", detail=self.how_it_ended())
        if self._refusals:
            self._refusals.loading = operation == protocol.LOAD
        message = self._await_message(started, seconds)
        if message is None:
            return outcome("hung", detail=f"did not return within {seconds:g} seconds")
        if not message:
            return outcome("died", detail=self.how_it_ended())
        try:
            reply = protocol.unpack(message)
        except protocol.Garbled as garbled:
            return outcome("garbled", detail=str(garbled))
        if reply.token != token:
            return outcome("garbled", detail="the reply belongs to no request")
        return outcome("replied", reply)

    def take_over(self, number: int) -> int | None:
        """A duplicate of the submission's descriptor `number`, for the caller to close; None if nothing is open there."""
        self._brought = []
        answered = self.ask(protocol.HAND_OVER, calls=[(number,)]).reply is not None
        brought, self._brought = self._brought, None
        for fd in brought[1 if answered else 0 :]:
            os.close(fd)
        return brought[0] if answered and brought else None

    def _await_message(self, started: float, seconds: float) -> bytes | None:
        """The next message; b"" if the runner is gone, None if time ran out."""
        left = max(0.0, started + seconds - time.monotonic())
        if not self.wait_fairly({self._control.fileno(): READ, self._child.pidfd: READ}, left):
            return None
        try:
            message, ancillary, _, _ = self._control.recvmsg(protocol.LARGEST, ROOM, socket.MSG_DONTWAIT)
        except (BlockingIOError, ConnectionResetError):
            return b""
        for fd in descriptors_in(ancillary):
            os.close(fd) if self._brought is None else self._brought.append(fd)
        return message
