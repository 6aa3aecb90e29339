"""A submission that is a whole program, as checks see it: something to start, to talk to, to look at and to stop.

It knows no exercise, and judges only whether there is a program that runs at all.
"""

import contextlib
import os
import re
import signal
import time
from collections import deque
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from .cell import evidence, protocol, waiting
from .cell.cell import Cell
from .cell.confined import NOFILE, STARVED_SECONDS
from .cell.launch import Launch
from .cell.network import LOOPBACK, NotHere
from .cell.recorder import Event
from .cell.runner import Runner
from .cell.started import Started
from .patience import Patience
from .peers import Broken, Stream
from .subject import Mismatch, Subject, sanitizer_error

BEGIN_SECONDS = 5.0
"""How long a server may take until it listens, not counting time without a CPU."""

RUN_SECONDS = 3.0
"""How long a program that has nothing to serve may take until it ends."""

ENDS = (1, 65535)
"""The first port and the last one."""

_REACHED = frozenset({LOOPBACK, "0.0.0.0", f"::ffff:{LOOPBACK}"})
"""Whoever listens on one of these meets clients of 127.0.0.1. On :: it depends: there may be a listener for IPv4 yet to come."""

_LOOK_AGAIN = 0.002

_QUIET, _AT_REST = 0.1, 0.002
"""A program that uses no more than so many seconds of a processor's time in a tenth of a second is said to rest."""

_ENDING_SECONDS = 20.0
"""How long one that was told to end, and is at work, has for it on a busy machine: it may have many children to wait for."""

_TO_SETTLE = 1.0
"""Seconds of a processor that are enough for anybody to come to rest: to start a hundred children, or to end them, say."""

_TO_TAKE = 4.0
"""Seconds of a processor that are enough for anybody to take what a client sends, many megabytes at most."""

_AHEAD = 1 << 19
"""Bytes that a client may be ahead of a program that does not read them."""

_MOMENT = 1.0
"""Seconds in which whoever is at work reads something, on a busy machine too."""

_REST_SECONDS = 10.0
"""How long one waits for a program to come to rest; one that turns in circles never does."""


A_MINUTE = 61.0
"""Seconds: a program that sleeps with a time limit no longer than this is waited for until that is over, if nothing else is said."""


class Ended(NamedTuple):
    """A program that has ended. `code`: its exit code, or minus the signal that ended it."""

    words: str
    code: int
    stdout: str
    stderr: str


class Footprint(NamedTuple):
    """How much there is of a program: processes (zombies too), threads of all of them, descriptors of the first one."""

    processes: int
    threads: int
    descriptors: int


