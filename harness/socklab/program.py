"""A submission that is a function, as checks see it: something to call.

It turns what a runner answers, or fails to answer, into calls with claims and recordings; it knows no exercise, and judges
only whether there was an answer at all.
"""

import contextlib
import itertools
import os
import signal
import socket
import time
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from .cell import evidence, protocol
from .cell.cell import Cell
from .cell.confined import NOFILE
from .cell.launch import Launch
from .cell.network import NotHere
from .cell.process import most_descriptors
from .cell.recorder import Event
from .cell.runner import CALL_SECONDS, Outcome, Runner
from .peers import Stream
from .subject import Mismatch, Subject, errno_name, sanitizer_error
from .surroundings import Surroundings

SECONDS_MORE = 0.02
"""What each further call of a series adds to its time limit."""


_WAITING = 0.5
"""Seconds from which a call that has not come back is what something hangs in; a loop is in some call at any moment."""

_TIME_LIMIT = 45
"""Seconds that a caller has new sockets wait by default: longer than any call that is made under it."""

_FOREIGN = "something else wrote to the grader's own descriptor"


class Call(NamedTuple):
    """One call of the submission's function: what it claims, and what was recorded meanwhile."""

    words: str
    claim: protocol.Claim
    text: str
    seconds: float
    starved: float  # how much of that it, or the grader, waited for a CPU
    objects: bool  # whether its language answers with objects and exceptions
    events: tuple[Event, ...]

    @property
    def answer(self) -> str:
        """What came back, in words."""
        if self.claim.kind == protocol.OTHER:
            kind, _, shown = self.text.partition(" ")
            return shown or kind
        if self.claim.kind == protocol.RAISED:
            line, _, what = self.text.partition(": ")
            return f"{what.removesuffix('.')} at line {line}" if line != "0" else what
        if self.claim.kind == protocol.SOCKET:
            return "a socket"
        return str(self.claim.value)


