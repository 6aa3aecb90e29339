"""One check, played once, with all that happens told as it happens."""

import contextlib
import os
import signal
import sys
from collections.abc import Callable, Iterator, Sequence
from typing import Any

from .. import catalog
from ..cell import protocol
from ..cell.cell import Cell
from ..cell.process import forked
from ..cell.recorder import Event
from ..cell.sandbox import Folder
from ..cell.started import Started
from ..command import Command
from ..errors import SetupError, UsageError
from ..grading import Job, Options, is_offered, recorded, unknown_check
from ..i18n import padded, tr
from ..model import EXIT_CODES, HARNESS_ERROR, SKIPPED, UNGRADABLE, RecordedCall, Report
from ..program import Call, Program
from ..reports import terminal
from ..scene import Scene
from ..session import SHOWN_EVENTS, Broker, Plan, Say, Session, plain
from ..subject import Subject, errno_name
from ..vocabulary import Check
from ..workshop import Workshop


def chosen(exercise: catalog.Exercise, slug: str, options: Options) -> Check:
    """The check of that name, if `options` offer it.

    Raises UsageError if there is none, or if it has no scene of its own.
    """
    offered = tuple(check for check in exercise.checks if is_offered(check, options))
    found = next((check for check in offered if check.slug == slug), None)
    if found is None:
        raise unknown_check(exercise, slug, offered)
    if found.sanitized:
        raise UsageError(
            f"{slug} judges what the calls of all other checks did to memory; it arranges nothing itself. "
            f"Try: socklab check FILE --only {slug}"
        )
    return found


@contextlib.contextmanager
def janitor(folder: Folder) -> Iterator[None]:
    """While inside, a process waits to delete `folder` should this one be killed: nobody else could then."""
    reading, writing = os.pipe()

    def wait() -> None:
        os.close(writing)
        for fd in (0, 1, 2):
            os.dup2(os.open(os.devnull, os.O_RDWR), fd)
        while os.read(reading, 1):
            pass
        folder.remove()

    deaf_to = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGTSTP)
    pid = forked(wait, dict.fromkeys(deaf_to, signal.SIG_IGN))
    os.close(reading)
    try:
        yield
    finally:
        os.close(writing)
        os.waitpid(pid, 0)


class Telling(Job):
    """A job that tells what is called, as it happens."""

    def __init__(self, workshop: Workshop, options: Options) -> None:
        super().__init__(workshop, options)
        self._lines: dict[int, int] = {}

    def print(self, line: str) -> None:
        """At once, whoever reads."""
        print(line, flush=True)

    def called(self, content: tuple[Any, ...]) -> None:
        """Tell recorded calls: those, how many before them are left out, what came back and after how long."""
        events, left_out, answer, seconds = content
        sites = sorted({site for _, site, line, *_ in events if site and not line} - set(self._lines))
        self._lines |= self.language.lines_of(self.workshop.sandbox, sites)
        if left_out:
            self.print("      " + tr("({number} recorded calls before these are left out)", number=f"{left_out:,}"))
        for call in (recorded(event, self._lines) for event in events):
            where = padded(place(call), 12 if call.by else 9)
            took = "" if call.seconds is None else f"  {_milliseconds(call.seconds)}"
            self.print(f"      {_milliseconds(call.at, '+'):>10}  {where}  {call.text}{took}")
        if answer:
            self.print(labelled("returned", f"{terminal.visible(answer)}  after {_milliseconds(seconds)}"))


class OneCheck(Telling):
    """A job of one check, without those that it needs."""

    def __init__(self, workshop: Workshop, options: Options, slug: str) -> None:
        super().__init__(workshop, options)
        self.slug = slug

    def chosen_checks(self) -> tuple[Check, ...]:
        """The one that was named; by itself a bonus check is judged as any other."""
        check = chosen(self.exercise, self.slug, self.options)
        if check.languages and self.language.name not in check.languages:
            raise UsageError(f"{self.slug} is a check for {' and '.join(check.languages)} submissions only.")
        return (check._replace(bonus=False),)


