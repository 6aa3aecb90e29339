"""`socklab replay` and `socklab scene`: one check's scene, played once with all that happens told, or held open to look around.

A scene is held by running the check itself up to its first call of the submission: there, in the middle of the check's
`with` blocks, a program of the user's own choice runs in the cell's network in place of that call.
"""

import contextlib
import errno
import fcntl
import itertools
import os
import select
import signal
import sys
import termios
import tty
from collections.abc import Callable, Iterator, Sequence
from typing import Any, NamedTuple, NoReturn

from . import catalog, submission
from .cell.cell import Cell
from .cell.launch import Driver
from .cell.process import which
from .cell.recorder import Faults
from .cell.sandbox import INSIDE, PRIVATE, SHARED, ByHand, Folder, Unavailable, reachable_by_all
from .errors import HarnessError, SetupError, UsageError
from .grading import Job, Options, any_seed, recorded, unknown_check
from .i18n import padded, tr
from .languages import all_languages
from .model import EXIT_CODES, FAILED, HARNESS_ERROR, PASSED, SKIPPED, UNGRADABLE, CheckResult, Report
from .program import Call, Program
from .reports import terminal
from .scene import Scene
from .session import SHOWN_EVENTS, Broker, Plan, Say, Session, plain
from .submission import Submission
from .vocabulary import Check
from .workshop import Workshop

_PATH = ("/usr/local/sbin", "/usr/local/bin", "/usr/sbin", "/usr/bin", "/sbin", "/bin")
_PACKAGES = {"nc": "netcat-openbsd", "ss": "iproute2", "ip": "iproute2", "pdb": "python3", "ping": "iputils-ping"}
_NEVER_SHOWN = ("/", "/tmp", "/etc", "/dev", "/proc", "/sys", INSIDE)
"""Folders that a sandbox has of its own."""


def replay(slug: str, check: str, path: str, command: Sequence[str], options: Options) -> int:
    """`socklab replay`: run one check and tell what happens, or hold its scene for `command`; the exit code.

    Raises UsageError for an unknown exercise, check or file, SetupError for what this machine lacks.
    """
    exercise = catalog.find(slug)
    _chosen(exercise, check)
    handed_in = submission.read(path)
    if command:
        try:
            return _hold(exercise, handed_in, check, Errand(tuple(command), by_hand=True), options)
        except Unavailable as reason:
            raise _no_inside(reason) from reason
    options = options._replace(seed=any_seed() if options.seed is None else options.seed, sanitize=False)
    tier, why = options.tier, "asked for"
    while True:
        workshop = Workshop(exercise, handed_in, tier=tier, tier_reason=why, sanitize=False)
        with _janitor(workshop.folder):
            job = _Replay(workshop, options, check)
            try:
                return job.tell(job.run())
            except Unavailable as reason:
                if options.tier == PRIVATE or workshop.tier == SHARED:
                    raise SetupError(f"the {workshop.tier} tier cannot be had on this machine: {reason}") from reason
                tier, why = SHARED, str(reason)
            finally:
                job.close()


def hold_scene(slug: str, check: str, command: Sequence[str], options: Options) -> int:
    """`socklab scene`: hold a check's scene open for `command`, a shell, or until standard input ends; the exit code.

    Raises UsageError for an unknown exercise or check, SetupError for what this machine lacks.
    """
    exercise = catalog.find(slug)
    _chosen(exercise, check)
    inside = tuple(command)
    if not inside and options.tier != SHARED and os.isatty(0):
        inside = ("bash",) if which("bash") else ("sh",)
    try:
        return _hold(exercise, _stand_in(exercise), check, Errand(inside, by_hand=False), options)
    except Unavailable as reason:
        if command or options.tier:
            raise _no_inside(reason) from reason
        why = f"the private tier cannot be had here: {reason}"
        errand = Errand((), by_hand=False)
        return _hold(exercise, _stand_in(exercise), check, errand, options._replace(tier=SHARED), why)