class Program(Subject):
    """A function of the submission's, in a process of its own that is started and loaded when first needed."""

    def __init__(self, cell: Cell, launch: Launch, function: str, parameters: int, *, observed: bool) -> None:
        super().__init__(cell, launch, observed=observed)
        self._function = function
        self._parameters = parameters
        self._events: list[Event] = []
        self._objects = launch.language == "python"
        self._left: int | None = None  # how many descriptors are left to it, if that is known
        self.at_start: dict[int, str] = {}

    # -- life of the runner ------------------------------------------------------------------------------------------

    @property
    def runner(self) -> Runner:
        """The running process; started and loaded when first needed."""
        if self._process is None:
            self.begin(self._cell.start(self._launch))
        assert isinstance(self._process, Runner)
        return self._process

    @property
    def process(self) -> Runner:
        """The same."""
        return self.runner

    @property
    def events(self) -> Sequence[Event]:
        """The recorded calls of this check."""
        return self._events

    def start_check(self) -> None:
        """Forget what the last check recorded."""
        super().start_check()
        self._events = []

    def begin(self, runner: Runner) -> protocol.Reply:
        """Load the submission into a fresh runner; the reply says whether that worked.

        Raises Mismatch if loading itself ends or hangs the process.
        """
        self._process = runner
        self._spent = False
        wanted = f"{self._cell.path_of(self._launch)}\0{self._function}\0{self._parameters}"
        outcome = runner.ask(protocol.LOAD, text=wanted, seconds=10.0)
        if outcome.reply is None:
            self._spent = True
            got = _FOREIGN if outcome.how == "garbled" else f"it {outcome.detail}"
            raise Mismatch("a file that can be loaded", got, "This happened while the file was being loaded.")
        self.at_start = self.descriptors()
        self.threads_at_start = evidence.threads(runner.pid)  # AddressSanitizer has one of its own
        self.children_at_start = evidence.reaped_children(runner.pid), runner.company()
        self.signature_complaint = outcome.reply.text if outcome.reply.kind == protocol.DONE else ""
        return outcome.reply

    # -- calling -----------------------------------------------------------------------------------------------------

    def call(self, *arguments: int, stale_errno: int = 0) -> Call:
        """Call the submission's function once; `stale_errno` is what errno holds when it is entered.

        Raises Mismatch if the call does not come back.
        """
        return self.calls([arguments], stale_errno=stale_errno)[0]

    def calls(self, calls: list[tuple[int, ...]], stale_errno: int = 0, *, each: float = SECONDS_MORE) -> list[Call]:
        """Call it once for each list of arguments, without pause; `each`: how many seconds a call may take beyond those that one is
        given in any case.

        Raises Mismatch if one of the calls does not come back.
        """
        self.tried = self.in_words(calls[0]) if len(calls) == 1 else f"{self._function}, {len(calls):,} times in a row"
        return self.ask(protocol.CALL, calls, stale_errno, CALL_SECONDS + each * (len(calls) - 1))

    def calls_at_once(self, calls: list[tuple[int, ...]]) -> list[Call]:
        """The same with a thread for each, all at the same time. Raises Mismatch if one of the calls does not come back."""
        self.tried = f"{self._function}, in {len(calls)} threads at once"
        return self.ask(protocol.CALL_AT_ONCE, calls, 0, CALL_SECONDS + SECONDS_MORE * (len(calls) - 1))

    def is_idle(self) -> bool:
        """Whether its process waits for the next request: no call is under way, and no thread or child that a call left behind."""
        at_rest = self._process is not None and not self._spent
        return at_rest and not self.extra_threads() and not self.children()

    def in_words(self, arguments: tuple[int, ...]) -> str:
        """A call as one would write it, and what it is made under."""
        return _with_left(f"{self._function}({', '.join(map(str, arguments))})", self._left)

    def ask(self, operation: int, calls: list[tuple[int, ...]], stale_errno: int, seconds: float) -> list[Call]:
        """One request for all these calls, and what became of them. Raises Mismatch if one does not come back."""
        runner = self.runner
        starved = self._starved()
        outcome = runner.ask(operation, calls=calls, error=stale_errno, seconds=seconds)
        self._events += _to_tell(outcome)
        self.lost += outcome.lost
        reply = self._reply_of(outcome, len(calls))
        if self._cell.recording and self._cell.recording.tampered:
            raise Mismatch("memory of the grader left alone", "it changed what the recorder is told to do")
        if len(reply.claims) != len(calls) and reply.kind == protocol.DONE:
            self._spent = True
            raise Mismatch("one answer to each call", f"{len(reply.claims)} answers to {len(calls)} calls")
        per_call = outcome.events if len(calls) == 1 else ()
        starved = self._starved() - starved
        return [
            Call(self.in_words(arguments), claim, reply.text, outcome.seconds, starved, self._objects, per_call)
            for arguments, claim in zip(calls, reply.claims, strict=False)
        ]

    def _starved(self) -> float:
        """Seconds that the submission and this process have waited for a CPU."""
        return self.runner.starved.seconds() + self._cell.starved.seconds()

    def _reply_of(self, outcome: Outcome, calls: int = 1) -> protocol.Reply:
        if outcome.reply is not None:
            return outcome.reply
        self._spent = True
        if outcome.how == "hung":
            self.hung += 1
            raise Mismatch("an answer", outcome.detail, _where_it_hangs(outcome, calls))
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

    # -- what a call handed back -------------------------------------------------------------------------------------

    @contextlib.contextmanager
    def socket_of(self, call: Call) -> Iterator[Stream]:
        """The TCP socket that a call handed back, as the grader's own end of it; afterwards the submission's is closed.

        Raises Mismatch if the call handed back no such thing, or it is not open any more then.
        """
        number = self._descriptor_of(call)
        taken = self.runner.take_over(number)
        if taken is None:
            raise Mismatch("a socket", f"{number}, and no descriptor of that number is open", "", call.words)
        try:
            theirs = self._descriptors().get(number, "")
            if theirs != f"socket:[{os.fstat(taken).st_ino}]":
                raise Mismatch("a socket", f"descriptor {number}, which leads to {theirs or 'nothing'}", "", call.words)
            handed = socket.socket(fileno=os.dup(taken))
        finally:
            os.close(taken)
        with contextlib.closing(Stream(handed, self._cell.loop, self.patience)) as stream:
            stream.time_limit = call.claim.error / 1000 if call.claim.kind == protocol.SOCKET else 0.0
            if (handed.family, handed.type) != (socket.AF_INET, socket.SOCK_STREAM):
                kind = f"{handed.family.name}, {handed.type.name}"
                raise Mismatch("a TCP socket for IPv4", f"a socket of another kind ({kind})", "", call.words)
            left_alone = False
            try:
                yield stream
                left_alone = self._leads_to(number, theirs)
            finally:
                if not self._spent:
                    self.runner.ask(protocol.CLOSE, calls=[(number,)])
        if not left_alone:
            raise Mismatch("a socket that belongs to the caller", "one that a later call has closed", "", call.words)

    def _leads_to(self, number: int, what: str) -> bool:
        """Whether its descriptor `number` leads there, or nobody can tell any more, since it has ended or is about to."""
        try:
            now = self._descriptors()
        except Mismatch:
            return True
        return not now or now.get(number) == what

    def take_back(self, call: Call) -> None:
        """Close what a call handed back, where nobody looks at it. Raises Mismatch if that is no socket."""
        with self.socket_of(call):
            pass

    def _descriptor_of(self, call: Call) -> int:
        kind, value = call.claim.kind, call.claim.value
        if self._objects:
            if kind != protocol.SOCKET:
                raise Mismatch("a socket.socket", call.answer, "", call.words)
            if value < 0:
                raise Mismatch("an open socket", "a socket that is closed already", "", call.words)
        elif value < 0:
            got = f"{value}, with errno {errno_name(call.claim.error)}"
            raise Mismatch("a descriptor, 0 or more", got, "", call.words)
        return value

    # -- what it is called under -------------------------------------------------------------------------------------

    def _free_descriptors(self) -> Iterator[int]:
        """The numbers that its next descriptors will get, the lowest first."""
        table = self._descriptors()
        return (number for number in itertools.count() if number not in table)

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
    def descriptors_left(self, count: int = 0) -> Iterator[None]:
        """While inside, it can open so many descriptors more, and the next one fails with EMFILE."""
        self._left = count
        try:
            with self.only_descriptors(next(itertools.islice(self._free_descriptors(), count, None))):
                yield
        finally:
            self._left = None

    @contextlib.contextmanager
    def descriptor_room(self, count: int) -> Iterator[None]:
        """While inside, descriptors up to `count` can be opened (RLIMIT_NOFILE). Raises NotHere where the machine forbids that."""
        if count > most_descriptors():
            raise NotHere(f"no process may have {count} descriptors open here")
        with self.only_descriptors(count):
            yield

    @contextlib.contextmanager
    def bystanders(self) -> Iterator[None]:
        """While inside, three descriptors around the next free ones are open and belong to another part of the program."""
        free = next(self._free_descriptors())
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
    def afresh(self, *, alarm: float) -> Iterator[Surroundings]:
        """While inside: a new process, whose caller has an alarm in so many seconds (alarm(2)), handlers for it and for SIGPIPE, a
        signal that is blocked, and a time limit of its own for new sockets (socket.setdefaulttimeout()).

        Gives how that is before the first call.
        """
        self.end()
        for number in (signal.SIGALRM, signal.SIGPIPE):
            self.runner.ask(protocol.CATCH_SIGNAL, calls=[(number,)])
        self.runner.ask(protocol.BLOCK_SIGNAL, calls=[(signal.SIGUSR2,)])
        self.runner.ask(protocol.TIME_LIMIT, calls=[(_TIME_LIMIT,)])
        self._set_alarm(alarm)
        try:
            yield self.surroundings()
        finally:
            if not self._spent:
                self._set_alarm(0)

    def surroundings(self) -> Surroundings:
        """What belongs to the whole process, as it is now. Raises Mismatch if the process does not say."""
        left, limit = self._set_alarm(-1)
        return Surroundings(left, evidence.timers(self.runner.pid), evidence.signals(self.runner.pid), limit)

    def _set_alarm(self, seconds: float) -> tuple[float, str]:
        """Seconds until the alarm that there was, and the time limit of new sockets, as the process says."""
        reply = self._reply_of(self.runner.ask(protocol.ALARM, calls=[(round(seconds * 1000),)]))
        return (reply.claims[0].value / 1000 if reply.claims else 0.0), reply.text

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


