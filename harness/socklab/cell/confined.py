"""A process of a submission's, from the broker's side: started in the sandbox, filtered, bounded, and ended with all that it
started. What it is asked, or what it serves, is for those who build on this.
"""

import contextlib
import os
import resource
import select
import signal
import socket
import time
import tty
from collections.abc import Mapping
from typing import NamedTuple

from ..errors import HarnessError
from . import confinement, evidence, protocol
from .launch import Launch
from .loop import Loop
from .process import Captured, most_descriptors
from .recorder import Recording
from .refusals import Refusals, Refused
from .sandbox import PRIVATE, Sandbox, Unavailable, in_memory

CONTROL_FD, RECORD_FD = 1000, 1001
OUTPUT_LIMIT = 10_000_000
START_SECONDS = 30.0

NOFILE = 1024

STARVED_SECONDS = 30.0
"""How much time without a CPU is given back at most in one wait: a submission can starve itself by what it starts."""

_STARTING = {
    resource.RLIMIT_CORE: (0, 0),
    resource.RLIMIT_FSIZE: (16 << 20, 16 << 20),
    resource.RLIMIT_CPU: (60, 60),
}


_FEW_ARENAS = {"MALLOC_ARENA_MAX": "2"}
"""mallopt(3): each thread would reserve 64 MiB of addresses for its own malloc(), and sixteen that live at once, as on a busy machine, all that
there are: a right program could then start no more threads."""


class Bounds(NamedTuple):
    """What a process may use: processes and threads of its user, bytes of addresses."""

    processes: int = 64
    addresses: int = 1 << 30


BOUNDS = Bounds()


ROOM = 256
"""Bytes for what comes beside a message: who sent it, and a few descriptors."""