def _no_inside(reason: Unavailable) -> SetupError:
    return SetupError(
        f"a scene can only be entered in a private network, and that cannot be had here: {reason}. "
        "`socklab doctor` says how to mend it."
    )


def _stand_in(exercise: catalog.Exercise) -> Submission:
    """What a scene is arranged around where there is no submission: it is loaded, and never called."""
    for language in reversed(all_languages()):  # Python first: it needs no compiler
        content = exercise.starter(language.suffixes[0])
        if content is not None:
            return Submission("starter" + language.suffixes[0], content)
    raise HarnessError(f"{exercise.slug} has nothing to begin with")


def _chosen(exercise: catalog.Exercise, slug: str) -> Check:
    """The check of that name.

    Raises UsageError if there is none, or if it has no scene of its own.
    """
    found = next((check for check in exercise.checks if check.slug == slug), None)
    if found is None:
        raise unknown_check(exercise, slug, exercise.checks)
    if found.sanitized:
        raise UsageError(
            f"{slug} judges what the calls of all other checks did to memory; it arranges nothing itself. "
            f"Try: socklab check FILE --only {slug}"
        )
    return found


# -- one check, told -------------------------------------------------------------------------------------------------


class _OneCheck(Job):
    """A job of one check, without those that it needs."""

    def __init__(self, workshop: Workshop, options: Options, slug: str) -> None:
        super().__init__(workshop, options)
        self.slug = slug

    def chosen_checks(self) -> tuple[Check, ...]:
        """The one that was named; by itself a bonus check is judged as any other."""
        check = _chosen(self.exercise, self.slug)
        if check.languages and self.language.name not in check.languages:
            raise UsageError(f"{self.slug} is a check for {' and '.join(check.languages)} submissions only.")
        return (check._replace(bonus=False),)


class _Replay(_OneCheck):
    """Tells what is arranged and called, as it happens."""

    def __init__(self, workshop: Workshop, options: Options, slug: str) -> None:
        super().__init__(workshop, options, slug)
        self._begun = False
        self._lines: dict[int, int] = {}
        self._calls = 0

    def open_session(self, plan: Plan) -> Session:
        """A broker that tells."""
        told = {"arranged": self._arranged, "calling": self._calling, "called": self._called}
        return _Told(plan, _LiveBroker, told)

    def begin(self) -> None:
        """Say, once, what this is about."""
        if not self._begun:
            self._begun = True
            check = _chosen(self.exercise, self.slug)
            _print(f"{terminal.visible(self.submission.file)}  {self.exercise.slug} {self.slug}: {tr(check.title)}\n")

    def _arranged(self, words: str) -> None:
        self.begin()
        _print(_labelled("arranged", words))

    def _calling(self, words: str) -> None:
        self.begin()
        self._calls += 1
        _print(_labelled("call", words))

    def _called(self, content: tuple[Any, ...]) -> None:
        events, left_out, answer, seconds = content
        sites = sorted({site for _, site, line, *_ in events if site and not line} - set(self._lines))
        self._lines |= self.language.lines_of(self.workshop.sandbox, sites)
        if left_out:
            _print("      " + tr("({number} recorded calls before these are left out)", number=f"{left_out:,}"))
        for call in (recorded(event, self._lines) for event in events):
            where = padded(tr("line {line}", line=call.line) if call.line else "", 9)
            took = "" if call.seconds is None else f"  {_milliseconds(call.seconds)}"
            _print(f"      {_milliseconds(call.at, '+'):>10}  {where}  {call.text}{took}")
        if answer:
            _print(_labelled("returned", f"{terminal.visible(answer)}  after {_milliseconds(seconds)}"))

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
            _print(_labelled("call", "none: this check judges without one"))
        if _chosen(self.exercise, self.slug).last:
            _print(_labelled("note", "this check looks back on all others; replayed by itself, on none"))
        print()
        sys.stdout.write(terminal.verdict(report, colour=colour, width=width))
        return EXIT_CODES[report.outcome]


def _print(line: str) -> None:
    """At once, whoever reads."""
    print(line, flush=True)


def _labelled(label: str, text: str) -> str:
    return f"    {padded(tr(label), 9)} {tr(text)}"


