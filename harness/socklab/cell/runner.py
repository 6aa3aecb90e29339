"""One running submission, from the broker's side: requests go in, replies and evidence come out.

While the broker waits for a reply it also serves whoever registered with `react` (listeners that hang up, forgers of
ICMP errors), so that scenes need no threads. What the reply says is passed on as a claim.
"""

import contextlib
import os
import resource
import select
import signal
import socket
import time
import tty
from collections.abc import Callable
from typing import NamedTuple

from ..errors import HarnessError
from . import evidence, protocol
from .launch import Launch
from .process import Captured
from .recorder import CAPACITY, Event, Recording
from .sandbox import PRIVATE, Sandbox, Unavailable

CONTROL_FD, RECORD_FD = 1000, 1001
OUTPUT_LIMIT = 10_000_000
START_SECONDS = 30.0
CALL_SECONDS = 2.0

NOFILE = 1024

EVENTS_OF_A_SERIES = 64
"""How many of the last recorded calls are read after a series of calls: reading thousands takes longer than making them."""
_STARTING = {
    resource.RLIMIT_NOFILE: (4096, 4096),
    resource.RLIMIT_CORE: (0, 0),
    resource.RLIMIT_FSIZE: (16 << 20, 16 << 20),
    resource.RLIMIT_CPU: (60, 60),
}
_PROCESSES = 64
_ADDRESS_SPACE = 1 << 30


class Outcome(NamedTuple):
    """What one request led to. `how`: replied, hung, died or garbled; `detail` explains the last three."""

    how: str
    reply: protocol.Reply | None
    detail: str
    seconds: float
    events: tuple[Event, ...]
    lost: int


def _terminal() -> tuple[int, int]:
    """A terminal in raw mode: our end and the submission's, for its standard output and error.

    A terminal as at home: on a pipe perror(3), which reopens stderr for reading too, would leave EINVAL in errno; and
    /dev/stderr can be opened. Where the machine gives no terminals a socket does almost as well.
    """
    try:
        ours, theirs = os.openpty()
    except OSError:
        mine, output = socket.socketpair(socket.AF_UNIX, socket.SOCK_STREAM)
        return mine.detach(), output.detach()
    tty.setraw(theirs)
    return ours, theirs