def descriptors_in(ancillary: list[tuple[int, int, bytes]]) -> list[int]:
    """The descriptors that came with a message (SCM_RIGHTS, unix(7))."""
    packed = b"".join(data for _, kind, data in ancillary if kind == socket.SCM_RIGHTS)
    return [int.from_bytes(packed[at : at + 4], "little") for at in range(0, len(packed) // 4 * 4, 4)]


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


def signal_name(number: int) -> str:
    """SIGTERM and the like; "signal 40" for one without a name (signal(7))."""
    return signal.Signals(number).name if number in signal.Signals.__members__.values() else f"signal {number}"


class Confined:
    """A process in the sandbox. `wait_until_ready` once, then it may be used; `close` gives everything back."""

    has_family = False
    """Whether it may start processes of its own."""

    def __init__(
        self,
        sandbox: Sandbox,
        launch: Launch,
        recording: Recording | None,
        confined_by: confinement.Filter | None,
        loop: Loop,
        *,
        bounds: Bounds = BOUNDS,
        arguments: tuple[str, ...] = (),
        errors_apart: bool = False,
    ) -> None:
        self.loop = loop
        self._recording = recording
        self._filter = confined_by
        self._bounds = bounds
        self._refusals: Refusals | None = None
        self.refused: list[Refused] = []
        self.gaps = [sandbox.gap()] if sandbox.gap() else []  # what is left open to it here, in words
        if not confined_by:
            self.gaps.append("no system call was refused to it, for libseccomp is not installed")
        self._control, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        self._control.setsockopt(socket.SOL_SOCKET, socket.SO_PASSCRED, 1)
        self._wrapped = sandbox.tier == PRIVATE
        self._alone = self._wrapped or sandbox.folder.user is not None
        mine, output = _terminal()
        self.output = Captured(mine, OUTPUT_LIMIT)
        self.errors, errors = self.output, output
        if errors_apart:
            mine, errors = _terminal()
            self.errors = Captured(mine, OUTPUT_LIMIT)
        null = os.open("/dev/null", os.O_RDWR)
        descriptors = {0: null, 1: output, 2: errors, CONTROL_FD: theirs.fileno()}
        if recording:
            descriptors[RECORD_FD] = recording.descriptor
        filter_ = in_memory("filter", confined_by.packed()) if confined_by else -1
        if confined_by:
            descriptors[confinement.FILTER_FD] = filter_
        limits = {**_STARTING, resource.RLIMIT_NOFILE: (most_descriptors(), most_descriptors())}
        if not launch.sanitized:  # AddressSanitizer reserves terabytes of addresses
            limits[resource.RLIMIT_AS] = (bounds.addresses, bounds.addresses)
        try:
            self._child = sandbox.start(
                [*launch.argv(sandbox.root), *arguments],
                files=launch.files,
                descriptors=descriptors,
                limits=limits,
                environment={**_FEW_ARENAS, **launch.environment(sandbox.root)},
                network=True,
                unrandomised=launch.sanitized,
            )
        finally:
            for fd in {null, output, errors, *([filter_] if confined_by else [])}:
                os.close(fd)
            theirs.close()
        for captured in {self.output, self.errors}:
            loop.react(captured.descriptor, captured.drain)
        self.pid = 0
        self._pidfd = -1
        self._granted = 0.0  # seconds without a CPU that have been given back

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
        self.starved = evidence.CpuWait(self.pid)
        self.limit_descriptors(NOFILE)
        # The limit counts all that its user runs, and in the shared tier that may be a whole desktop.
        most = self._bounds.processes + (0 if self._alone else evidence.tasks_of_user(os.getuid()))
        resource.prlimit(self.pid, resource.RLIMIT_NPROC, (most, most))

    def _receive_with_descriptor(self) -> tuple[bytes, list[tuple[int, int, bytes]]]:
        try:
            message, ancillary, _, _ = self._control.recvmsg(protocol.LARGEST, ROOM, socket.MSG_DONTWAIT)
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
        for listener in descriptors_in(ancillary):
            if self._filter:
                self._refusals = Refusals(
                    listener, self._filter.names, self._recording, self.refused, family=self.has_family
                )
                self.loop.react(listener, self._refusals.answer_one)
        if not self._refusals and how != "refusing":
            self.gaps.append(f"no system call was refused to it, for this kernel takes no filter ({how})")

    def limit_descriptors(self, count: int) -> None:
        """Set the soft RLIMIT_NOFILE of the running submission."""
        resource.prlimit(self.pid, resource.RLIMIT_NOFILE, (count, most_descriptors()))

    def company(self) -> int:
        """How many processes the submission has started that are still there, alive or as zombies."""
        ours = 0 if self._child.pid == self.pid else 1  # below bubblewrap: the runner
        return len(evidence.descendants(self._child.pid)) - ours

    def wait_fairly(self, wanted: Mapping[int, int], seconds: float) -> list[int]:
        """Wait as the loop does for one of `wanted`, at most `seconds`, not counting those in which it could have run but had no CPU."""
        deadline = time.monotonic() + seconds
        latest = deadline + STARVED_SECONDS
        while not (ready := self.loop.wait(wanted, deadline)):
            more = self.starved.seconds() - self._granted
            if more < 0.001 or deadline >= latest:
                return []
            self._granted += more
            deadline = min(deadline + more, latest)
        return ready

    def signal(self, number: int) -> None:
        """Send the submission's process a signal. Raises ProcessLookupError if it is gone."""
        signal.pidfd_send_signal(self._pidfd, number)

    def how_it_ended(self) -> str:
        """In words, what became of it."""
        code = self._child.wait(1.0)
        if code is None:
            return "closed the grader's descriptor"
        code = self._told_by_bubblewrap(code)
        if code < 0:
            return f"was ended by {signal_name(-code)}"
        return f"ended with exit code {code}" if self.has_family else f"ended the whole program with exit code {code}"

    def _told_by_bubblewrap(self, code: int) -> int:
        """Its exit code, or minus the signal that ended it, which bubblewrap passes on as a shell does: as 128 + its number."""
        by_signal = self._wrapped and code - 128 in signal.Signals.__members__.values()
        return 128 - code if by_signal else code

    def close(self) -> None:
        """End the process and all that it started."""
        if self._pidfd >= 0:
            with contextlib.suppress(ProcessLookupError):
                signal.pidfd_send_signal(self._pidfd, signal.SIGKILL)
            os.close(self._pidfd)
            self._pidfd = -1
            self.starved.close()
        self._child.kill()
        if self._refusals:
            self.loop.forget(self._refusals.descriptor)
            self._refusals.close()
            self._refusals = None
        for captured in {self.output, self.errors}:
            self.loop.forget(captured.descriptor)
            captured.drain()
            captured.close()
        self._control.close()
