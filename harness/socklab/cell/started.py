"""A whole program of a submission's, from the broker's side: started with its arguments, left to itself, looked at, stopped.

Unlike a runner it may start processes of its own, so what is looked at and ended is always the whole tree of them. The
broker adopts those whose parent ends.
"""

import contextlib
import math
import os
import signal
import struct
from collections.abc import Mapping

from . import confinement, evidence, linux
from .confined import Bounds, Confined
from .launch import Launch
from .loop import READ, Loop
from .recorder import Recording
from .sandbox import Sandbox

PROCESSES, ADDRESSES = 500, 4 << 30
"""A client may have a process or thread of its own, and each thread reserves room for its stack."""

TREE, MEMORY = 400, 1 << 30
"""How many processes it may have, and how many bytes all together may really use; looked at ten times a second."""


class Started(Confined):
    """A running program. `begin` once it is ready; `close` ends it with all that it has started."""

    has_family = True

    def __init__(
        self,
        sandbox: Sandbox,
        launch: Launch,
        recording: Recording | None,
        confined_by: confinement.Filter | None,
        loop: Loop,
        name: str,
        arguments: tuple[str, ...],
        descriptors: int,
    ) -> None:
        linux.adopt_orphans()
        bounds = Bounds(PROCESSES, ADDRESSES)
        arguments = (launch.load(sandbox.root), name, *arguments)
        super().__init__(
            sandbox, launch, recording, confined_by, loop, bounds=bounds, arguments=arguments, errors_apart=True
        )
        _ours.add(self._child.pid)
        self.too_large = ("", "")  # what would have been enough, and what it used, if that was too much
        self._descriptors = descriptors
        self._timer = -1

    def begin(self) -> None:
        """Let it run: its limits are set. It has as many descriptors as it was given, since all other numbers are taken: with a lower
        RLIMIT_NOFILE poll(2) would refuse tables of more rows, and those of a thousand are right."""
        self._control.send(struct.pack("<I", self._descriptors))
        self._timer = linux.timer(0.1)
        self.loop.react(self._timer, self._look_at_its_size)

    def _look_at_its_size(self) -> None:
        os.read(self._timer, 8)
        tree = self.tree()
        if len(tree) > TREE:
            self.too_large = "a program that gets by with fewer processes", f"it has more than {TREE}"
        elif sum(map(evidence.resident, tree)) > MEMORY and sum(map(evidence.proportional, tree)) > MEMORY:
            self.too_large = "a program that gets by with its memory", f"it uses more than {MEMORY >> 20} MiB"
        if any(self.too_large):
            self._end_all()

    def wait_for_end(self, seconds: float) -> int | None:
        """Its exit code, or minus the signal that ended it; None if it still runs after so many seconds, not counting those in
        which it had no CPU."""
        if self._child.status is None and not self.wait_fairly({self._child.pidfd: READ}, seconds):
            return None
        code = self._child.wait(0)
        for captured in (self.output, self.errors):
            captured.drain()
        return code if code is None else self._told_by_bubblewrap(code)

    @property
    def exit(self) -> int:
        """A descriptor that can be read once it has ended."""
        return self._child.pidfd

    def has_ended(self) -> bool:
        """Whether its first process is gone."""
        return self._child.poll() is not None

    def tree(self) -> list[int]:
        """All its processes, zombies too; first the one that was started."""
        found = [self._child.pid, *evidence.descendants(self._child.pid)]
        for pid in evidence.children(os.getpid()):
            if pid not in _ours and not _reaped(pid):  # its parent has ended
                found += [pid, *evidence.descendants(pid)]
        rest = [pid for pid in found if pid not in (self._child.pid, self.pid)]
        return [self.pid, *rest] if evidence.parent(self.pid) else rest

    def cpu_used(self) -> float:
        """Processor time that all its processes, and those that they awaited, have used so far, in seconds."""
        return sum(map(evidence.cpu_used, self.tree()))

    def is_at_work(self) -> bool:
        """Whether a thread of it runs, or could run and waits for a processor."""
        return any(map(evidence.is_at_work, self.tree()))

    def work(self) -> dict[int, evidence.Work]:
        """What each of its threads has done so far."""
        return {task: done for pid in self.tree() for task, done in evidence.work(pid).items()}

    def worked_since(self, before: Mapping[int, evidence.Work]) -> float:
        """How many seconds its threads have run since then, or waited for a processor; infinitely many if one is at work now, or
        has come or gone: what those did nobody knows."""
        now = self.work()
        if now.keys() != before.keys() or self.is_at_work():
            return math.inf
        return sum(sum(now[task]) - sum(before[task]) for task in now) / 1e9

    def ran_since(self, before: Mapping[int, evidence.Work]) -> float:
        """How many seconds of a processor those threads have used since then that are there now."""
        now = self.work()
        return sum(now[task].ran - (before[task].ran if task in before else 0) for task in now) / 1e9

    def send_to_all(self, number: int) -> list[int]:
        """Send a signal to each of its processes; those."""
        tree = [pid for pid in self.tree() if not evidence.is_zombie(pid)]
        for pid in tree:
            _send(pid, number)
        return tree

    def close(self) -> None:
        """End it, and all that it has started."""
        if self._timer >= 0:
            self.loop.forget(self._timer)
            os.close(self._timer)
            self._timer = -1
            self._end_all()
        super().close()
        _ours.discard(self._child.pid)

    def _end_all(self) -> None:
        """Until none is left. First they are made to stand still: one that only stands still lets no other be started in its
        place, as one that has ended does (RLIMIT_NPROC)."""
        standing: set[int] = set()
        for _ in range(1000):
            more = [pid for pid in self.tree() if pid not in standing and not evidence.is_zombie(pid)]
            if not more:
                break
            for pid in more:
                _send(pid, signal.SIGSTOP)
            standing.update(more)
        for _ in range(1000):
            if not self.send_to_all(signal.SIGKILL):
                return


def _send(pid: int, number: int) -> None:
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.kill(pid, number)


_ours: set[int] = set()
"""The processes that this broker has started itself; its other children it has adopted."""


def no_program(pid: int) -> None:
    """A child of this broker's that belongs to no program; whoever has forked it waits for its end."""
    _ours.add(pid)


def _reaped(pid: int) -> bool:
    """Whether an adopted process has ended; asking is what init would do for it."""
    try:
        return os.waitpid(pid, os.WNOHANG)[0] != 0
    except ChildProcessError:
        return True
