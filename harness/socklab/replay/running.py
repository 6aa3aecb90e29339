"""`socklab run`: a learner's own program in a cell, to be talked to by hand, with all its calls told as they return.

The private network has no way in from outside. So a door is opened: a listener on the same port of this machine's own loopback,
whose connections are carried into the cell.
"""

import contextlib
import errno
import os
import signal
import socket
import time
from functools import partial
from typing import Any

from .. import catalog, submission
from ..cell import linux
from ..cell.confined import NOFILE
from ..cell.loop import READ
from ..cell.network import LOOPBACK
from ..cell.process import forked
from ..cell.sandbox import PRIVATE, SHARED, Unavailable
from ..cell.started import Started, no_program
from ..errors import SetupError, UsageError
from ..grading import Options, any_seed
from ..i18n import tr
from ..model import EXIT_CODES, PASSED, UNGRADABLE, Report
from ..peers import reset
from ..reports import terminal
from ..session import Broker, Plan, Say, Session, plain
from ..vocabulary import Check
from ..workshop import Workshop
from .held import hangup_ends
from .told import Telling, Told, janitor, labelled

_TICK = 0.05
"""Seconds after which new calls and output are told, at the latest."""

_PATIENCE = 2.0
"""Seconds that a program has to end after it was told to."""


def run(path: str, arguments: tuple[str, ...], options: Options) -> int:
    """`socklab run`: run a whole program until it ends or Ctrl-C; its exit code, 0 if it was stopped.

    Raises UsageError for a file that is no such program's or a port that is in use, SetupError for what this machine lacks.
    """
    exercise = catalog.infer(path)
    if not exercise.is_program:
        raise UsageError(
            f"{exercise.slug} asks for a function, which does not run by itself. Try: socklab replay {exercise.slug} CHECK {path}"
        )
    handed_in = submission.read(path)
    options = options._replace(seed=any_seed() if options.seed is None else options.seed, sanitize=False)
    tier, why = options.tier, "asked for"
    while True:
        workshop = Workshop(exercise, handed_in, tier=tier, tier_reason=why, sanitize=False)
        with janitor(workshop.folder), hangup_ends():
            job = _Running(workshop, options, arguments)
            try:
                return job.tell(job.run())
            except Unavailable as reason:
                if options.tier == PRIVATE or workshop.tier == SHARED:
                    raise SetupError(f"the {workshop.tier} tier cannot be had on this machine: {reason}") from reason
                tier, why = SHARED, str(reason)
            finally:
                job.close()


class _Running(Telling):
    """Builds it, starts it, and tells."""

    def __init__(self, workshop: Workshop, options: Options, arguments: tuple[str, ...]) -> None:
        super().__init__(workshop, options)
        self._arguments = arguments
        self._door = self._open_door() if workshop.tier == PRIVATE else None
        self._code = 0

    def _open_door(self) -> socket.socket | None:
        """A listener of this machine's on the port that the first argument names; None if it names none."""
        word = next(iter(self._arguments), "")
        if not (word.isascii() and word.isdigit() and 0 < int(word) < 65536):
            return None
        door = socket.socket()
        door.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            door.bind((LOOPBACK, int(word)))
            door.listen()
        except OSError as error:
            door.close()
            if error.errno == errno.EACCES:
                raise UsageError(f"port {word}: only root may listen below 1024 on this machine. Try 7777.") from error
            raise UsageError(f"port {word} is in use on this machine; try another.") from error
        return door

    def chosen_checks(self) -> tuple[Check, ...]:
        """None: nothing is judged."""
        return ()

    def open_session(self, plan: Plan) -> Session:
        """A broker that runs the program."""
        told = {"running": self._introduce, "called": self.called, "said": self._said, "ended": self._ended}
        return _UntilTheEnd(plan, lambda plan, say: _RunningBroker(plan, say, self._arguments, self._door), told)

    def _introduce(self, command: str) -> None:
        words = [terminal.visible(self.submission.file), tr("runs as"), terminal.visible(command)]
        self.print("  ".join(words) + "\n")
        if self._door:
            port = self._door.getsockname()[1]
            self.print(labelled("reach it", f"at 127.0.0.1:{port} of this machine, as with: nc 127.0.0.1 {port}"))
            self.print(labelled("network", "private: what comes to that port is carried inside, and nothing else"))
        elif self.workshop.tier == PRIVATE:
            self.print(labelled("network", "private: its first argument is no port, so nobody can reach it"))
        else:
            self.print(labelled("network", "this machine's own loopback"))
        self.print(labelled("stop it", "with Ctrl-C"))
        self.print("")

    def _said(self, text: str) -> None:
        for line in text.splitlines():
            self.print(labelled("it says", terminal.visible(line)))

    def _ended(self, content: tuple[str, int]) -> None:
        how, self._code = content
        self.print("")
        self.print(labelled("ended", how))

    def judge(self, checks: tuple[Check, ...], raw: dict[str, dict[str, Any]]) -> Report:
        """There is no verdict."""
        return self.report(PASSED, "")

    def tell(self, report: Report) -> int:
        """The exit code; why it could not be run is said."""
        if report.outcome != PASSED:
            colour, width = terminal.traits()
            self.print(terminal.render_many([report], colour=colour, width=width).rstrip("\n"))
        return self._code if report.outcome == PASSED else EXIT_CODES[UNGRADABLE]

    def close(self) -> None:
        """Close the door too."""
        super().close()
        if self._door:
            self._door.close()
            self._door = None


