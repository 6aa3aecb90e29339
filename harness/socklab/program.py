"""The submission as checks see it: something to call, and to look at from outside.

It turns what a runner answers, or fails to answer, into calls with claims and recordings; it knows no exercise, and judges
only whether there was an answer at all.
"""

import contextlib
import re
from collections.abc import Iterator
from typing import NamedTuple

from .cell import evidence, protocol
from .cell.cell import Cell
from .cell.launch import Launch
from .cell.recorder import Event
from .cell.refusals import Refused
from .cell.runner import CALL_SECONDS, NOFILE, Outcome, Runner
from .peers import Patience

SECONDS_MORE = 0.02
"""What each further call of a series adds to its time limit."""


_FOREIGN = "something else wrote to the grader's own descriptor"


class Mismatch(Exception):
    """An expectation that was not met; carries its words to the report."""

    def __init__(self, expected: str, got: str, message: str = "", tried: str = "") -> None:
        super().__init__(f"expected {expected}, got {got}")
        self.expected = expected
        self.got = got
        self.message = message
        self.tried = tried


class Call(NamedTuple):
    """One call of the submission's function: what it claims, and what was recorded meanwhile."""

    words: str
    claim: protocol.Claim
    text: str
    seconds: float
    events: tuple[Event, ...]


class Program:
    """The submission as checks see it: something to call, and to look at from outside."""

    def __init__(self, cell: Cell, launch: Launch, function: str, *, observed: bool) -> None:
        self.observed = observed  # a build with sanitizers is only called: it judges itself
        self._cell = cell
        self._launch = launch
        self._function = function
        self._runner: Runner | None = None
        self.output = ""
        self.events: list[Event] = []
        self.lost = 0
        self.tried = ""
        self.hung = 0
        self.memory_errors: list[str] = []
        self.patience = Patience()
        self.at_start: dict[int, str] = {}
        self.threads_at_start = 1
        self.children_at_start = 0, 0
        self.signature_complaint = ""
        self._refused: list[Refused] = []
        self._refused_before = 0
        self._spent = False

    # -- life of the runner ------------------------------------------------------------------------------------------

    @property
    def runner(self) -> Runner:
        """The running process; started and loaded when first needed."""
        if self._runner is None:
            self.begin(self._cell.start(self._launch))
        assert self._runner is not None
        return self._runner

    def begin(self, runner: Runner) -> protocol.Reply:
        """Load the submission into a fresh runner; the reply says whether that worked.

        Raises Mismatch if loading itself ends or hangs the process.
        """
        self._runner = runner
        self._spent = False
        outcome = runner.ask(protocol.LOAD, text=f"{self._cell.path_of(self._launch)}\0{self._function}", seconds=10.0)
        if outcome.reply is None:
            self._spent = True
            got = _FOREIGN if outcome.how == "garbled" else f"it {outcome.detail}"
            raise Mismatch("a file that can be loaded", got, "This happened while the file was being loaded.")
        self.at_start = self.descriptors()
        self.threads_at_start = evidence.threads(runner.pid)  # AddressSanitizer has one of its own
        self.children_at_start = evidence.reaped_children(runner.pid), runner.company()
        self.signature_complaint = outcome.reply.text if outcome.reply.kind == protocol.DONE else ""
        return outcome.reply

    def end(self) -> None:
        """End the process and keep what it printed; the next call starts a fresh one."""
        if self._runner is not None:
            self._runner.close()
            self.output += self._runner.output.text()
            self._refused += self._runner.refused
            self._runner = None

    @property
    def spent(self) -> bool:
        """Whether the process is of no more use: crashed, hung or talking nonsense."""
        return self._spent

    def give_up(self) -> None:
        """Its process is gone; the next call starts a fresh one."""
        self._spent = True

    def start_check(self) -> None:
        """Forget what the last check recorded."""
        self.events, self.lost, self.tried = [], 0, ""
        self._refused_before = len(self.refused)

    @property
    def refused(self) -> list[Refused]:
        """The system calls that it was refused since the beginning."""
        return self._refused + (self._runner.refused if self._runner else [])

    @property
    def gaps(self) -> tuple[str, ...]:
        """What is left open to it on this machine, in words."""
        return tuple(self.runner.gaps)

    @property
    def refused_now(self) -> list[Refused]:
        """Those of this check."""
        return self.refused[self._refused_before :]

    # -- calling -----------------------------------------------------------------------------------------------------

    def call(self, *arguments: int, stale_errno: int = 0) -> Call:
        """Call the submission's function once; `stale_errno` is what errno holds when it is entered.

        Raises Mismatch if the call does not come back.
        """
        return self.calls([arguments], stale_errno=stale_errno)[0]

    def calls(self, calls: list[tuple[int, ...]], stale_errno: int = 0) -> list[Call]:
        """Call it once for each list of arguments, without pause.

        Raises Mismatch if one of the calls does not come back.
        """
        words = f"{self._function}({', '.join(map(str, calls[0]))})"
        self.tried = words if len(calls) == 1 else f"{self._function}, {len(calls):,} times in a row"
        seconds = CALL_SECONDS + SECONDS_MORE * (len(calls) - 1)
        outcome = self.runner.ask(protocol.CALL, calls=calls, error=stale_errno, seconds=seconds)
        self.events += outcome.events
        self.lost += outcome.lost
        reply = self._reply_of(outcome)
        if self._cell.recording and self._cell.recording.tampered:
            raise Mismatch("memory of the grader left alone", "it changed what the recorder is told to do")
        if len(reply.claims) != len(calls) and reply.kind == protocol.DONE:
            self._spent = True
            raise Mismatch("one answer to each call", f"{len(reply.claims)} answers to {len(calls)} calls")
        per_call = outcome.events if len(calls) == 1 else ()
        text = reply.text
        return [
            Call(f"{self._function}({', '.join(map(str, a))})", claim, text, outcome.seconds, per_call)
            for a, claim in zip(calls, reply.claims, strict=False)
        ]

    def _reply_of(self, outcome: Outcome) -> protocol.Reply:
        if outcome.reply is not None:
            return outcome.reply
        self._spent = True
        if outcome.how == "hung":
            self.hung += 1
            raise Mismatch("an answer", outcome.detail, _where_it_hangs(outcome.events))
        if outcome.how == "died":
            self.runner.output.drain()
            error = sanitizer_error(self.runner.output.text())
            if error:
                self.memory_errors.append(error)
                raise Mismatch("no memory error", error)
            raise Mismatch(
                "an answer", f"the call {outcome.detail}", "The function must return to its caller, whatever happens."
            )
        raise Mismatch(
            "an answer from the function itself",
            _FOREIGN,
            f"The function may only close and write to descriptors that it opened itself. ({outcome.detail})",
        )

    # -- looking from outside ----------------------------------------------------------------------------------------

    def descriptors(self) -> dict[int, str]:
        """Its open descriptors, read from outside; none if it is not observed."""
        return self._descriptors() if self.observed else {}

    def _descriptors(self) -> dict[int, str]:
        try:
            return evidence.descriptors(self.runner.pid)
        except PermissionError as error:
            raise Mismatch(
                "a process that can be looked at", "it made itself unreadable (prctl, PR_SET_DUMPABLE)"
            ) from error

    def lowest_free_descriptor(self) -> int:
        """The number that its next socket will get."""
        table = self._descriptors()
        return next(number for number in range(len(table) + 1) if number not in table)

    def answer_for_port(self, port: int) -> None:
        """Raise Mismatch if it is the submission that has taken `port`."""
        if evidence.sockets_on(port) & set(self._descriptors().values()):
            raise Mismatch("ports left to whom they belong", f"it has taken port {port} itself")

    def extra_threads(self) -> int:
        """How many threads it has beyond those that it was loaded with."""
        return evidence.threads(self.runner.pid) - self.threads_at_start

    def children(self) -> int:
        """How many processes it has started, since it was loaded, that are still there, as zombies or alive."""
        return self.runner.company() - self.children_at_start[1]

    def has_awaited_a_child(self) -> bool:
        """Whether it has started a process, since it was loaded, and waited for its end."""
        return evidence.reaped_children(self.runner.pid) > self.children_at_start[0]

    def is_asleep(self) -> bool:
        """Whether all its threads wait for something."""
        return evidence.asleep(self.runner.pid)

    def events_named(self, *names: str) -> list[Event]:
        """The recorded calls of this check with one of these names."""
        return [event for event in self.events if event.name in names]

    @contextlib.contextmanager
    def only_descriptors(self, count: int) -> Iterator[None]:
        """While inside, no descriptor from `count` on can be opened (RLIMIT_NOFILE, getrlimit(2))."""
        self._limit_descriptors(count)
        try:
            yield
        finally:
            if not self._spent:
                with contextlib.suppress(ProcessLookupError):
                    self._limit_descriptors(NOFILE)

    def _limit_descriptors(self, count: int) -> None:
        try:
            self.runner.limit_descriptors(count)
        except (PermissionError, ValueError) as error:
            raise Mismatch("limits left as they are", "it changed how many descriptors it may open") from error

    @contextlib.contextmanager
    def bystanders(self) -> Iterator[None]:
        """While inside, three descriptors around the next free ones are open and belong to another part of the program."""
        free = self.lowest_free_descriptor()
        numbers = (free, free + 1, free + 3)
        for number in numbers:
            self.runner.ask(protocol.REOPEN, calls=[(number,)])
        try:
            yield
        finally:
            if not self._spent:
                for number in numbers:
                    self.runner.ask(protocol.CLOSE, calls=[(number,)])

    @contextlib.contextmanager
    def every_descriptor_taken(self, below: int) -> Iterator[None]:
        """While inside, the lowest descriptor that socket() can return is `below` or higher."""
        self.runner.ask(protocol.FILL, calls=[(below,)])
        try:
            yield
        finally:
            if not self._spent:
                self.runner.ask(protocol.EMPTY, calls=[(0,)])

    @contextlib.contextmanager
    def without_descriptor(self, number: int) -> Iterator[None]:
        """While inside, descriptor `number` is free, so that the next socket() may return it."""
        self.runner.ask(protocol.CLOSE, calls=[(number,)])
        try:
            yield
        finally:
            if not self._spent:
                self.runner.ask(protocol.REOPEN, calls=[(number,)])


def _where_it_hangs(events: tuple[Event, ...]) -> str:
    waiting = [event for event in events if event.pending]
    if waiting:
        return f"It was waiting in {waiting[-1].name}()."
    return "" if events else "No call of the socket library was recorded: it may be in a loop."


def sanitizer_error(output: str) -> str:
    """The line in which AddressSanitizer or UBSan says what was wrong; "" if there is none."""
    for line in re.sub("\x1b\\[[0-9;]*m", "", output).splitlines():  # it colours for a terminal, whatever it is told
        if "runtime error: " in line:
            return "undefined behaviour: " + line.partition("runtime error: ")[2]
        if "ERROR: AddressSanitizer: " in line:
            return line.partition("ERROR: AddressSanitizer: ")[2].partition(" on ")[0].partition(" (")[0]
    return ""