def _with_left(call: str, descriptors: int | None) -> str:
    """A call, and how many descriptors are left to it."""
    if descriptors is None:
        return call
    if descriptors == 0:
        return f"{call}, with no descriptor left"
    return f"{call}, with descriptors left: {descriptors}"


def _to_tell(outcome: Outcome) -> tuple[Event, ...]:
    """What was recorded, without the call in which something that never rests just was when its time was up."""
    events = outcome.events
    just_here = outcome.how == "hung" and events and events[-1].pending and not _waits(events[-1])
    return events[:-1] if just_here else events


def _waits(event: Event) -> bool:
    written = event.started > 0  # else it is just being written down
    return written and event.pending and time.monotonic_ns() - event.started > _WAITING * 1e9


def _where_it_hangs(outcome: Outcome, calls: int) -> str:
    """What it was doing, in words. Of many calls in a row nobody knows which one it was: each may have been slow."""
    waiting = [event for event in outcome.events if _waits(event)]
    if waiting:
        return f"It was waiting in {waiting[-1].name}()."
    if outcome.lost and calls == 1:
        return f"It made {outcome.lost + len(outcome.events):,} calls meanwhile: it is in a loop."
    return "" if outcome.events or calls > 1 else "No call of the socket library was recorded: it may be in a loop."