class Command(Subject):
    """A whole program; one process of it at a time, with all that this starts."""

    def __init__(self, cell: Cell, launch: Launch, name: str, *, observed: bool) -> None:
        super().__init__(cell, launch, observed=observed)
        self.patience_with_endings = Patience()
        self._name = name
        self._first_event = 0
        self._stopped = False  # it was told to end, and did
        self._is_restless = False  # it was waited for in vain to come to rest
        self._environment: Mapping[str, str] = {}  # variables that the next process of it has more

    @property
    def started(self) -> Started:
        """The running program. Raises Mismatch if none runs."""
        if not isinstance(self._process, Started):
            raise Mismatch("a program that runs", "it has ended")
        return self._process

    @property
    def events(self) -> Sequence[Event]:
        """The recorded calls of this check, as far as the recording reaches back."""
        if self._cell.recording is None:
            return ()
        found, self.lost = self._cell.recording.since(self._first_event)
        return found

    def start_check(self) -> None:
        """Forget what the last check recorded."""
        super().start_check()
        self.forget_events()
        self._spent = False

    def forget_events(self) -> None:
        """Only what is recorded from now on belongs to this check."""
        self._first_event = self._cell.recording.begun if self._cell.recording else 0

    def begin(self, runner: Runner) -> protocol.Reply:
        """See whether it can be started at all, in a language that compiles nothing before.

        Raises Mismatch if looking ends or hangs the process.
        """
        try:
            outcome = runner.ask(protocol.LOAD, text=f"{self._cell.path_of(self._launch)}\0\0", seconds=10.0)
        finally:
            runner.close()
        if outcome.reply is None:
            raise Mismatch("a file that can be loaded", f"it {outcome.detail}")
        return outcome.reply

    # -- starting and stopping ---------------------------------------------------------------------------------------

    def run(self, *arguments: str) -> Ended:
        """Start it with these arguments, beside one that serves if there is one, and wait for its end.

        Raises Mismatch if it does not end.
        """
        another = self.start(arguments, NOFILE)
        try:
            code = self._end_of(another, RUN_SECONDS)
            if code is None:
                self.hung += 1
                raise Mismatch("its end", f"it still runs after {RUN_SECONDS:g} seconds")
            return Ended(self.tried, code, another.output.text(), another.errors.text())
        finally:
            another.close()
            self._refused += another.refused
            self.note(another)

    def start(self, arguments: tuple[str, ...], descriptors: int) -> Started:
        """A process of it, which is recorded if it is the only one."""
        self.tried = self.in_words(arguments)
        launch = self._launch.with_variables(self._environment)
        return self._cell.run(launch, self._name, arguments, descriptors, recorded=self._process is None)

    def in_words(self, arguments: tuple[str, ...]) -> str:
        """The command as one would type it."""
        variables = (f"{name}={value}" for name, value in self._environment.items())
        return " ".join((*variables, self._name, *(word or "''" for word in arguments)))

    @contextlib.contextmanager
    def serving(
        self,
        *,
        port: int | None = None,
        descriptors: int = NOFILE,
        environment: Mapping[str, str] | None = None,
    ) -> Iterator[int]:
        """While inside, it runs with a port as its one argument, which it listens on: `port`, or a random one.

        `descriptors`: how many it may have open, all others are taken; `environment`: variables that it has more. Raises
        Mismatch if it does not listen, or ends before it is told to; NotHere if it shall listen on the first or last port of all
        and the network is not ours alone.
        """
        if port in ENDS:
            self._cell.network.need_private()
        number = self._free_port() if port is None else port
        self.end()
        self._stopped = False
        self._environment = environment or {}
        try:
            self._process = self.start((str(number),), descriptors)
        finally:
            self._environment = {}
        try:
            self._wait_until_it_listens(number)
            yield number
            self._answer_for_its_life()
        except (Mismatch, Broken) as disappointment:
            self._answer_for_its_life(seconds=0.2, instead_of=disappointment)
            disappointment.message = " ".join(filter(None, (disappointment.message, self._said_last())))
            raise
        finally:
            self.end()

    def _free_port(self) -> int:
        for _ in range(50):
            number = self._cell.network.port()
            if not evidence.sockets_on(number):
                return number
        raise NotHere("no free port was found")

    def _wait_until_it_listens(self, port: int) -> None:
        started = self.started
        begun, starved, overdue = time.monotonic(), self._starved(), False
        while not self._listens(port):
            if started.has_ended():
                return self._answer_for_its_life()
            if overdue:
                self._answer_for_its_life()
                self.hung += 1
                where = f"a server that listens on port {port}"
                raise Mismatch(where, f"it does not within {BEGIN_SECONDS:g} seconds", "", self.tried)
            self._cell.loop.wait({}, time.monotonic() + _LOOK_AGAIN)  # nothing tells of a listen()
            lost = min(self._starved() - starved, STARVED_SECONDS)
            overdue = (
                time.monotonic() - begun - lost > BEGIN_SECONDS
            )  # it is looked at once more: we may have been away
        return None

    def _listens(self, port: int) -> bool:
        """Whether clients of the loopback address can come; or it rests, and has listeners for others alone."""
        addresses = self.addresses(port)
        return not _REACHED.isdisjoint(addresses) or bool(addresses and self.is_asleep())

    def _starved(self) -> float:
        """Seconds that the program and this process have waited for a CPU."""
        return self.started.starved.seconds() + self._cell.starved.seconds()

    def _answer_for_its_life(self, seconds: float = 0.0, instead_of: Exception | None = None) -> None:
        """Raise Mismatch if it has ended although nobody told it to; `seconds`: it may be about to."""
        started = self._process
        if self._stopped or not isinstance(started, Started):
            return
        code = started.wait_for_end(seconds)
        crash = self._cell.recording.crash() if self._cell.recording else None
        if any(started.too_large):
            self._spent = True
            raise Mismatch(*started.too_large)
        if code is None and not (crash and instead_of):
            return
        self._spent = True
        what = f"it {started.how_it_ended()}" if code is not None else "one of its processes crashed"
        raise Mismatch("a server that goes on", what, self._said_last(), self.tried)

    def _said_last(self) -> str:
        """What it wrote last on its standard error, as a sentence; "" if it wrote nothing there."""
        if not isinstance(self._process, Started):
            return ""
        errors = self._process.errors
        errors.drain()
        said = sanitizer_error(errors.text()) or _last_words(errors.text())
        return f"It said last: {said}" if said else ""

    def end(self) -> None:
        """End it, with all that it has started, and keep what it said."""
        ended = self._process
        super().end()
        if isinstance(ended, Started):
            self.note(ended)

    def note(self, ended: Started) -> None:
        """What it said, and what its sanitizers did."""
        said = ended.errors.text()
        self.output += said
        error = sanitizer_error(said)
        if error:
            self.memory_errors.append(error)

    def signal(self, number: int) -> None:
        """Send its first process a signal."""
        self.started.signal(number)

    def settle(self) -> None:
        """Wait until it rests: until what it was doing is done, children that were just made have begun, and those that were to end
        have ended. One that never rests, but turns in circles, is not waited for long, and the next time hardly at all.
        """
        deadline = time.monotonic() + (_QUIET if self._is_restless else _REST_SECONDS)
        enough = self.started.cpu_used() + _TO_SETTLE
        while time.monotonic() < deadline and self.started.cpu_used() < enough:
            before = self.started.work()
            self.pause(_QUIET)
            if self.started.worked_since(before) < _AT_REST:
                return
        self._is_restless = True

    def end_by(self, number: int, seconds: float) -> int | None:
        """Send its first process a signal that shall end it, once it rests: a child that was just made may not yet have said what it
        does about signals. Its exit code or minus the signal, None if it still runs.
        """
        self.settle()
        self.started.signal(number)
        self._stopped = True
        return self._end_of(self.started, seconds)

    def _end_of(self, started: Started, seconds: float) -> int | None:
        """Its exit code or minus the signal, None if it goes on: after so many seconds it comes to rest, or works on and on. Where the
        kernel has not come to it yet, it does neither."""
        deadline, enough = time.monotonic() + _ENDING_SECONDS, started.cpu_used() + _TO_SETTLE
        code = started.wait_for_end(seconds)
        while code is None and time.monotonic() < deadline and started.cpu_used() < enough:
            before = started.work()
            code = started.wait_for_end(_QUIET)
            rests = started.worked_since(before) < _AT_REST
            if code is None and rests and not evidence.is_held_up(started.pid):
                break
        return code

    @contextlib.contextmanager
    def ended_alone(self, number: int) -> Iterator[None]:
        """While inside, a signal, which came when it rested, has ended its first process; what this has started lives on, unless it
        was told to end or does so by itself.

        Raises Mismatch if the first process goes on. (In the private tier bubblewrap, as its parent, would take all of it along:
        it stands still meanwhile.)
        """
        self.settle()
        first, parent = self.started.pid, evidence.parent(self.started.pid)
        held = [parent] if parent not in (0, os.getpid()) else []
        for pid in held:
            os.kill(pid, signal.SIGSTOP)
        try:
            self.started.signal(number)
            self._stopped = True
            deadline = time.monotonic() + BEGIN_SECONDS
            while evidence.parent(first) and not evidence.is_zombie(first):
                if time.monotonic() > deadline:
                    raise Mismatch("its end", "it goes on")
                self._cell.loop.wait({}, time.monotonic() + _LOOK_AGAIN)
            yield
        finally:
            for pid in held:
                os.kill(pid, signal.SIGCONT)

    # -- looking from outside ----------------------------------------------------------------------------------------

    def is_alive(self) -> bool:
        """Whether its first process runs."""
        return not self.started.has_ended()

    def footprint(self, *, zombies: bool = True) -> Footprint:
        """How much there is of it now, with or without `zombies`; all 0 if it is not observed."""
        if not self.observed:
            return Footprint(0, 0, 0)
        tree = [pid for pid in self.started.tree() if zombies or not evidence.is_zombie(pid)]
        return Footprint(len(tree), sum(map(evidence.threads, tree)), len(self.descriptors()))

    @contextlib.contextmanager
    def paused(self) -> Iterator[None]:
        """While inside, all its processes stand still (SIGSTOP); what happens meanwhile it meets all at once."""
        stopped = self.started.send_to_all(signal.SIGSTOP)
        deadline = time.monotonic() + BEGIN_SECONDS
        while not all(map(evidence.is_stopped, stopped)) and time.monotonic() < deadline:
            self._cell.loop.wait({}, time.monotonic() + _LOOK_AGAIN)
        try:
            yield
        finally:
            if isinstance(self._process, Started):
                self._process.send_to_all(signal.SIGCONT)

    def fill(self, client: Stream, data: bytes, *, processor: float = _TO_TAKE) -> int:
        """Have `client` send as much of `data` as the program takes while nothing is read there; how much that was. It is never far
        ahead: kernels keep up to 32 MiB, and whoever is slow would have all that to do.

        It ends too once the program has used `processor` seconds of a processor: one that takes long for each piece has taken enough.
        That it takes no more shows only once it rests and leaves something unread: on a busy machine it may just not have come
        to it, and a kernel short of memory drops what it then sends again after some tenths of a second.
        """
        end = self.started.cpu_used() + processor

        def enough() -> bool:
            return self.started.cpu_used() > end

        taken, deadline = 0, time.monotonic() + _REST_SECONDS
        while taken < len(data) and time.monotonic() < deadline and not enough():
            before, unread = self.started.work(), client.unread()
            more = client.fill(data[taken : taken + max(0, _AHEAD - client.ahead())], 0.3 * _QUIET, enough)
            taken += more
            if not more:
                self.pause(_LOOK_AGAIN)
            if more or client.unread() < unread:
                deadline = time.monotonic() + _REST_SECONDS
                continue
            self.pause(_QUIET)
            if self.started.worked_since(before) < _AT_REST and unread and client.unread() == unread:
                break
        return taken

    def let_it_read(self, client: Stream) -> None:
        """Wait while it reads what `client` has sent, as long as it goes on with that: who takes long for each piece is at work."""
        while ahead := client.ahead():
            deadline = time.monotonic() + _MOMENT
            while client.ahead() >= ahead:
                if time.monotonic() > deadline:
                    return
                self.pause(_QUIET)

    def mappings(self) -> int:
        """How many pieces of memory all its processes have mapped: the stack of a thread that nobody joins stays one. 0 if it is
        not observed."""
        return sum(map(evidence.mappings, self.started.tree())) if self.observed else 0

    def memory(self) -> int:
        """How many bytes of memory all its processes really use, what they share counted once; 0 if it is not observed."""
        return sum(map(evidence.proportional, self.started.tree())) if self.observed else 0

    def zombies(self) -> int:
        """How many of its processes have ended without having been waited for."""
        return sum(map(evidence.is_zombie, self.started.tree()))

    def cpu_seconds(self) -> float:
        """Processor time that it has used or waited for so far, in all its processes; 0 if it is not observed."""
        return sum(map(evidence.cpu_seconds, self.started.tree())) if self.observed else 0.0

    def own_seconds(self, client: Stream) -> float:
        """How long it takes until `client` hears of it: the processor time that it uses and the time in which it rests meanwhile.
        What it waits for a processor is not its own, and neither is what is on its way.

        0 if it is not observed.
        """
        if not self.observed:
            return 0.0
        begun = before = self.started.work()
        rested, since, was_settled = 0.0, time.monotonic(), False
        deadline = since + self.patience.for_programs
        while time.monotonic() < deadline:
            came = time.monotonic()
            now = self.started.work()
            worked = now != before or self.started.is_at_work()
            if was_settled and not worked:  # whoever ran at all may have answered, and what it said be on its way
                rested += came - since
            before = now
            since = time.monotonic() if worked else came
            was_settled = client.is_settled()  # and stays so until it works
            if not client.is_silent(_LOOK_AGAIN):
                break
        return rested + self.started.ran_since(begun)

    def worked(self) -> float:
        """Processor time that its running process, and all that this has started, have used so far; 0 if it has ended."""
        return self._process.cpu_used() if isinstance(self._process, Started) else 0.0

    def cpu_used(self) -> float:
        """Processor time that it has really used so far, in all its processes; 0 if it is not observed."""
        return self.started.cpu_used() if self.observed else 0.0

    def addresses(self, port: int) -> set[str]:
        """The addresses on which it listens on `port`."""
        found = evidence.listeners(port)
        own: set[str] = set()
        for pid in self.started.tree() if found else []:
            with contextlib.suppress(PermissionError):  # it is just ending
                own |= set(evidence.descriptors(pid).values())
        return {address for listener, address in found.items() if listener in own}

    def _descriptors(self) -> dict[int, str]:
        try:
            return super()._descriptors()
        except Mismatch:
            self._answer_for_its_life(seconds=0.2)  # one that is just ending cannot be looked at either
            raise

    def let_its_time_run_out(self, seconds: float, most: float = A_MINUTE) -> float:
        """Let it alone for so many seconds, and if it then sleeps with a time limit, or has set a timer, until that is over: one of
        more than `most` seconds is not waited for. Not at all if it is not observed.

        Returns the limit in seconds; 0 if it has none that is longer than `seconds`.
        """
        if not self.observed:
            return 0.0
        self.pause(seconds)
        limits = [*self._alarms(), *(limit for pid in self.started.tree() for limit in waiting.time_limits(pid))]
        longest = max((limit for limit in limits if limit <= most), default=0.0)
        if longest <= max(0.0, seconds):
            return 0.0
        self.pause(longest + 0.1)
        self.settle()
        self.waited += longest
        return longest

    def _alarms(self) -> Iterator[float]:
        """In how many seconds the alarms go off that its threads were recorded to set last (alarm(2), setitimer(2))."""
        due: dict[int, float] = {}
        for event in self.events_named("alarm", "setitimer"):
            timer, milliseconds = (
                (signal.ITIMER_REAL, 1000 * event.args[0]) if event.name == "alarm" else event.args[:2]
            )
            if timer == signal.ITIMER_REAL:
                due[event.thread] = event.started / 1e9 + milliseconds / 1e3
        return (left for each in due.values() if (left := each - time.monotonic()) > 0)

    def pause(self, seconds: float) -> None:
        """Let it alone for a while; what it asks of the grader meanwhile is answered."""
        self._cell.loop.wait({}, time.monotonic() + seconds)


_UNCAUGHT = re.compile(r"^Traceback \(most recent call last\):\n(?P<way>(?:  .*\n)+)(?P<what>\S.*)", re.MULTILINE)
"""As traceback.print_exception() writes it."""


def _last_words(text: str) -> str:
    """The last line that it wrote; if it wrote of an exception of Python's, the last such one, and the line of its code."""
    uncaught = deque(_UNCAUGHT.finditer(text), maxlen=1)
    if not uncaught:
        return next((line.strip()[:200] for line in reversed(text.splitlines()) if line.strip()), "")
    last = uncaught[0]["what"].strip()[:200]
    place = re.findall(r'^  File "\w+\.py", line (\d+)', uncaught[0]["way"], re.MULTILINE)
    return f"{last} (line {place[-1]})" if place else last
