"""One broker process: opens a cell, runs an exercise's checks against one submission in it, and passes results on.

`Session` is the main process's end of it. The broker is forked and not executed anew, so that it has everything imported;
it ends with the main process, and everything that it started ends with it.
"""

import contextlib
import errno
import gc
import marshal
import os
import select
import signal
import struct
import time
from collections.abc import Callable, Iterator, Sequence
from itertools import groupby
from typing import Any, NamedTuple

from .cell import linux, protocol
from .cell.cell import Cell
from .cell.launch import Launch
from .cell.network import NotHere
from .cell.process import forked, leave
from .cell.recorder import Event
from .cell.refusals import Refused
from .cell.runner import Runner
from .cell.sandbox import Folder, Unavailable
from .cell.wording import in_words
from .command import Command
from .errors import HarnessError
from .model import FAILED, HARNESS_ERROR, PASSED, SKIPPED, VISIBLE
from .peers import Broken
from .program import Program
from .scene import Scene
from .subject import Mismatch
from .turns import Turns
from .vocabulary import Check

PATIENCE = 3
"""After so many calls that did not return, the checks that are left are not tried: each would cost two seconds more."""

FAILURE_SECONDS = 30.0
"""How long checks that fail may take together. A right submission, however slow the machine, uses none of it."""

TOTAL_SECONDS = 300.0
ENDING_SECONDS = 60.0
"""How long a broker that is told to end in the middle of its work may take to end what it has started: usually no time at all."""

IDLE_SECONDS = 1.0
"""The same of one that has nothing more to do."""

ASK_AGAIN = 0.005
"""Seconds after which a broker that waits for another one looks again how far that is."""

SHOWN_EVENTS = 40
REFUSALS_TOLD = 3


class Plan(NamedTuple):
    """What a broker is to do."""

    checks: tuple[Check, ...]
    name: str  # of the function, or of the program
    parameters: int | None  # how many the function has; None: it is a whole program
    launch: Launch
    tier: str
    folder: Folder
    seed: int
    interpreter: bool
    recorded: bool
    sanitized: bool
    no_sanitizer: str  # why there is no build with sanitizers, for checks that need one
    turns: Turns  # the same for all brokers that divide the checks among them
    second: bool = False  # another broker of this grade is at work at the same time


_ends: set[int] = set()
"""This process's ends of the pipes to all its brokers. A broker closes those that it inherits, or another one would not notice that
main has closed its own."""

Say = Callable[[str, Any], None]
"""Passes a message on to the main process: its kind, and plain values."""