class Replay(OneCheck):
    """Tells what is arranged and called, as it happens."""

    def __init__(self, workshop: Workshop, options: Options, slug: str) -> None:
        super().__init__(workshop, options, slug)
        self._begun = False
        self._calls = 0

    def open_session(self, plan: Plan) -> Session:
        """A broker that tells."""
        told = {"arranged": self._arranged, "calling": self._calling, "called": self.called}
        return Told(plan, _LiveBroker, told)

    def begin(self) -> None:
        """Say, once, what this is about."""
        if not self._begun:
            self._begun = True
            check = chosen(self.exercise, self.slug, self.options)
            self.print(
                f"{terminal.visible(self.submission.file)}  {self.exercise.slug} {self.slug}: {tr(check.title)}\n"
            )

    def _arranged(self, words: str) -> None:
        self.begin()
        self.print(labelled("arranged", words))

    def _calling(self, words: str) -> None:
        self.begin()
        self._calls += 1
        self.print(labelled("call", words))

    def tell(self, report: Report) -> int:
        """Say how it ended; the exit code."""
        colour, width = terminal.traits()
        result = next(iter(report.results), None)
        if result is None or report.outcome in (UNGRADABLE, HARNESS_ERROR):
            if result and result.outcome == SKIPPED:
                raise SetupError(f"{self.slug} cannot be arranged here: {result.message}.")
            sys.stdout.write(terminal.render_many([report], colour=colour, width=width))
            return EXIT_CODES[report.outcome]
        self.begin()
        if not self._calls:
            self.print(labelled("call", "none: this check judges without one"))
        if chosen(self.exercise, self.slug, self.options).last:
            self.print(labelled("note", "this check looks back on all others; replayed by itself, on none"))
        print()
        sys.stdout.write(terminal.verdict(report, colour=colour, width=width))
        return EXIT_CODES[report.outcome]


def place(call: RecordedCall) -> str:
    """The call's line, and which of several threads and processes made it."""
    line = tr("line {line}", line=call.line) if call.line else ""
    return f"{line} #{call.by + 1}" if call.by else line


def labelled(label: str, text: str) -> str:
    """A row of what is told, in the reader's language."""
    return f"    {padded(tr(label), 9)} {tr(text)}"


def _milliseconds(seconds: float, sign: str = "") -> str:
    return f"{sign}{seconds * 1000:.2f} ms"


class Told(Session):
    """Hands some kinds of messages to whom they concern, and passes the others on."""

    def __init__(self, plan: Plan, kind: Callable[[Plan, Say], Broker], told: dict[str, Callable[[Any], None]]) -> None:
        super().__init__(plan, kind)
        self._told = told

    def messages(self) -> Iterator[tuple[str, Any]]:
        """Those for the job."""
        for kind, content in super().messages():
            if kind in self._told:
                self._told[kind](content)
            else:
                yield kind, content


class ToldScene(Scene):
    """Says what is arranged when it is."""

    def __init__(self, cell: Cell, program: Subject, say: Say) -> None:
        super().__init__(cell, program)
        self._say = say

    def _tell(self, words: str) -> None:
        super()._tell(words)
        self._say("arranged", words)


class _LiveBroker(Broker):
    """Tells main of everything as it happens."""

    def make_program(self) -> Program | Command:
        """One whose calls, or whose runs, are told."""
        return (_LiveCommand if self.plan.parameters is None else _Live)(self.cell, self.plan, self.say)

    def make_scene(self) -> Scene:
        """One that is told."""
        return ToldScene(self.cell, self.program, self.say)


class _Live(Program):
    """Tells of each call when it begins, and what was recorded when it is over, however that was."""

    def __init__(self, cell: Cell, plan: Plan, say: Say) -> None:
        super().__init__(cell, plan.launch, plan.name, plan.parameters or 0, observed=True)
        self._say = say

    def ask(self, operation: int, calls: list[tuple[int, ...]], stale_errno: int, seconds: float) -> list[Call]:
        """As Program does it."""
        rest = f"{len(calls) - 1:,}"
        more = f" and {rest} more at once" if operation == protocol.CALL_AT_ONCE else f" and {rest} more in a row"
        more = more if len(calls) > 1 else ""
        entered = f", entered with errno {errno_name(stale_errno)}" if stale_errno else ""
        self._say("calling", self.in_words(calls[0]) + more + entered)
        before, lost = len(self.events), self.lost
        answer, took = "", 0.0
        try:
            made = super().ask(operation, calls, stale_errno, seconds)
            if len(made) == 1:
                answer, took = made[0].answer, made[0].seconds
            return made
        finally:
            self._say("called", (*_shown(self.events[before:], self.lost - lost), answer, took))


class _LiveCommand(Command):
    """Tells of each start, and what was recorded when the program has ended, however that was."""

    def __init__(self, cell: Cell, plan: Plan, say: Say) -> None:
        super().__init__(cell, plan.launch, plan.name, observed=True)
        self._say = say

    def start(self, arguments: tuple[str, ...], descriptors: int) -> Started:
        """As Command does it."""
        self._say("calling", self.in_words(arguments))
        return super().start(arguments, descriptors)

    def note(self, ended: Started) -> None:
        """As Command does it."""
        super().note(ended)
        self._say("called", (*_shown(self.events, self.lost), "", 0.0))
        self.forget_events()


def _shown(events: Sequence[Event], lost: int) -> tuple[tuple[Any, ...], int]:
    """The last few, as they are told, and how many came before those."""
    shown = events[-SHOWN_EVENTS:]
    first = shown[0].started if shown else 0
    return plain(shown, first, {}), lost + len(events) - len(shown)