def _milliseconds(seconds: float, sign: str = "") -> str:
    return f"{sign}{seconds * 1000:.2f} ms"


class _Told(Session):
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


class _ToldScene(Scene):
    """Says what is arranged when it is."""

    def __init__(self, cell: Cell, program: Program, say: Say) -> None:
        super().__init__(cell, program)
        self._say = say

    def _tell(self, words: str) -> None:
        super()._tell(words)
        self._say("arranged", words)


class _LiveBroker(Broker):
    """Tells main of everything as it happens."""

    def make_program(self) -> Program:
        """One whose calls are told."""
        return _Live(self.cell, self.plan, self.say)

    def make_scene(self) -> Scene:
        """One that is told."""
        return _ToldScene(self.cell, self.program, self.say)


class _Live(Program):
    """Tells of each call when it begins, and what was recorded when it is over, however that was."""

    def __init__(self, cell: Cell, plan: Plan, say: Say) -> None:
        super().__init__(cell, plan.launch, plan.function, observed=True)
        self._say = say

    def calls(self, calls: list[tuple[int, ...]], stale_errno: int = 0) -> list[Call]:
        """As Program does it."""
        words = f"{self._function}({', '.join(map(str, calls[0]))})"
        more = f" and {len(calls) - 1:,} more in a row" if len(calls) > 1 else ""
        entered = f", entered with errno {errno.errorcode.get(stale_errno, stale_errno)}" if stale_errno else ""
        self._say("calling", words + more + entered)
        before, lost = len(self.events), self.lost
        answer, seconds = "", 0.0
        try:
            made = super().calls(calls, stale_errno)
            if len(made) == 1:
                answer, seconds = made[0].text or str(made[0].claim.value), made[0].seconds
            return made
        finally:
            events = self.events[before:]
            shown = events[-SHOWN_EVENTS:]
            first = shown[0].started if shown else 0
            left_out = self.lost - lost + len(events) - len(shown)
            self._say("called", (tuple(plain(event, first) for event in shown), left_out, answer, seconds))


# -- a scene that is held --------------------------------------------------------------------------------------------


class Errand(NamedTuple):
    """What to do while a scene is held: run `command`, or wait if it is empty. `by_hand`: with a way to call the function."""

    command: tuple[str, ...]
    by_hand: bool


class _Entry(NamedTuple):
    """How a program of the user's is started in the cell; words and environment lack the call's argument."""

    argv: Callable[[str], list[str]]
    files: dict[str, bytes]
    environment: dict[str, str]
    descriptors: dict[int, int]
    by_hand: ByHand


def _hold(
    exercise: catalog.Exercise,
    handed_in: Submission,
    check: str,
    errand: Errand,
    options: Options,
    why: str = "asked for",
) -> int:
    """Hold the scene for `errand`; the exit code. Raises Unavailable if the private tier is needed and not to be had."""
    options = options._replace(seed=any_seed() if options.seed is None else options.seed, sanitize=False)
    if errand.command and options.tier == SHARED:
        raise UsageError(
            "in the shared tier nothing can be run inside: there is no network of its own to enter. The scene is on this "
            f"machine's loopback: hold it with `socklab scene {exercise.slug} {check} --tier shared` and use another terminal."
        )
    workshop = Workshop(exercise, handed_in, tier=options.tier, tier_reason=why, sanitize=False)
    with _janitor(workshop.folder), _hangup_ends():
        job = _Hold(workshop, options, check, errand)
        try:
            if errand.command and workshop.tier == SHARED:
                raise Unavailable("bubblewrap is not installed")
            return job.tell(job.run())
        finally:
            job.close()


@contextlib.contextmanager
def _hangup_ends() -> Iterator[None]:
    """A terminal that is closed ends us as SIGTERM does: everything is torn down on the way."""

    def end(number: int, _: object) -> NoReturn:
        raise SystemExit(128 + number)

    before = signal.signal(signal.SIGHUP, end)
    try:
        yield
    finally:
        signal.signal(signal.SIGHUP, before)


