"""Processes that grade, each one submission at a time; whoever asks gets reports as they come, in any order.

A worker is a `station` forked from the command: it has everything imported, so it costs next to nothing, and a new one too.
At most as many submissions are judged as there are workers. What judges a submission waits now and then, so each worker has the
compilers at work on another one meanwhile: that which it will most likely be given next. If somebody else is given it, because
there is nothing left to do but that, this was for nothing, and no harm is done.

It knows no gradebook and no student: `cluster`, which grades on other machines, offers `graded` too.
"""

from __future__ import annotations

import marshal
import os
import signal
import sys
import time
from collections import deque
from collections.abc import Generator, Iterator, Sequence
from multiprocessing.connection import Connection, wait
from types import FrameType
from typing import Any, NamedTuple

from .. import __version__, diagnosis, session  # noqa: F401  # grading loads them late, which each worker would do anew
from ..catalog import Exercise
from ..cell.process import forked, leave
from ..cell.sandbox import PRIVATE
from ..errors import SubmissionError, UsageError
from ..grading import Options, grade
from ..languages import for_file
from ..model import HARNESS_ERROR, UNGRADABLE, Report
from ..reports.json import as_dict
from ..submission import Submission
from ..workshop import Workshop, begin
from .intake import HandIn
from .room import Room
from .station import Station, serve

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
    exercise: Exercise, options: Options, tasks: Iterator[Task], room: Room, interrupt: Interrupt
) -> Generator[Done, None, None]:
    """Grade `tasks`, which are asked for one by one, by as many workers as there is room for; each with its report as soon as it is
    there.

    A task whose worker is lost is tried once more, then its report is a harness error. Ends early if `interrupt` is asked
    for. Close it: that ends all workers.
    """
    exercise.checks  # noqa: B018  # loaded once, before workers are forked
    again: deque[Task] = deque()
    lost: dict[int, int] = {}
    crew: list[_Worker] = []
    try:
        while not interrupt.asked:
            _give_work(crew, room.at_once(), again, tasks, (exercise, options))
            busy = [each for each in crew if each.task]
            if not busy:
                return
            ready = {
                *wait([number for each in busy for number in each.filenos()] + [interrupt.fileno()], room.patience)
            }
            for worker in busy:
                if interrupt.asked or ready.isdisjoint(worker.filenos()):
                    continue
                task, done = worker.finished()
                if done:
                    lost.pop(id(task), None)
                    yield done
                    continue
                crew.remove(worker)
                if worker.ahead:
                    again.append(worker.ahead)
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
    """Give everybody who has none something to do, and then something to make ready; workers are started when there is something
    for them."""

    def another() -> Task | None:
        return again.popleft() if again else next(tasks, None)

    given: list[tuple[_Worker, Task]] = []
    for number in range(workers):
        worker = crew[number] if number < len(crew) else None
        if worker and worker.task:
            continue
        task = (worker and worker.take_ahead()) or another()
        task = task or next((other.take_ahead() for other in crew if other.ahead), None)
        if task is None:
            break
        if not worker:
            worker = _Worker(crew, *job)
            crew.append(worker)
        given.append((worker, task))
    for worker, task in given:
        worker.give(task, another())


class _Worker(Station):
    """A process that grades, from the command's side. `task`: what it has to do; `ahead`: what it makes ready meanwhile."""

    def __init__(self, others: Sequence[_Worker], exercise: Exercise, options: Options) -> None:
        self.task: Task | None = None
        self.ahead: Task | None = None
        grader = _Grader(exercise, options)

        def start(theirs: Connection) -> int:
            sys.stdout.flush()
            sys.stderr.flush()
            parent = os.getpid()
            inherited = [self.connection, *(each.connection for each in others)]
            handlers = {signal.SIGINT: signal.SIG_IGN, signal.SIGTERM: leave}
            return forked(lambda: serve(theirs, parent, grader.answer, inherited=inherited), handlers)

        super().__init__(start)

    def give(self, task: Task, ahead: Task | None) -> None:
        """Begin with `task`. If the worker has ended meanwhile, `finished` tells."""
        self.task, self.ahead = task, ahead
        asked = [each.submission for each in (task, ahead) if each]
        self.ask(marshal.dumps([(each.file, each.content) for each in asked]))

    def take_ahead(self) -> Task | None:
        """What it makes ready, which will be given to this worker or another."""
        ahead, self.ahead = self.ahead, None
        return ahead

    def finished(self) -> tuple[Task, Done | None]:
        """Its task, and what came of it; None: the worker is lost."""
        task, self.task = self.task, None
        assert task
        answer = self.answer()
        if answer is None:
            return task, None
        begun, report = marshal.loads(answer)
        return task, Done(task, report, begun)


class _Grader:
    """What is done in a worker."""

    def __init__(self, exercise: Exercise, options: Options) -> None:
        self._exercise = exercise
        self._options = options
        self._ready: Workshop | None = None

    def answer(self, message: bytes) -> bytes:
        """Grade the first of one or two submissions; the compilers begin with the second meanwhile."""
        submission, *ahead = (Submission(*each) for each in marshal.loads(message))
        workshop = self._ready or self._begun(submission)
        self._ready = self._begun(ahead[0]) if ahead else None
        begun = time.time()
        return marshal.dumps((begun, report_on(self._exercise, submission, self._options, workshop)))

    def _begun(self, submission: Submission) -> Workshop | None:
        """Its workshop. None if there is none, which whoever grades it will tell, or none is made ahead of time.

        In the shared tier that is so: what is judged there could reach what is built by the same user.
        """
        if self._options.tier != PRIVATE:
            return None
        try:
            return begin(self._exercise, submission, sanitize=self._options.sanitize)
        except Exception:  # it is told when that submission is graded, and costs no other one anything
            return None


def _end(crew: list[_Worker]) -> None:
    for worker in crew:
        worker.ask_to_end()
    deadline = time.monotonic() + ENDING_SECONDS
    for worker in crew:
        worker.end(max(0.0, deadline - time.monotonic()))


def report_on(
    exercise: Exercise, submission: Submission, options: Options, begun: Workshop | None = None
) -> dict[str, Any]:
    """The report, as reports/json.py renders it, whatever happens: the trouble of one submission is only its own.

    `begun`: a workshop that may be of this submission, as for `grade`.
    """
    try:
        return as_dict(grade(exercise, submission, options, begun))
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
