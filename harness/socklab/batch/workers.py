"""Processes that grade, each one submission at a time; whoever asks gets reports as they come, in any order.

A worker is forked from the command and has everything imported, so it costs next to nothing, and a new one too. It has a
session of its own (setsid(2)): Ctrl-C reaches the command alone, which decides what ends. It ends with the command, however
that ends, and gives back what it holds. At most as many submissions are under way as there are workers.

It knows no gradebook and no student: whatever else grades a stream of tasks, on other machines say, offers `graded` too.
"""

from __future__ import annotations

import contextlib
import glob
import marshal
import os
import shutil
import signal
import sys
import time
from collections import deque
from collections.abc import Generator, Iterator, Sequence
from multiprocessing.connection import Connection, Pipe, wait
from types import FrameType
from typing import Any, NamedTuple, NoReturn

from .. import __version__, diagnosis, session  # noqa: F401  # grading loads them late, which each worker would do anew
from ..catalog import Exercise
from ..cell import linux
from ..cell.process import Child
from ..cell.sandbox import remove_folders
from ..errors import SubmissionError, UsageError
from ..grading import Options, grade
from ..languages import for_file
from ..model import HARNESS_ERROR, UNGRADABLE, Report
from ..reports.json import as_dict
from ..submission import Submission
from .intake import HandIn

ENDING_SECONDS = 10.0
"""How long workers may take to give back what they hold; as a rule that is no time at all."""

TRIES = 2
"""How many workers may be lost over one submission."""


class Task(NamedTuple):
    """One submission to grade, and what it is part of."""

    hand_in: HandIn
    submission: Submission
    sha256: str


class Done(NamedTuple):
    """A task with its report, as reports/json.py renders one. `begun`: seconds since the epoch."""

    task: Task
    report: dict[str, Any]
    begun: float


class Interrupt:
    """Ctrl-C as something to wait for, so that it comes between two deeds and never in the middle of one."""

    def __init__(self) -> None:
        self.asked = False

    def __enter__(self) -> Interrupt:
        self._read, self._write = os.pipe2(os.O_NONBLOCK | os.O_CLOEXEC)
        self._before = signal.getsignal(signal.SIGINT)
        if self._before != signal.SIG_IGN:  # in the background, Ctrl-C is meant for somebody else
            signal.signal(signal.SIGINT, self._note)
        self._wakeup = signal.set_wakeup_fd(self._write, warn_on_full_buffer=False)
        return self

    def __exit__(self, *_: object) -> None:
        signal.set_wakeup_fd(self._wakeup)
        signal.signal(signal.SIGINT, self._before)
        os.close(self._read)
        os.close(self._write)

    def _note(self, _: int, __: FrameType | None) -> None:
        self.asked = True

    def fileno(self) -> int:
        """What can be read once a signal has come."""
        return self._read


def graded(
    exercise: Exercise, options: Options, tasks: Iterator[Task], workers: int, interrupt: Interrupt
) -> Generator[Done, None, None]:
    """Grade `tasks`, which are asked for one by one, by so many workers; each with its report as soon as it is there.

    A task whose worker is lost is tried once more, then its report is a harness error. Ends early if `interrupt` is asked
    for. Close it: that ends all workers.
    """
    exercise.checks  # noqa: B018  # loaded once, before workers are forked
    again: deque[Task] = deque()
    lost: dict[int, int] = {}
    crew: list[_Worker] = []
    try:
        while not interrupt.asked:
            _give_work(crew, workers, again, tasks, (exercise, options))
            busy = [each for each in crew if each.task]
            if not busy:
                return
            ready = {*wait([number for each in busy for number in each.filenos()] + [interrupt.fileno()])}
            for worker in busy:
                if interrupt.asked or ready.isdisjoint(worker.filenos()):
                    continue
                task, done = worker.finished()
                if done:
                    lost.pop(id(task), None)
                    yield done
                    continue
                crew.remove(worker)
                losses = lost.pop(id(task), 0) + 1
                if losses < TRIES:
                    lost[id(task)] = losses
                    again.append(task)
                else:
                    why = f"the process that graded it was ended {TRIES} times ({worker.how_it_ended()})"
                    yield Done(task, without_grading(exercise, task.submission, HARNESS_ERROR, why), time.time())
    finally:
        _end(crew)


def _give_work(
    crew: list[_Worker], workers: int, again: deque[Task], tasks: Iterator[Task], job: tuple[Exercise, Options]
) -> None:
    """Give everybody who has none something to do; workers are started when there is something for them."""
    for number in range(workers):
        worker = crew[number] if number < len(crew) else None
        if worker and worker.task:
            continue
        task = again.popleft() if again else next(tasks, None)
        if task is None:
            return
        if not worker:
            worker = _Worker(crew, *job)
            crew.append(worker)
        worker.give(task)