@contextlib.contextmanager
def _janitor(folder: Folder) -> Iterator[None]:
    """While inside, a process waits to delete `folder` should this one be killed: nobody else could then."""
    reading, writing = os.pipe()
    pid = os.fork()
    if pid == 0:
        try:
            for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGTSTP):
                signal.signal(number, signal.SIG_IGN)
            os.close(writing)
            for fd in (0, 1, 2):
                os.dup2(os.open(os.devnull, os.O_RDWR), fd)
            while os.read(reading, 1):
                pass
            folder.remove()
        finally:
            os._exit(0)
    os.close(reading)
    try:
        yield
    finally:
        os.close(writing)
        os.waitpid(pid, 0)


class _Hold(_OneCheck):
    """Runs the check up to its first call, and the errand there."""

    def __init__(self, workshop: Workshop, options: Options, slug: str, errand: Errand) -> None:
        super().__init__(workshop, options, slug)
        self._errand = errand
        self._arranged: list[str] = []
        self._out = sys.stderr if errand.command else sys.stdout
        self._master = self._slave = -1
        self.code: int | None = None

    def open_session(self, plan: Plan) -> Session:
        """A broker that holds the scene."""
        entry = self._entry() if self._errand.command else None
        told = {"arranged": self._arranged.append, "held": self._do_errand, "ended": self._ended}
        session = _Held(plan, lambda plan, say: _HoldingBroker(plan, say, entry), told)
        if self._slave >= 0:
            os.close(self._slave)
            self._slave = -1
        return session

    def close(self) -> None:
        """Give the terminal back too."""
        super().close()
        for fd in (self._master, self._slave):
            if fd >= 0:
                os.close(fd)
        self._master = self._slave = -1

    def remarks(self) -> tuple[str, ...]:
        """None: the stand-in is nobody's file."""
        return ()

    # -- what is run -------------------------------------------------------------------------------------------------

    def _entry(self) -> _Entry:
        """How the command is started.

        Raises SetupError if it is not installed.
        """
        driver = None
        if self._errand.by_hand:
            driver = self.language.driver(self.workshop.sandbox, self.submission.content, self.exercise.function)
        folders = [*([INSIDE] if driver else []), *self._python_folder(driver), *_PATH]
        _refuse_if_missing(self._errand.command[0], folders, driver)
        here = os.getcwd()
        user = self.workshop.folder.user
        shown = () if here in _NEVER_SHOWN or (user is not None and not reachable_by_all(here)) else (here,)
        environment = {"PATH": ":".join(folders), "TERM": os.environ.get("TERM", "dumb")}
        environment["PS1"] = f"(scene {self.slug}) \\w \\$ "
        descriptors = {0: 0, 1: 1, 2: 2}
        if os.isatty(0):
            self._master, self._slave = os.openpty()
            termios.tcsetattr(self._slave, termios.TCSANOW, termios.tcgetattr(0))
            _copy_size(0, self._master)
            descriptors = {fd: self._slave if os.isatty(fd) else fd for fd in (0, 1, 2)}
        return _Entry(
            lambda argument: completed(self._errand.command, driver, argument),
            driver.files if driver else {},
            environment | (driver.environment if driver else {}),
            descriptors,
            ByHand(shown, INSIDE if driver else next(iter(shown), "/tmp"), terminal=self._master >= 0),
        )

    def _python_folder(self, driver: Driver | None) -> list[str]:
        """Where the interpreter's own programs are, which a submission in Python may be looked at with."""
        return [os.path.dirname(os.path.realpath(sys.executable))] if driver and self.language.interpreter else []

    # -- while it is held --------------------------------------------------------------------------------------------

    def _do_errand(self, content: tuple[Any, ...]) -> None:
        arguments, stale, broker, remarks = content
        self._introduce(arguments, stale, broker, remarks)
        if not self._errand.command:
            _wait_for_end_of_input(self.sessions[0].fileno())
            self.code = 0
            raise _Left
        self.sessions[0].go()
        if self._master >= 0:
            _relay(self._master, self.sessions[0].fileno())
        else:
            select.select([self.sessions[0]], [], [])

    def _ended(self, code: int) -> None:
        self.code = code if code >= 0 else 128 - code

    def _introduce(self, arguments: tuple[int, ...], stale: int, broker: int, remarks: tuple[str, ...]) -> None:
        """Say what is arranged, and how to go about it."""
        check = _chosen(self.exercise, self.slug)
        port = arguments[0] if arguments else 0
        file = f"{terminal.visible(self.submission.file)}  " if self._errand.by_hand else ""
        rows = [f"{file}{self.exercise.slug} {self.slug}: {tr(check.title)}", ""]
        rows += [_labelled("arranged", words) for words in dict.fromkeys(self._arranged)]
        rows += [] if self._arranged else [_labelled("arranged", "nothing: the number alone matters")]
        rows += [_labelled("port", f"{port}  (the check's first call is {self._words(arguments, stale)})")]
        rows += [_labelled("note", remark) for remark in remarks]
        if self._errand.by_hand:
            more = f" {stale}" if stale else ""
            rows.append(
                _labelled("to call", f"./call {port}{more}  calls {self.exercise.function}({port}); PORT is set")
            )
            if self.language.name == "python":
                rows.append(_labelled("to debug", f"python3 -m pdb {INSIDE}/call.py {port}"))
        if self.workshop.tier == PRIVATE:
            enter = f"nsenter --target {broker} --user --net --preserve-credentials bash"
            rows += [_labelled("to enter", f"{enter}  from another terminal")] if which("nsenter") else []
            rows.append(
                _labelled("network", "private: everything stays on its own loopback, and no machine is in reach")
            )
        else:
            rows.append(_labelled("network", "this machine's own loopback: probe 127.0.0.1 from another terminal"))
            rows.append(_labelled("because", self.workshop.tier_reason))
        leave = "when the command ends" if self._errand.command else "when standard input ends, or with Ctrl-C"
        rows.append(_labelled("torn down", f"{leave}  (seed {self.options.seed})"))
        print("\n".join(rows), end="\n\n", file=self._out, flush=True)

    def _words(self, arguments: tuple[int, ...], stale: int) -> str:
        entered = f", entered with errno {errno.errorcode.get(stale, stale)}" if stale else ""
        return f"{self.exercise.function}({', '.join(map(str, arguments))}){entered}"

    def collect(self, session: Session, wanted: set[str] | None) -> dict[str, dict[str, Any]]:
        """Nothing, once the scene was held."""
        try:
            return super().collect(session, wanted)
        except _Left:
            return {}

    def judge(self, checks: tuple[Check, ...], raw: dict[str, dict[str, Any]]) -> Report:
        """There is no verdict on a scene that was held."""
        return self.report(PASSED, "") if self.code is not None else super().judge(checks, raw)

    def tell(self, report: Report) -> int:
        """The exit code: the command's own."""
        if self.code is not None:
            return self.code
        result: CheckResult | None = next(iter(report.results), None)
        if result and result.outcome == SKIPPED:
            raise SetupError(f"{self.slug} cannot be arranged here: {result.message}.")
        if result and report.outcome in (PASSED, FAILED) and not result.tried:
            raise UsageError(f"{self.slug} calls nothing and arranges nothing that could be held.")
        colour, width = terminal.traits()
        sys.stdout.write(terminal.render_many([report], colour=colour, width=width))
        return EXIT_CODES[report.outcome]


