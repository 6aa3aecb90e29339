"""A scene that is held open while a program of the user's own choice runs in it.

The check itself runs up to its first call of the submission: there, in the middle of the check's `with` blocks, the program
runs in the cell's network in place of that call.
"""

import contextlib
import os
import select
import signal
import sys
import termios
from collections.abc import Callable, Iterator, Sequence
from typing import Any, NamedTuple, NoReturn

from .. import catalog
from ..cell.cell import Cell
from ..cell.launch import Driver
from ..cell.loop import READ
from ..cell.process import which
from ..cell.recorder import Faults
from ..cell.sandbox import INSIDE, PRIVATE, SHARED, ByHand, Unavailable, reachable_by_all
from ..cell.started import Started
from ..command import Command
from ..errors import SetupError, UsageError
from ..grading import Options, any_seed
from ..i18n import tr
from ..model import EXIT_CODES, FAILED, PASSED, SKIPPED, CheckResult, Report
from ..program import Call, Program
from ..reports import terminal
from ..scene import Scene
from ..session import Broker, Plan, Say, Session
from ..subject import Subject, errno_name
from ..submission import Submission
from ..vocabulary import Check
from ..workshop import Workshop
from .relay import copy_size, relay, wait_for_end_of_input
from .told import OneCheck, Told, ToldScene, chosen, janitor, labelled

_PATH = ("/usr/local/sbin", "/usr/local/bin", "/usr/sbin", "/usr/bin", "/sbin", "/bin")
_PACKAGES = {"nc": "netcat-openbsd", "ss": "iproute2", "ip": "iproute2", "pdb": "python3", "ping": "iputils-ping"}
_NEVER_SHOWN = ("/", "/tmp", "/etc", "/dev", "/proc", "/sys", INSIDE)
"""Folders that a sandbox has of its own."""


class Errand(NamedTuple):
    """What to do while a scene is held: run `command`, or wait if it is empty. `by_hand`: with a way to call the function."""

    command: tuple[str, ...]
    by_hand: bool


class _Entry(NamedTuple):
    """How a program of the user's is started in the cell; words and environment lack the call's arguments."""

    argv: Callable[[Sequence[str]], list[str]]
    files: dict[str, bytes]
    environment: dict[str, str]
    descriptors: dict[int, int]
    by_hand: ByHand