class _Worker:
    """A process that grades, from the command's side. `task`: what it has to do; None: nothing."""

    def __init__(self, others: Sequence[_Worker], exercise: Exercise, options: Options) -> None:
        self.task: Task | None = None
        self.connection, theirs = Pipe()
        sys.stdout.flush()
        sys.stderr.flush()
        parent = os.getpid()
        pid = os.fork()
        if pid == 0:
            _be_worker(theirs, [self.connection, *(each.connection for each in others)], parent, exercise, options)
        theirs.close()
        self.child = Child(pid)
        self._temporary = os.path.join(os.environ.get("TMPDIR") or "/tmp", f"socklab-{pid}-")

    def filenos(self) -> tuple[int, int]:
        """What can be read when it has an answer, and when it has ended."""
        return self.connection.fileno(), self.child.pidfd

    def give(self, task: Task) -> None:
        """Begin with `task`. If the worker has ended meanwhile, `finished` tells."""
        self.task = task
        with contextlib.suppress(OSError):
            self.connection.send_bytes(marshal.dumps((task.submission.file, task.submission.content)))

    def finished(self) -> tuple[Task, Done | None]:
        """Its task, and what came of it; None: the worker is lost, and what it held is given back."""
        task, self.task = self.task, None
        assert task
        try:
            if self.connection.poll():
                begun, report = marshal.loads(self.connection.recv_bytes())
                return task, Done(task, report, begun)
        except (EOFError, OSError):
            pass
        self.end()
        return task, None

    def how_it_ended(self) -> str:
        """In words, for those who look after the machine."""
        number = -(self.child.status or 0)
        return f"{signal.Signals(number).name}; is there enough memory?" if number > 0 else f"exit code {-number}"

    def ask_to_end(self) -> None:
        """Have it give back what it holds."""
        if self.child.poll() is None:
            signal.pidfd_send_signal(self.child.pidfd, signal.SIGTERM)

    def end(self, seconds: float = 0.0) -> None:
        """Wait so long for its end, then end it; nothing of it is left."""
        if self.child.wait(seconds) is None:
            self.child.kill()
        self.connection.close()
        for folder in glob.glob(f"{glob.escape(self._temporary)}*"):
            shutil.rmtree(folder, ignore_errors=True)


def _end(crew: list[_Worker]) -> None:
    for worker in crew:
        worker.ask_to_end()
    deadline = time.monotonic() + ENDING_SECONDS
    for worker in crew:
        worker.end(max(0.0, deadline - time.monotonic()))


# -- the worker's side -----------------------------------------------------------------------------------------------


def _be_worker(
    connection: Connection, others: Sequence[Connection], parent: int, exercise: Exercise, options: Options
) -> NoReturn:
    """What the forked process does: grade until it is told to end."""
    code = 0
    try:
        signal.signal(signal.SIGTERM, _leave)
        signal.set_wakeup_fd(-1)
        signal.signal(signal.SIGINT, signal.default_int_handler)  # and not ignored, which submissions would inherit
        os.setsid()
        linux.die_with_parent(signal.SIGTERM)
        if os.getppid() != parent:
            os._exit(1)
        for each in others:
            each.close()
        while True:
            file, content = marshal.loads(connection.recv_bytes())
            begun = time.time()
            report = _report(exercise, Submission(file, content), options)
            connection.send_bytes(marshal.dumps((begun, report)))
    except (EOFError, OSError, SystemExit):
        pass
    except BaseException:
        code = 1
    finally:
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
        with contextlib.suppress(BaseException):
            remove_folders()
        os._exit(code)


def _leave(number: int, _: FrameType | None) -> None:
    raise SystemExit(128 + number)


def _report(exercise: Exercise, submission: Submission, options: Options) -> dict[str, Any]:
    """The report, whatever happens: the trouble of one submission is only its own."""
    try:
        return as_dict(grade(exercise, submission, options))
    except (SubmissionError, UsageError) as error:
        return without_grading(exercise, submission, UNGRADABLE, str(error))
    except Exception as error:
        step = error.__traceback__
        while step and step.tb_next:
            step = step.tb_next
        where = f" ({os.path.basename(step.tb_frame.f_code.co_filename)}:{step.tb_lineno})" if step else ""
        return without_grading(exercise, submission, HARNESS_ERROR, f"{type(error).__name__}: {error}{where}")


def without_grading(exercise: Exercise, submission: Submission, outcome: str, reason: str) -> dict[str, Any]:
    """The report on something that no check was run on, and why."""
    language = for_file(submission.file)
    report = Report(
        exercise=exercise.slug,
        title=exercise.title,
        file=submission.file,
        content=submission.content,
        language=language.name if language else "",
        toolchain="",
        tier="",
        tier_reason="",
        seed=0,
        seconds=0.0,
        outcome=outcome,
        reason=reason,
        version=__version__,
    )
    return as_dict(report)