def _refuse_if_missing(program: str, folders: Sequence[str], driver: Driver | None) -> None:
    """Raise SetupError if the cell will not have `program`."""
    name = os.path.basename(program)
    if os.sep in program:
        there = os.path.exists(program) or not os.path.isabs(program) or program.startswith(f"{INSIDE}/")
    else:
        there = bool(driver and name in driver.files) or any(
            os.access(os.path.join(folder, name), os.X_OK) for folder in folders
        )
    if not there:
        package = _PACKAGES.get(name, name)
        where = which(program)
        raise SetupError(
            f"{terminal.visible(program)} is in {os.path.dirname(where)}, which is not shown inside; programs are taken from /usr."
            if where and os.sep not in program
            else f"{terminal.visible(program)} is not installed. Install it: sudo apt-get install {terminal.visible(package)}"
        )


def completed(command: Sequence[str], driver: Driver | None, argument: str) -> list[str]:
    """The words to run: a debugger or tracer is given the call that it is to look at, unless its own words name it."""
    program, *rest = command
    if driver is None or any(os.path.basename(word) in driver.files for word in rest):
        return list(command)
    before = driver.tools.get(os.path.basename(program))
    if before is None:
        return list(command)
    call = [*driver.argv, argument]
    if os.path.basename(program) == "gdb":
        if driver.argv[0].endswith("python3"):
            call[0] = os.path.realpath(sys.executable)  # gdb takes no script
        return [program, *before, *rest, "--args", *call]
    if os.path.basename(program).startswith("python"):
        return [driver.argv[0], *rest, *call[1:]]
    return [program, *before, *rest, *call]