class _UntilTheEnd(Told):
    """Goes on for days if need be; the first Ctrl-C stops the program and not us."""

    total_seconds = 30 * 86400.0

    def messages(self) -> Any:
        """Those for the job."""
        before = signal.signal(signal.SIGINT, lambda *_: self.go())
        try:
            yield from super().messages()
        finally:
            signal.signal(signal.SIGINT, before)


class _RunningBroker(Broker):
    """Runs the program and tells what it calls and says, until it ends or main says so."""

    def __init__(self, plan: Plan, say: Say, arguments: tuple[str, ...], door: socket.socket | None) -> None:
        super().__init__(plan, say)
        self._arguments = arguments
        self._door = door
        self._next = 0  # the recorded call that comes next
        self._waiting: list[int] = []  # those that have not returned yet
        self._began = 0
        self._threads: dict[int, int] = {}
        self._carriers: set[int] = set()

    def check_all(self, wait: int) -> None:
        """Instead of checks: run it."""
        running = self.cell.run(self.plan.launch, self.plan.name, self._arguments, NOFILE, recorded=True)
        try:
            self.say("running", " ".join((self.plan.name, *self._arguments)))
            if self._door:
                self.cell.loop.react(self._door.fileno(), self._let_in)
            stopped = False
            while not running.has_ended():
                asked = wait in self.cell.loop.wait({wait: READ, running.exit: READ}, time.monotonic() + _TICK)
                self._tell_news(running)
                self._carriers -= {pid for pid in self._carriers if os.waitpid(pid, os.WNOHANG)[0]}
                if asked and (not os.read(wait, 1) or stopped):
                    break
                if asked:
                    stopped = True
                    running.signal(signal.SIGTERM)
                    if running.wait_for_end(_PATIENCE) is None:
                        break
            code = running.wait_for_end(0)
            self._tell_news(running)
            killed = "it did not end within 2 seconds of SIGTERM: killed"
            how = killed if code is None else f"it {running.how_it_ended()}"
            self.say("ended", (how, 0 if stopped else max(code or 0, 0)))
        finally:
            running.close()

    def _tell_news(self, running: Started) -> None:
        recording = self.cell.recording
        if recording:
            end = recording.begun
            events = dict(recording.numbered([*self._waiting, *range(self._next, end)]))
            self._next = end
            self._waiting = [number for number, event in events.items() if event.pending]
            done = [event for event in events.values() if not event.pending]
            if done and not self._began:
                self._began = done[0].started
            if done:
                self.say("called", (plain(done, self._began, self._threads), 0, "", 0.0))
        for captured in (running.output, running.errors):
            news = captured.news()
            if news:
                self.say("said", news)

    def _let_in(self) -> None:
        """Carry one connection between the door and the program, by two processes of its own, one for each direction."""
        assert self._door
        outside, _ = self._door.accept()
        with outside, socket.socket() as inside:
            try:
                inside.connect((LOOPBACK, int(self._arguments[0])))
            except OSError:  # nobody listens inside: so it looks from outside too
                reset(outside)
                return
            for source, target in ((outside, inside), (inside, outside)):
                pid = forked(partial(_carry, source, target), {})
                no_program(pid)
                self._carriers.add(pid)


def _carry(source: socket.socket, target: socket.socket) -> None:
    """Pass on what comes until it ends, and the end too."""
    linux.die_with_parent(signal.SIGKILL)
    source.setblocking(True)
    with contextlib.suppress(OSError):
        while part := source.recv(65536):
            target.sendall(part)
    with contextlib.suppress(OSError):
        target.shutdown(socket.SHUT_WR)