def hold(
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
    with janitor(workshop.folder), hangup_ends():
        job = _Hold(workshop, options, check, errand)
        try:
            if errand.command and workshop.tier == SHARED:
                raise Unavailable("bubblewrap is not installed")
            return job.tell(job.run())
        finally:
            job.close()


@contextlib.contextmanager
def hangup_ends() -> Iterator[None]:
    """A terminal that is closed ends us as SIGTERM does: everything is torn down on the way."""

    def end(number: int, _: object) -> NoReturn:
        raise SystemExit(128 + number)

    before = signal.signal(signal.SIGHUP, end)
    try:
        yield
    finally:
        signal.signal(signal.SIGHUP, before)


class _Hold(OneCheck):
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
            subject = (self.workshop.sandbox, self.submission.content, self.exercise.function)
            driver = self.language.driver(*subject, program=self.exercise.is_program)
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
            copy_size(0, self._master)
            descriptors = {fd: self._slave if os.isatty(fd) else fd for fd in (0, 1, 2)}
        return _Entry(
            lambda arguments: completed(self._errand.command, driver, arguments),
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
        self._introduce(*content)
        if not self._errand.command:
            wait_for_end_of_input(self.sessions[0].fileno())
            self.code = 0
            raise _Left
        self.sessions[0].go()
        if self._master >= 0:
            relay(self._master, self.sessions[0].fileno())
        else:
            select.select([self.sessions[0]], [], [])

    def _ended(self, code: int) -> None:
        self.code = code if code >= 0 else 128 - code

    def _introduce(
        self, arguments: tuple[str, ...], first: str, stale: int, broker: int, remarks: tuple[str, ...]
    ) -> None:
        """Say what is arranged, and how to go about it."""
        check = chosen(self.exercise, self.slug, self.options)
        words = " ".join(arguments)
        file = f"{terminal.visible(self.submission.file)}  " if self._errand.by_hand else ""
        rows = [f"{file}{self.exercise.slug} {self.slug}: {tr(check.title)}", ""]
        rows += [labelled("arranged", words) for words in dict.fromkeys(self._arranged)]
        program = self.exercise.is_program
        nothing = "nothing: the clients come once it listens" if program else "nothing: the number alone matters"
        rows += [] if self._arranged else [labelled("arranged", nothing)]
        entered = f", entered with errno {errno_name(stale)}" if stale else ""
        rows += [labelled("port", f"{arguments[0] if arguments else 0}  (the check's first call is {first}{entered})")]
        rows += [labelled("note", remark) for remark in remarks]
        if self._errand.by_hand:
            more = f" errno={stale}" if stale else ""
            calling = f"./call {words}{more}  calls {first}; PORT is set"
            rows.append(labelled("to call", f"./start {words}  starts it; PORT is set" if program else calling))
            if self.language.name == "python":
                script = f"{self.exercise.function}.py" if program else "call.py"
                rows.append(labelled("to debug", f"python3 -m pdb {INSIDE}/{script} {words}"))
        if self.workshop.tier == PRIVATE:
            enter = f"nsenter --target {broker} --user --net --preserve-credentials bash"
            rows += [labelled("to enter", f"{enter}  from another terminal")] if which("nsenter") else []
            rows.append(
                labelled("network", "private: everything stays on its own loopback, and no machine is in reach")
            )
        else:
            rows.append(labelled("network", "this machine's own loopback: probe 127.0.0.1 from another terminal"))
            rows.append(labelled("because", self.workshop.tier_reason))
        leave = "when the command ends" if self._errand.command else "when standard input ends, or with Ctrl-C"
        rows.append(labelled("torn down", f"{leave}  (seed {self.options.seed})"))
        print("\n".join(rows), end="\n\n", file=self._out, flush=True)

    def collect(self, judges: list[Session], second: Session | None, checks: tuple[Check, ...]) -> None:
        """Until the scene was held, and left."""
        with contextlib.suppress(_Left):
            super().collect(judges, second, checks)

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


def completed(command: Sequence[str], driver: Driver | None, arguments: Sequence[str]) -> list[str]:
    """The words to run: a debugger or tracer is given the call that it is to look at, unless its own words name it."""
    program, *rest = command
    if driver is None or any(os.path.basename(word) in driver.files for word in rest):
        return list(command)
    before = driver.tools.get(os.path.basename(program))
    if before is None:
        return list(command)
    call = [*driver.argv, *arguments]
    if os.path.basename(program) == "gdb":
        if driver.argv[0].endswith("python3"):
            call[0] = os.path.realpath(sys.executable)  # gdb takes no script
        return [program, *before, *rest, "--args", *call]
    if os.path.basename(program).startswith("python"):
        return [driver.argv[0], *rest, *call[1:]]
    return [program, *before, *rest, *call]


class _Left(Exception):
    """The errand is done, and the scene with it."""


class _Held(Told):
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

    def make_program(self) -> Program | Command:
        """One whose first call, or start, is where the scene is held."""
        if self.plan.parameters is None:
            return _HoldingCommand(self.cell, self.plan, self.hold)
        return _Holding(self.cell, self.plan, self.hold, self._remarks.append)

    def make_scene(self) -> Scene:
        """One that is told."""
        return _HeldScene(self.cell, self.program, self.say, self._remarks.append)

    def work(self, wait: int) -> None:
        """As any broker, up to the first call."""
        self._wait = wait
        with contextlib.suppress(_Over):
            super().work(wait)

    def hold(self, arguments: tuple[str, ...], first: str, stale_errno: int = 0) -> NoReturn:
        """Hold the scene until main has no more use for it, or the command has ended."""
        if self.cell.recording and self.cell.recording.faults != Faults():
            whom = "./call meets this fault, no other program does" if self._by_hand else "no other program meets it"
            self._remarks.append(f"the recorder makes this fault inside the graded process: {whom}")
        self.say("held", (arguments, first, stale_errno, os.getpid(), tuple(self._remarks)))
        self.cell.loop.wait({self._wait: READ})
        if not os.read(self._wait, 1) or self._entry is None:
            os._exit(0)
        entry = self._entry
        child = self.cell.enter(
            entry.argv(arguments),
            files=entry.files,
            environment=entry.environment | {"PORT": arguments[0] if arguments else "0"},
            descriptors=entry.descriptors,
            by_hand=entry.by_hand,
        )
        self.cell.loop.wait({child.pidfd: READ, self._wait: READ})
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

    def __init__(self, cell: Cell, plan: Plan, hold: Callable[..., NoReturn], remark: Callable[[str], None]) -> None:
        super().__init__(cell, plan.launch, plan.name, plan.parameters or 0, observed=True)
        self._hold = hold
        self._remark = remark

    def ask(self, operation: int, calls: list[tuple[int, ...]], stale_errno: int, seconds: float) -> list[Call]:
        """Never returns."""
        self._hold(tuple(map(str, calls[0])), self.in_words(calls[0]), stale_errno)

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


class _HoldingCommand(Command):
    """Starts nothing: the scene is held instead."""

    def __init__(self, cell: Cell, plan: Plan, hold: Callable[..., NoReturn]) -> None:
        super().__init__(cell, plan.launch, plan.name, observed=True)
        self._hold = hold

    def start(self, arguments: tuple[str, ...], descriptors: int) -> Started:
        """Never returns."""
        self._hold(arguments, self.in_words(arguments))


class _HeldScene(ToldScene):
    """What a scene does to the graded process alone is only told of."""

    def __init__(self, cell: Cell, program: Subject, say: Say, remark: Callable[[str], None]) -> None:
        super().__init__(cell, program, say)
        self._remark = remark

    @contextlib.contextmanager
    def interrupting(self) -> Iterator[int]:
        """Told."""
        self._remark("the signal goes to the graded process; the first caller's connection is made all the same")
        with super().interrupting() as port:
            yield port
