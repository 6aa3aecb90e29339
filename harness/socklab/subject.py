"""The submission as checks see it, whatever its shape: what it did, what it was refused, and how it looks from outside.

`program` has functions, which are called, `command` whole programs, which are started. This judges only whether there is a
process at all; it knows no exercise.
"""

import errno
import re
from collections.abc import Sequence

from .cell import evidence
from .cell.cell import Cell
from .cell.confined import Confined
from .cell.launch import Launch
from .cell.recorder import Event
from .cell.refusals import Refused
from .patience import Patience


class Mismatch(Exception):
    """An expectation that was not met; carries its words to the report."""

    def __init__(self, expected: str, got: str, message: str = "", tried: str = "") -> None:
        super().__init__(f"expected {expected}, got {got}")
        self.expected = expected
        self.got = got
        self.message = message
        self.tried = tried


class Subject:
    """What functions and whole programs have in common. `tried`: what was done with it last, in words; `waited`: seconds of this
    check that were only for a time limit of its to run out."""

    def __init__(self, cell: Cell, launch: Launch, *, observed: bool) -> None:
        self.observed = observed  # a build with sanitizers is only used: it judges itself
        self.output = ""
        self.lost = 0
        self.tried = ""
        self.waited = 0.0
        self.hung = 0
        self.memory_errors: list[str] = []
        self.patience = Patience(self.is_idle, self.worked)
        self.signature_complaint = ""  # of a function: what is odd about its parameters
        self.threads_at_start = 1
        self.children_at_start = 0, 0
        self._cell = cell
        self._launch = launch
        self._process: Confined | None = None
        self._gaps: tuple[str, ...] = ()
        self._refused: list[Refused] = []
        self._refused_before = 0
        self._spent = False

    @property
    def process(self) -> Confined:
        """Its running process."""
        assert self._process is not None
        return self._process

    @property
    def events(self) -> Sequence[Event]:
        """The recorded calls of this check."""
        raise NotImplementedError

    # -- life of the process -----------------------------------------------------------------------------------------

    def end(self) -> None:
        """End the process and keep what it printed."""
        if self._process is not None:
            self._process.close()
            self.output += self._process.output.text()
            self._refused += self._process.refused
            self._gaps = tuple(self._process.gaps)
            self._process = None

    @property
    def spent(self) -> bool:
        """Whether the process is of no more use: crashed, hung or talking nonsense."""
        return self._spent

    def give_up(self) -> None:
        """Its process is gone; a fresh one is started when it is next needed."""
        self._spent = True

    def start_check(self) -> None:
        """Forget what the last check recorded."""
        self.lost, self.tried, self.waited = 0, "", 0.0
        self._refused_before = len(self.refused)

    @property
    def refused(self) -> list[Refused]:
        """The system calls that it was refused since the beginning."""
        return self._refused + (self._process.refused if self._process else [])

    @property
    def refused_now(self) -> list[Refused]:
        """Those of this check."""
        return self.refused[self._refused_before :]

    @property
    def gaps(self) -> tuple[str, ...]:
        """What is left open to it on this machine, in words."""
        return tuple(self._process.gaps) if self._process else self._gaps

    # -- looking from outside ----------------------------------------------------------------------------------------

    def descriptors(self) -> dict[int, str]:
        """Its open descriptors, read from outside; none if it is not observed."""
        return self._descriptors() if self.observed else {}

    def _descriptors(self) -> dict[int, str]:
        try:
            return evidence.descriptors(self.process.pid)
        except PermissionError as error:
            raise Mismatch(
                "a process that can be looked at", "it made itself unreadable (prctl, PR_SET_DUMPABLE)"
            ) from error

    def answer_for_port(self, port: int) -> None:
        """Raise Mismatch if it is the submission that has taken `port`."""
        if self._process and evidence.sockets_on(port) & set(self._descriptors().values()):
            raise Mismatch("ports left to whom they belong", f"it has taken port {port} itself")

    def extra_threads(self) -> int:
        """How many threads it has beyond those that it began with."""
        return evidence.threads(self.process.pid) - self.threads_at_start

    def children(self) -> int:
        """How many processes it has started that are still there, as zombies or alive."""
        return self.process.company() - self.children_at_start[1]

    def has_awaited_a_child(self) -> bool:
        """Whether it has started a process and waited for its end."""
        return evidence.reaped_children(self.process.pid) > self.children_at_start[0]

    def is_idle(self) -> bool:
        """Whether it does nothing until it is asked; unknown (False) for whatever acts by itself."""
        return False

    def worked(self) -> float:
        """Seconds of a processor that it has used since it began, where that may take long; else 0."""
        return 0.0

    def is_asleep(self) -> bool:
        """Whether all its threads wait for something."""
        return evidence.asleep(self.process.pid)

    def events_named(self, *names: str) -> list[Event]:
        """The recorded calls of this check with one of these names."""
        return [event for event in self.events if event.name in names]


def errno_name(number: int) -> str:
    """ECONNREFUSED and the like; the number itself if it has no name."""
    return errno.errorcode.get(number, str(number))


def sanitizer_error(output: str) -> str:
    """The line in which AddressSanitizer or UBSan says what was wrong; "" if there is none."""
    for line in re.sub("\x1b\\[[0-9;]*m", "", output).splitlines():  # it colours for a terminal, whatever it is told
        if "runtime error: " in line:
            place, _, what = line.partition("runtime error: ")
            number = re.search(r":(\d+):\d+: $", place)
            return f"undefined behaviour: {what} at line {number[1]}" if number else f"undefined behaviour: {what}"
        if "ERROR: AddressSanitizer: " in line:
            return line.partition("ERROR: AddressSanitizer: ")[2].partition(" on ")[0].partition(" (")[0]
    return ""
