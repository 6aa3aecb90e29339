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
from . import confinement, evidence, protocol
from .launch import Launch
from .process import Captured, most_descriptors
from .recorder import CAPACITY, Event, Recording
from .refusals import Refusals, Refused
from .sandbox import PRIVATE, Sandbox, Unavailable, in_memory

CONTROL_FD, RECORD_FD = 1000, 1001
OUTPUT_LIMIT = 10_000_000
START_SECONDS = 30.0
CALL_SECONDS = 2.0

NOFILE = 1024

EVENTS_OF_A_SERIES = 64
"""How many of the last recorded calls are read after a series of calls: reading thousands takes longer than making them."""
_STARTING = {
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


def _sender(ancillary: list[tuple[int, int, bytes]]) -> int:
    """Who sent a message, as the kernel says (SCM_CREDENTIALS, unix(7)), in our own numbering of processes."""
    data = next(data for _, kind, data in ancillary if kind == socket.SCM_CREDENTIALS)
    return int.from_bytes(data[:4], "little")


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

    def __init__(
        self,
        sandbox: Sandbox,
        launch: Launch,
        recording: Recording | None,
        confined_by: confinement.Filter | None,
    ) -> None:
        self._recording = recording
        self._filter = confined_by
        self._refusals: Refusals | None = None
        self.refused: list[Refused] = []
        self.gaps = [sandbox.gap()] if sandbox.gap() else []  # what is left open to it here, in words
        if not confined_by:
            self.gaps.append("no system call was refused to it, for libseccomp is not installed")
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
        filter_ = in_memory("filter", confined_by.packed()) if confined_by else -1
        if confined_by:
            descriptors[confinement.FILTER_FD] = filter_
        limits = {**_STARTING, resource.RLIMIT_NOFILE: (most_descriptors(), most_descriptors())}
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
            for fd in (null, output, *([filter_] if confined_by else [])):
                os.close(fd)
            theirs.close()
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
        while True:
            poller.poll(max(0, deadline - time.monotonic()) * 1000)
            message, ancillary = self._receive_with_descriptor()
            if not message:
                raise self._why_it_did_not_start()
            said = protocol.unpack(message)
            if said.kind != protocol.CONFINED:
                break
            self._be_told_of_refusals(said.text, ancillary)
        self.pid = _sender(ancillary)
        self._pidfd = os.pidfd_open(self.pid)
        self.limit_descriptors(NOFILE)
        # The limit counts all that its user runs, and in the shared tier that may be a whole desktop.
        most = _PROCESSES + (0 if self._alone else evidence.tasks_of_user(os.getuid()))
        resource.prlimit(self.pid, resource.RLIMIT_NPROC, (most, most))

    def _receive_with_descriptor(self) -> tuple[bytes, list[tuple[int, int, bytes]]]:
        try:
            message, ancillary, _, _ = self._control.recvmsg(protocol.LARGEST, 128, socket.MSG_DONTWAIT)
        except BlockingIOError:
            return b"", []
        return message, ancillary

    def _why_it_did_not_start(self) -> Exception:
        self._child.wait(1.0)
        self.output.drain()
        said = self.output.text().strip()
        if said.startswith("bwrap:"):
            return Unavailable(said)
        return HarnessError(f"the runner did not start: {said or 'it said nothing'}")

    def _be_told_of_refusals(self, how: str, ancillary: list[tuple[int, int, bytes]]) -> None:
        """What a runner says of its filter: it sends the listening descriptor, or why there is none."""
        for _, kind, data in ancillary:
            if kind == socket.SCM_RIGHTS and self._filter:
                listener = int.from_bytes(data[:4], "little")
                self._refusals = Refusals(listener, self._filter.names, self._recording, self.refused)
        if not self._refusals and how != "refusing":
            self.gaps.append(f"no system call was refused to it, for this kernel takes no filter ({how})")

    def limit_descriptors(self, count: int) -> None:
        """Set the soft RLIMIT_NOFILE of the running submission."""
        resource.prlimit(self.pid, resource.RLIMIT_NOFILE, (count, most_descriptors()))

    def react(self, descriptor: int, deed: Callable[[], None]) -> None:
        """Call `deed` whenever `descriptor` can be read while a request is under way."""
        self._reactors[descriptor] = deed

    def forget(self, descriptor: int) -> None:
        """Undo `react`."""
        self._reactors.pop(descriptor, None)

    def react_until(self, *descriptors: int) -> None:
        """Serve the same deeds without a request, until one of `descriptors` can be read."""
        poller = select.poll()
        for fd in (*descriptors, *self._reactors):
            poller.register(fd, select.POLLIN)
        while True:
            for fd, happened in poller.poll():
                if fd in descriptors:
                    return
                if happened & select.POLLIN:
                    self._reactors[fd]()
                else:
                    poller.unregister(fd)

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
        if self._refusals:
            self._refusals.loading = operation == protocol.LOAD
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
        reactors = self._reactors
        if self._refusals:
            reactors = {**reactors, self._refusals.descriptor: self._refusals.answer_one}
        for fd in (self._control.fileno(), self._child.pidfd, self.output.descriptor, *reactors):
            poller.register(fd, select.POLLIN)
        deadline = started + seconds
        while True:
            ready = poller.poll(max(0.0, deadline - time.monotonic()) * 1000)
            for fd, happened in ready:
                if fd in reactors and happened & select.POLLIN:
                    reactors[fd]()
                elif fd in reactors or (fd == self.output.descriptor and not self.output.drain()):
                    poller.unregister(fd)
            numbers = [fd for fd, _ in ready]
            if self._control.fileno() in numbers or self._child.pidfd in numbers:
                return self._receive()
            if time.monotonic() >= deadline:  # however busy it keeps us
                waited = evidence.waited_for_cpu(self.pid) - self._granted
                if waited < 0.001:
                    return None
                self._granted += waited
                deadline += waited

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
        if self._refusals:
            self._refusals.close()
            self._refusals = None
        self.output.drain()
        self.output.close()
        self._control.close()