class Runner:
    """A submission's process. Open it, ask it, close it; after `hung`, `died` or `garbled` it is of no more use."""

    def __init__(self, sandbox: Sandbox, launch: Launch, recording: Recording | None) -> None:
        self._recording = recording
        self._reactors: dict[int, Callable[[], None]] = {}
        self._control, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        self._control.setsockopt(socket.SOL_SOCKET, socket.SO_PASSCRED, 1)
        self._alone = sandbox.tier == PRIVATE or sandbox.folder.user is not None
        mine, output = _terminal()
        self.output = Captured(mine, OUTPUT_LIMIT)
        null = os.open("/dev/null", os.O_RDWR)
        descriptors = {0: null, 1: output, 2: output, CONTROL_FD: theirs.fileno()}
        if recording:
            descriptors[RECORD_FD] = recording.descriptor
        limits = dict(_STARTING)
        if not launch.sanitized:  # AddressSanitizer reserves terabytes of addresses
            limits[resource.RLIMIT_AS] = (_ADDRESS_SPACE, _ADDRESS_SPACE)
        try:
            self._child = sandbox.start(
                launch.argv(sandbox.root),
                files=launch.files,
                descriptors=descriptors,
                limits=limits,
                environment=launch.environment(sandbox.root),
                network=True,
                unrandomised=launch.sanitized,
            )
        finally:
            os.close(null)
            theirs.close()
            os.close(output)
        self.pid = 0
        self._pidfd = -1
        self._granted = 0.0  # seconds of waiting for a CPU that calls have been given back

    def wait_until_ready(self) -> None:
        """Wait for the runner's first word, then bound it.

        Raises Unavailable if the sandbox could not be made, HarnessError if the runner did not start for another reason.
        """
        deadline = time.monotonic() + START_SECONDS
        poller = select.poll()
        poller.register(self._control, select.POLLIN)
        poller.register(self._child.pidfd, select.POLLIN)
        poller.poll(max(0, deadline - time.monotonic()) * 1000)
        try:
            message, ancillary, _, _ = self._control.recvmsg(protocol.LARGEST, 64, socket.MSG_DONTWAIT)
        except BlockingIOError:
            message, ancillary = b"", []
        if not message:
            self._child.wait(1.0)
            self.output.drain()
            said = self.output.text().strip()
            if said.startswith("bwrap:"):
                raise Unavailable(said)
            raise HarnessError(f"the runner did not start: {said or 'it said nothing'}")
        self.pid = int.from_bytes(ancillary[0][2][:4], "little")
        self._pidfd = os.pidfd_open(self.pid)
        self.limit_descriptors(NOFILE)
        if self._alone:  # the limit counts all processes of a user, and in the shared tier that may be a whole desktop
            resource.prlimit(self.pid, resource.RLIMIT_NPROC, (_PROCESSES, _PROCESSES))

    def limit_descriptors(self, count: int) -> None:
        """Set the soft RLIMIT_NOFILE of the running submission."""
        resource.prlimit(self.pid, resource.RLIMIT_NOFILE, (count, 4096))

    def react(self, descriptor: int, deed: Callable[[], None]) -> None:
        """Call `deed` whenever `descriptor` can be read while a request is under way."""
        self._reactors[descriptor] = deed

    def forget(self, descriptor: int) -> None:
        """Undo `react`."""
        self._reactors.pop(descriptor, None)

    def company(self) -> int:
        """How many processes the submission has started that are still there, alive or as zombies."""
        ours = 0 if self._child.pid == self.pid else 1  # below bubblewrap: the runner
        return len(evidence.descendants(self._child.pid)) - ours

    def signal(self, number: int) -> None:
        """Send the submission's process a signal."""
        signal.pidfd_send_signal(self._pidfd, number)

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
            return outcome("died", detail=self._how_it_ended())
        message = self._await_message(started, seconds)
        if message is None:
            return outcome("hung", detail=f"did not return within {seconds:g} seconds")
        if not message:
            return outcome("died", detail=self._how_it_ended())
        try:
            reply = protocol.unpack(message)
        except protocol.Garbled as garbled:
            return outcome("garbled", detail=str(garbled))
        if reply.token != token:
            return outcome("garbled", detail="the reply belongs to no request")
        return outcome("replied", reply)

    def _await_message(self, started: float, seconds: float) -> bytes | None:
        """The next message; b"" if the runner is gone, None if time ran out."""
        poller = select.poll()
        for fd in (self._control.fileno(), self._child.pidfd, self.output.descriptor, *self._reactors):
            poller.register(fd, select.POLLIN)
        deadline = started + seconds
        while True:
            ready = poller.poll(max(0.0, deadline - time.monotonic()) * 1000)
            if not ready and time.monotonic() >= deadline:
                waited = evidence.waited_for_cpu(self.pid) - self._granted
                if waited < 0.001:
                    return None
                self._granted += waited
                deadline += waited
                continue
            for fd, _ in ready:
                if fd in self._reactors:
                    self._reactors[fd]()
                elif fd == self.output.descriptor and not self.output.drain():
                    poller.unregister(fd)
            numbers = [fd for fd, _ in ready]
            if self._control.fileno() in numbers or self._child.pidfd in numbers:
                return self._receive()

    def _receive(self) -> bytes:
        try:
            return self._control.recv(protocol.LARGEST, socket.MSG_DONTWAIT)
        except (BlockingIOError, ConnectionResetError):
            return b""

    def _how_it_ended(self) -> str:
        code = self._child.wait(1.0)
        if code is None:
            return "closed the grader's descriptor"
        number = -code if code < 0 else code - 128  # bwrap passes a signal on as 128 + its number, as a shell does
        if number > 0:
            with_name = (
                signal.Signals(number).name if number in signal.Signals.__members__.values() else f"signal {number}"
            )
            return f"was ended by {with_name}"
        return f"ended the whole program with exit code {code}"

    def close(self) -> None:
        """End the process and all that it started."""
        if self._pidfd >= 0:
            with contextlib.suppress(ProcessLookupError):
                signal.pidfd_send_signal(self._pidfd, signal.SIGKILL)
            os.close(self._pidfd)
            self._pidfd = -1
        self._child.kill()
        self.output.drain()
        self.output.close()
        self._control.close()