class Session:
    """A broker at work, from the main process's side: `go`, read `messages`, `close`. `kind`: what the broker is.

    `pid`: its process; 0 once it is closed.
    """

    total_seconds = TOTAL_SECONDS

    def __init__(self, plan: Plan, kind: "Callable[[Plan, Say], Broker] | None" = None) -> None:
        results, self._write = os.pipe()
        self._wait, self._go = os.pipe()
        self._results = results
        self._idle = True
        self.turns = plan.turns
        parent = os.getpid()
        linux.libc()  # the broker cannot load anything any more once it has given up its rights
        not_its_own = {*_ends, results, self._go}

        def live() -> None:
            for end in not_its_own:
                os.close(end)
            _be_broker(plan, kind or Broker, self._wait, self._write, parent)

        # Ctrl-C is not for the broker: the main process decides when all ends.
        self.pid = forked(live, {signal.SIGINT: signal.SIG_IGN, signal.SIGTERM: leave})
        _ends.update((results, self._go))
        os.close(self._write)
        os.close(self._wait)
        self._pidfd = os.pidfd_open(self.pid)

    def go(self) -> None:
        """The submission is built: load and check it."""
        self._idle = False
        with contextlib.suppress(BrokenPipeError):  # it has ended, and said why
            os.write(self._go, b"g")

    def fileno(self) -> int:
        """What can be read when there is a message."""
        return self._results

    def messages(self) -> Iterator[tuple[str, Any]]:
        """What the broker says, as it says it: (kind, content).

        Raises HarnessError if it ends without having said "done".
        """
        deadline = time.monotonic() + self.total_seconds
        while True:
            head = self._read_exactly(4, deadline)
            body = self._read_exactly(struct.unpack("<I", head)[0], deadline) if head else b""
            if not body:
                raise HarnessError("the grading process ended before it was done")
            message = marshal.loads(body)
            self._idle = message[0] in ("done", "unavailable", "harness-error")
            yield message
            if self._idle:
                return

    def _read_exactly(self, count: int, deadline: float) -> bytes:
        parts = b""
        while len(parts) < count:
            if not select.select([self._results], [], [], max(0.0, deadline - time.monotonic()))[0]:
                raise HarnessError(f"grading took longer than {self.total_seconds:g} seconds")
            part = os.read(self._results, count - len(parts))
            if not part:
                return b""
            parts += part
        return parts

    def close(self) -> None:
        """End the broker and wait until it is gone; one that has nothing more to do ends its runner and then itself."""
        if not self.pid:
            return
        _ends.difference_update((self._results, self._go))
        os.close(self._go)
        if not self._idle:  # it first ends what it has started: in the shared tier nobody else could
            signal.pidfd_send_signal(self._pidfd, signal.SIGTERM)
        select.select([self._pidfd], [], [], IDLE_SECONDS if self._idle else ENDING_SECONDS)
        signal.pidfd_send_signal(self._pidfd, signal.SIGKILL)
        os.waitpid(self.pid, 0)
        for fd in (self._pidfd, self._results):
            os.close(fd)
        self.turns.close()
        self.pid = 0


def _be_broker(plan: Plan, kind: "Callable[[Plan, Say], Broker]", wait: int, write: int, parent: int) -> None:
    """The broker's life."""

    def say(kind: str, content: Any) -> None:
        message = marshal.dumps((kind, content))
        os.write(write, struct.pack("<I", len(message)) + message)

    broker: Broker | None = None
    try:
        gc.freeze()  # what was there before would be copied, page by page, for being looked at
        linux.die_with_parent(signal.SIGKILL)
        if os.getppid() != parent:
            os._exit(1)
        broker = kind(plan, say)
        broker.work(wait)
        say("done", None)
    except SystemExit:  # the main process has no more use for us
        pass
    except Unavailable as reason:
        say("unavailable", str(reason))
    except HarnessError as error:
        say("harness-error", str(error))
    except BaseException as error:
        say("harness-error", f"{type(error).__name__}: {error} ({_place(error)})")
    finally:
        with contextlib.suppress(BaseException):
            if broker:
                broker.program.end()


def _told(refused: list[Refused]) -> tuple[tuple[str, int, int], ...]:
    """The first few different ones: what was tried, call site, line."""
    return tuple(dict.fromkeys((each.words, each.site, each.line) for each in refused))[:REFUSALS_TOLD]


def _place(error: BaseException) -> str:
    """Where an error of ours arose. (The traceback module cannot be imported any more: the broker has given up its rights.)"""
    step = error.__traceback__
    while step and step.tb_next:
        step = step.tb_next
    return f"{os.path.basename(step.tb_frame.f_code.co_filename)}:{step.tb_lineno}" if step else "nowhere"