class _Left(Exception):
    """The errand is done, and the scene with it."""


class _Held(_Told):
    """The messages after an errand, which may have taken hours, are waited for anew."""

    def messages(self) -> Iterator[tuple[str, Any]]:
        """Those for the job."""
        for kind, content in Session.messages(self):
            if kind not in self._told:
                yield kind, content
                continue
            self._told[kind](content)
            if kind == "held":
                yield from self.messages()
                return


class _HoldingBroker(Broker):
    """Holds the scene of a check's first call."""

    def __init__(self, plan: Plan, say: Say, entry: _Entry | None) -> None:
        self._entry = entry
        self._wait = -1
        self._remarks: list[str] = []
        super().__init__(plan, say)

    def make_program(self) -> Program:
        """One whose first call is where the scene is held."""
        return _Holding(self.cell, self.plan, self.hold, self._remarks.append)

    def make_scene(self) -> Scene:
        """One that is told."""
        return _HeldScene(self.cell, self.program, self.say, self._remarks.append)

    def work(self, wait: int) -> None:
        """As any broker, up to the first call."""
        self._wait = wait
        with contextlib.suppress(_Over):
            super().work(wait)

    def hold(self, arguments: tuple[int, ...], stale_errno: int) -> NoReturn:
        """Hold the scene until main has no more use for it, or the command has ended."""
        if self.cell.recording and self.cell.recording.faults != Faults():
            whom = "./call meets this fault, no other program does" if self._by_hand else "no other program meets it"
            self._remarks.append(f"the recorder makes this fault inside the graded process: {whom}")
        self.say("held", (tuple(arguments), stale_errno, os.getpid(), tuple(self._remarks)))
        runner = self.program.runner
        runner.react_until(self._wait)
        if not os.read(self._wait, 1) or self._entry is None:
            os._exit(0)
        entry, argument = self._entry, str(arguments[0] if arguments else 0)
        child = self.cell.enter(
            entry.argv(argument),
            files=entry.files,
            environment=entry.environment | {"PORT": argument},
            descriptors=entry.descriptors,
            by_hand=entry.by_hand,
        )
        runner.react_until(child.pidfd, self._wait)
        code = child.wait(0)
        child.kill()
        self.say("ended", -signal.SIGKILL if code is None else code)
        raise _Over

    @property
    def _by_hand(self) -> bool:
        return bool(self._entry and self._entry.files)


class _Over(BaseException):
    """Ends a check whose scene was held; no check can take it for something that it expects."""


