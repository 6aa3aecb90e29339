"""`socklab grade`: what a class handed in goes into the gradebook, and marks come out."""

from __future__ import annotations

import os
import shlex
import sys
from collections.abc import Sequence
from typing import NamedTuple

from .. import catalog
from ..errors import HarnessError, UsageError
from ..grading import Options
from ..i18n import tr
from ..model import HARNESS_ERROR
from ..output import replace_file
from . import outputs
from .gradebook import Gradebook
from .intake import collect
from .people import read_roster, shown
from .policy import BEST, LateRule, Policy, due_date, late_rule
from .progress import Progress
from .run import Run, Tally
from .told import Told

GRADEBOOK = "gradebook.sqlite"
MOST_WORKERS = 256
STOPPED = 130
"""The exit code after Ctrl-C, as shells have it: 128 and the signal's number."""


class Request(NamedTuple):
    """What `socklab grade` was asked for. `typed`: the words that were typed, with which it can be asked for once more."""

    exercise: str
    sources: Sequence[str]
    options: Options
    typed: Sequence[str]
    roster: str | None = None
    gradebook: str = GRADEBOOK
    workers: int | None = None
    regrade: bool = False
    policy: str = BEST
    due: str | None = None
    late: str | None = None
    format: str = "terminal"
    output: str | None = None
    byte_order_mark: bool = False


def grade_class(request: Request) -> int:
    """Grade and tell; returns the exit code.

    Raises UsageError for what was typed wrong, SetupError if this machine or the gradebook lacks something.
    """
    policy = Policy(
        request.policy,
        due_date(request.due) if request.due else None,
        late_rule(request.late) if request.late else LateRule(),
    )
    workers = _workers(request.workers)
    if request.output:
        _refuse_output(request.output)
    exercise = catalog.find(request.exercise)
    roster = read_roster(request.roster) if request.roster is not None else None
    with collect(exercise, request.sources, roster) as intake, Gradebook(request.gradebook) as book:
        if book.remark:
            _say(book.remark)
        regrade = book.begin_regrade(exercise.slug) if request.regrade and intake.handed_in else None
        if regrade and regrade.continued:
            _say(tr("going on with the regrade that was begun on {date}", date=f"{regrade.begun[:19]}Z"))
        progress = Progress(sys.stderr)
        try:
            run = Run(exercise, book, request.options, workers, regrade)
            tally = run.grade(intake.handed_in, progress.show)
        finally:
            progress.close()
        if tally.stopped:
            _say_how_to_go_on(request, tally)
            return STOPPED
        strange = (each for each in intake.troubles if not _is_ours(each.origin, request))
        again = _again(request, in_round=bool(tally.outcomes[HARNESS_ERROR]))
        told = Told(exercise, book, policy, roster, (*strange, *tally.troubles), tally, request.gradebook, again)
        _tell(request, told)
        if not intake.handed_in:
            return UsageError.exit_code
        remain = tally.outcomes[HARNESS_ERROR] or any(each.verdict == HARNESS_ERROR for each in told.results())
        return HarnessError.exit_code if remain else 0


def _workers(wanted: int | None) -> int:
    if wanted is None:
        return len(os.sched_getaffinity(0))
    if not 1 <= wanted <= MOST_WORKERS:
        raise UsageError(f"--workers {wanted}: it must be a number from 1 to {MOST_WORKERS}.")
    return wanted


def _refuse_output(path: str) -> None:
    """Before a class is graded for nothing."""
    folder = os.path.dirname(os.path.abspath(path))
    if not os.path.isdir(folder):
        raise UsageError(f"{path}: there is no folder {folder}. Make it first: mkdir -p {folder}")


def _is_ours(origin: str, request: Request) -> bool:
    """Whether it is the gradebook, its logs, the roster or the output, which may well lie in the folder that is graded."""
    book = [request.gradebook + end for end in ("", "-wal", "-shm", "-journal")]
    ours = [path for path in (*book, request.roster, request.output) if path]
    return os.path.realpath(origin) in map(os.path.realpath, ours)


def _again(request: Request, *, in_round: bool) -> str:
    """The command that makes the same run; `in_round`: whether a regrade has not come to its end."""
    words = [word for word in request.typed if in_round or not (word.startswith("--reg") and request.regrade)]
    return f"socklab {shlex.join(words)}"


def _say_how_to_go_on(request: Request, tally: Tally) -> None:
    done = tr("{number} of {total} done", number=tally.done, total=tally.total)
    book, command = shown(request.gradebook), shown(_again(request, in_round=True))
    _say(tr("stopped"))
    _say(tr("{done}, and kept in {path}. To go on: {command}", done=done, path=book, command=command))


def _tell(request: Request, told: Told) -> None:
    """The output that was asked for; the page for people is always shown, since it alone says all that went wrong."""
    text = outputs.named(request.format).render(told)
    if request.byte_order_mark:
        text = "\ufeff" + text
    page = text if request.format == "terminal" else outputs.named("terminal").render(told)
    if request.output:
        sys.stdout.write(page)
        sys.stdout.flush()
        replace_file(request.output, text)
        _say(tr("wrote {path}", path=shown(request.output)))
    else:
        sys.stdout.write(text)
        sys.stdout.flush()
        if page is not text:
            sys.stderr.write(page)


def _say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)