class Broker:
    """Lives in the forked process, without root and mostly without a file system: all that it uses is imported before."""

    def __init__(self, plan: Plan, say: Say) -> None:
        self.plan = plan
        self.say = say
        self.cell = Cell(
            *(plan.tier, plan.folder, plan.seed),
            interpreter=plan.interpreter,
            recorded=plan.recorded,
            programs=plan.parameters is None,
            second=plan.second,
        )
        self.program = self.make_program()
        self.failing = 0.0

    def make_program(self) -> Program | Command:
        """The submission as the checks are given it."""
        plan, observed = self.plan, not self.plan.sanitized
        if plan.parameters is None:
            return Command(self.cell, plan.launch, plan.name, observed=observed)
        return Program(self.cell, plan.launch, plan.name, plan.parameters, observed=observed)

    def make_scene(self) -> Scene:
        """The scene that one check is given."""
        return Scene(self.cell, self.program)

    def work(self, wait: int) -> None:
        """Open the cell, and once it is told on `wait` that the submission is built, run the checks."""
        self.cell.open()
        runner = self.cell.start(self.plan.launch)
        if not os.read(wait, 1):
            runner.close()  # the build failed: nobody needs us
            os._exit(0)
        if not self.is_loaded(runner):
            return
        self.check_all(wait)

    def check_all(self, wait: int) -> None:
        """Run the checks. (`wait` can be read when main has more to say.)"""
        printed = refused = 0
        for visibility, checks in groupby(self.plan.turns.mine(self.pause), lambda check: check.visibility):
            for check in checks:
                self.say("result", self.result_of(check))
            hidden = "" if visibility == VISIBLE else "hidden-"
            self.tell_what_was_refused(hidden, refused)
            self.program.end()  # with all that it still has to print: the next ones may be seen by fewer people
            self.say(f"{hidden}output", self.program.output[printed:][-20_000:])
            printed, refused = len(self.program.output), len(self.program.refused)

    def pause(self) -> None:
        """Wait a moment, until another broker has judged what comes before."""
        self.cell.loop.wait({}, time.monotonic() + ASK_AGAIN)

    def is_loaded(self, runner: Runner) -> bool:
        """Load the submission; whether that worked. Why it did not is said."""
        try:
            loaded = self.program.begin(runner)
        except Mismatch as mismatch:
            crash = self.cell.recording.crash() if self.cell.recording else None
            self.tell_what_was_refused()
            self.say(
                "not-loaded",
                (protocol.NOT_LOADED, f"{mismatch.got} while it was being loaded", crash.site if crash else 0),
            )
            self.program.end()
            return False
        if loaded.kind != protocol.DONE:
            self.tell_what_was_refused()
            self.program.end()
            self.say("not-loaded", (loaded.kind, loaded.text, 0))
            return False
        return True

    def tell_what_was_refused(self, hidden: str = "", before: int = 0) -> None:
        """Whatever came of it, a reader shall know what the submission tried, beyond the first `before`; and if it could have
        done it."""
        self.say(f"{hidden}refused", _told(self.program.refused[before:]))
        self.say("gaps", self.program.gaps)

    def result_of(self, check: Check) -> dict[str, Any]:
        """Run one check; what came of it, as plain values."""
        scene = self.make_scene()
        self.cell.network.begin(check.slug)
        self.program.start_check()
        started = time.monotonic()
        result: dict[str, Any] = {"slug": check.slug, "outcome": PASSED}
        try:
            self.refuse_if_pointless(check)
            check.run(self.program, scene)
        except NotHere as reason:
            result |= {"outcome": SKIPPED, "message": str(reason)}
        except Mismatch as mismatch:
            result |= {
                "outcome": FAILED,
                "expected": mismatch.expected,
                "got": mismatch.got,
                "message": mismatch.message,
            }
            result["tried"] = mismatch.tried or self.program.tried
        except Broken as how:
            result |= {"outcome": FAILED, "expected": how.expected, "got": str(how), "message": how.message}
            result["tried"] = self.program.tried
        except ProcessLookupError:  # between two calls, so no call of ours had to do with it
            self.program.give_up()
            result |= {"outcome": FAILED, "expected": "a program that lives on", "got": "it ended between two calls"}
        except (HarnessError, OSError) as error:
            result |= {"outcome": HARNESS_ERROR, "message": f"{type(error).__name__}: {error}"}
        result["arranged"] = tuple(dict.fromkeys(scene.arranged))
        self.plan.turns.tell(check, result["outcome"])
        failed = result["outcome"] not in (PASSED, SKIPPED)
        if failed:
            self.failing += time.monotonic() - started - self.program.waited
            result |= self.recording()
            result["refused"] = _told(self.program.refused_now)
            result["broke"] = self.program.spent and self.program.tried != ""  # in this check, not before it
        if self.program.spent or (failed and not check.bonus):  # the next check shall not suffer from this one
            self.program.end()
        return result

    def refuse_if_pointless(self, check: Check) -> None:
        """Raise NotHere or Mismatch if running `check` would say nothing."""
        if check.sanitized and not self.plan.sanitized:
            raise NotHere(self.plan.no_sanitizer)
        if check.sanitized:
            return  # it sums up what the others met
        for slug in check.needs:
            outcome = self.plan.turns.outcome(slug)
            if outcome == SKIPPED:
                raise NotHere("a check that it needs could not run here")
            if outcome not in (None, PASSED):
                title = next(other.title for other in self.plan.checks if other.slug == slug)
                raise Mismatch("", "", f"Not tried: it says nothing as long as this fails: {title}.", "-")
        if self.failing > FAILURE_SECONDS:
            raise Mismatch(
                "an answer", "not tried", f"Checks that failed before this one took {self.failing:.0f} seconds.", "-"
            )
        if self.program.hung >= PATIENCE:
            raise Mismatch(
                "an answer", "not tried", f"{PATIENCE} calls before this one did not return; mend those first.", "-"
            )

    def recording(self) -> dict[str, Any]:
        """The last calls of the check, in words, and where the submission was if it crashed."""
        events = self.program.events[-SHOWN_EVENTS:]
        first = events[0].started if events else 0
        crash = self.cell.recording.crash() if self.cell.recording and self.program.spent else None
        return {
            "calls": plain(events, first, {}),
            "left_out": self.program.lost + len(self.program.events) - len(events),
            "crash_site": crash.site if crash else 0,
        }