class _Holding(Program):
    """Calls nothing: the scene is held instead. What else graded calls are made under is only told of."""

    def __init__(
        self, cell: Cell, plan: Plan, hold: Callable[[tuple[int, ...], int], NoReturn], remark: Callable[[str], None]
    ) -> None:
        super().__init__(cell, plan.launch, plan.function, observed=True)
        self._hold = hold
        self._remark = remark

    def calls(self, calls: list[tuple[int, ...]], stale_errno: int = 0) -> list[Call]:
        """Never returns."""
        self._hold(calls[0], stale_errno)

    @contextlib.contextmanager
    def only_descriptors(self, count: int) -> Iterator[None]:
        """Told."""
        self._remark(f"the graded process may open descriptors below {count} only (ulimit -n {count})")
        with super().only_descriptors(count):
            yield

    @contextlib.contextmanager
    def bystanders(self) -> Iterator[None]:
        """Told."""
        self._remark("the graded process has three more descriptors open, which are not its own")
        with super().bystanders():
            yield

    @contextlib.contextmanager
    def every_descriptor_taken(self, below: int) -> Iterator[None]:
        """Told."""
        self._remark(f"the graded process has every descriptor below {below} open")
        with super().every_descriptor_taken(below):
            yield

    @contextlib.contextmanager
    def without_descriptor(self, number: int) -> Iterator[None]:
        """Told."""
        self._remark(f"the graded process has no descriptor {number} ({number}<&- in a shell)")
        with super().without_descriptor(number):
            yield


class _HeldScene(_ToldScene):
    """What a scene does to the graded process alone is only told of."""

    def __init__(self, cell: Cell, program: Program, say: Say, remark: Callable[[str], None]) -> None:
        super().__init__(cell, program, say)
        self._remark = remark

    @contextlib.contextmanager
    def interrupting(self) -> Iterator[int]:
        """Told."""
        self._remark("the signal goes to the graded process; the first caller's connection is made all the same")
        with super().interrupting() as port:
            yield port


# -- the terminal ----------------------------------------------------------------------------------------------------


def _wait_for_end_of_input(broker: int) -> None:
    """Read standard input to its end; less if the broker has something to say, which can only be that it ended."""
    while True:
        ready, _, _ = select.select([0, broker], [], [])
        if broker in ready:
            raise HarnessError("the process that held the scene has ended")
        if not os.read(0, 65536):
            return


def _copy_size(source: int, target: int) -> None:
    """Make one terminal as large as another (tty_ioctl(4))."""
    with contextlib.suppress(OSError):
        fcntl.ioctl(target, termios.TIOCSWINSZ, fcntl.ioctl(source, termios.TIOCGWINSZ, bytes(8)))


def _relay(master: int, broker: int) -> None:
    """Be the terminal of the command: pass on what is typed and shown, until the broker has something to say.

    The command has a terminal of its own and not ours: it cannot type into the user's shell (TIOCSTI), and Ctrl-C and
    Ctrl-Z are for it and not for us.
    """
    before = termios.tcgetattr(0)
    resized = signal.signal(signal.SIGWINCH, lambda *_: _copy_size(0, master))
    os.set_blocking(master, False)
    typed = b""
    try:
        tty.setraw(0)
        poller = select.poll()
        poller.register(broker, select.POLLIN)
        poller.register(0, select.POLLIN)
        poller.register(master, select.POLLIN)
        while True:
            ready = dict(poller.poll())
            if master in ready and not _show(master):
                poller.unregister(master)
            if broker in ready:
                _show(master, to_the_end=True)
                return
            if 0 in ready:
                typed = os.read(0, 4096)
                if not typed:
                    return
                poller.unregister(0)
            if typed:
                with contextlib.suppress(BlockingIOError):
                    typed = typed[os.write(master, typed) :]
                wanted = select.POLLIN | (select.POLLOUT if typed else 0)
                poller.register(master, wanted)
                if not typed:
                    poller.register(0, select.POLLIN)
    finally:
        termios.tcsetattr(0, termios.TCSADRAIN, before)
        signal.signal(signal.SIGWINCH, resized)


def _show(master: int, *, to_the_end: bool = False) -> bool:
    """Show what is there now, of a flood a part, for Ctrl-C must get through; False if nobody has the other end any more."""
    shown = next(fd for fd in (1, 2, 0) if os.isatty(fd))
    for _ in itertools.count() if to_the_end else range(16):
        try:
            part = os.read(master, 65536)
        except BlockingIOError:
            return True
        except OSError:  # EIO
            return False
        while part:
            part = part[os.write(shown, part) :]
    return True