_MAKERS = ("socket", "accept", "accept4", "dup", "epoll_create1", "epoll_create")
_WITHOUT_DESCRIPTOR = (
    *("getaddrinfo", "gethostbyname", "gethostbyaddr", "getnameinfo"),
    *("system", "popen", "fork", "alarm", "setitimer"),
)


def plain(events: Sequence[Event], first: int, threads: dict[int, int]) -> tuple[tuple[Any, ...], ...]:
    """Events as the fields of RecordedCalls; times count from `first`, threads are numbered in `threads` as they appear."""
    told = [event for number, event in enumerate(events) if not _is_of_a_file(event, events[:number])]
    return tuple(_fields(event, first, threads.setdefault(event.thread, len(threads))) for event in told)


def _is_of_a_file(event: Event, before: Sequence[Event]) -> bool:
    """Whether it closed what none of the calls before it made, and was no socket: a file, such as Python's imports read."""
    quiet = event.name == "close" and event.result == 0 and not event.args[1]
    return quiet and not any(e.name in _MAKERS and e.result == event.args[0] for e in before)


def _fields(event: Event, first: int, by: int) -> tuple[Any, ...]:
    """An event as the fields of a RecordedCall, with its call site after the text."""
    seconds = None if event.pending else (event.ended - event.started) / 1e9
    parts = (
        event.name,
        _descriptor(event),
        event.result,
        errno.errorcode.get(event.error, "") if event.error else "",
        "{}:{}".format(*event.address) if event.address else "",
        by,
    )
    at = (event.started - first) / 1e9
    return in_words(event), event.site, event.line, event.injected, at, seconds, *parts


def _descriptor(event: Event) -> int:
    """The descriptor that a call was about: the one that it made, or was given; -1 for none."""
    if event.name.startswith(("exec", "posix_spawn", "pthread")) or event.name in _WITHOUT_DESCRIPTOR:
        return -1
    return event.result if event.name in _MAKERS else event.args[0]
