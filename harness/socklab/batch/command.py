"""`socklab grade`: what a class handed in goes into the gradebook, and marks come out."""

from __future__ import annotations

import contextlib
import os
import shlex
import sys
from collections.abc import Sequence
from datetime import UTC, datetime
from itertools import groupby
from typing import TYPE_CHECKING, NamedTuple

from .. import catalog
from ..errors import HarnessError, UsageError
from ..grading import Options
from ..i18n import tr, trn
from ..model import HARNESS_ERROR
from ..output import replace_file
from . import feedback, outputs
from .anonymity import LEFT_OUT
from .gradebook import Gradebook
from .intake import collect
from .people import read_roster, shown
from .policy import BEST, LateRule, Policy, due_date, late_rule
from .progress import Progress
from .run import Run, Tally
from .told import Told

if TYPE_CHECKING:
    from .cluster import Cluster

GRADEBOOK = "gradebook.sqlite"
MOST_WORKERS = 256
TERMINAL = "terminal"
BYTE_ORDER_MARK = "\ufeff"
MOST_NAMED = 20
STOPPED = 130
"""The exit code after Ctrl-C, as shells have it: 128 and the signal's number."""


class Request(NamedTuple):
    """What `socklab grade` was asked for. `typed`: the words that were typed, with which it can be asked for once more.

    `outputs`: formats, each with the file to write it to; None: it is shown. `feedback`: a folder, or a zip, for a page a student.
    `anonymous`: no output names anybody. `cluster`: the address of a scheduler whose workers grade. `assignment`: what the LMS
    calls the exercise.
    """

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
    outputs: Sequence[tuple[str, str | None]] = ((TERMINAL, None),)
    byte_order_mark: bool = False
    feedback: str | None = None
    anonymous: bool = False
    cluster: str | None = None
    assignment: str | None = None


def grade_class(request: Request) -> int:
    """Grade and tell; returns the exit code.

    Raises UsageError for what was typed wrong, SetupError if this machine or the gradebook lacks something.
    """
    policy = Policy(
        request.policy,
        due_date(request.due) if request.due else None,
        late_rule(request.late) if request.late else LateRule(),
    )
    workers, most = _workers(request.workers)
    on_cluster = _cluster(request)
    for _, path in request.outputs:
        if path:
            _refuse_output(path)
    if request.feedback:
        _refuse_feedback(request.feedback, anonymous=request.anonymous)
    exercise = catalog.find(request.exercise)
    roster = read_roster(request.roster) if request.roster is not None else None
    for name, path in request.outputs:
        outputs.check(name, outputs.Wanted(exercise, roster, path, request.anonymous, request.assignment))
    with (
        on_cluster as cluster,
        collect(exercise, request.sources, roster) as intake,
        Gradebook(request.gradebook) as book,
    ):
        if book.remark:
            _say(book.remark)
        regrade = book.begin_regrade(exercise.slug) if request.regrade and intake.handed_in else None
        undated = sum(not each.submitted and not each.late for each in intake.handed_in)
        if policy.due and policy.due < datetime.now(UTC) and undated:
            _say(
                trn(
                    "{number} file does not say when it was handed in: it counts as in time",
                    "{number} files do not say when they were handed in: they count as in time",
                    undated,
                )
            )
        if regrade and regrade.continued:
            _say(tr("going on with the regrade that was begun on {date}", date=f"{regrade.begun[:19]}Z"))
        progress = Progress(sys.stderr)
        try:
            run = Run(exercise, book, request.options, workers, regrade, cluster, most)
            tally = run.grade(intake.handed_in, progress.show)
        finally:
            progress.close()
        if tally.stopped:
            _say_how_to_go_on(request, tally)
            return STOPPED
        strange = (each for each in intake.troubles if not _is_ours(each.origin, request))
        again = _again(request, in_round=bool(tally.outcomes[HARNESS_ERROR]))
        troubles = (*strange, *tally.troubles)
        told = Told(exercise, book, policy, roster, troubles, tally, request.gradebook, again)
        told = told._replace(assignment=request.assignment)
        told = told.anonymous() if request.anonymous else told
        _tell(request, told)
        if not intake.handed_in:
            return UsageError.exit_code
        remain = tally.outcomes[HARNESS_ERROR] or any(each.verdict == HARNESS_ERROR for each in told.results())
        return HarnessError.exit_code if remain else 0


def _workers(wanted: int | None) -> tuple[int, int]:
    """How many grade at once: always, and at most while processors rest."""
    if wanted is None:
        processors = len(os.sched_getaffinity(0))
        return processors, 2 * processors
    if not 1 <= wanted <= MOST_WORKERS:
        raise UsageError(f"--workers {wanted}: it must be a number from 1 to {MOST_WORKERS}.")
    return wanted, wanted


def _cluster(request: Request) -> contextlib.AbstractContextManager[Cluster | None]:
    """What connects to the cluster that was asked for, if one was."""
    if request.cluster is None:
        return contextlib.nullcontext()
    if request.workers is not None:
        raise UsageError(
            "--workers is for this machine alone; how many grade at once on a cluster, its own workers say."
        )
    from .cluster import Cluster  # it takes a while to load

    return Cluster(request.cluster, request.options.tier)


def _refuse_output(path: str) -> None:
    """Before a class is graded for nothing."""
    folder = os.path.dirname(os.path.abspath(path))
    if not os.path.isdir(folder):
        raise UsageError(f"{path}: there is no folder {folder}. Make it first: mkdir -p {folder}")


def _refuse_feedback(path: str, *, anonymous: bool) -> None:
    if anonymous:
        raise UsageError(
            "--feedback with --anonymous: whoever hands the pages out has to know whose they are. Ask for the pages in a run of "
            "their own; nothing is graded twice."
        )
    _refuse_output(path)
    feedback.check(path)


def _is_ours(origin: str, request: Request) -> bool:
    """Whether it is the gradebook, its logs, the roster, an output or a learner's page, which may well lie in the folder that is
    graded."""
    book = [request.gradebook + end for end in ("", "-wal", "-shm", "-journal")]
    ours = [path for path in (*book, request.roster, request.feedback, *(path for _, path in request.outputs)) if path]
    if request.feedback and os.path.dirname(os.path.realpath(origin)) == os.path.realpath(request.feedback):
        return feedback.is_page(origin)
    return os.path.realpath(origin) in map(os.path.realpath, ours)


def _again(request: Request, *, in_round: bool) -> str:
    """The command that makes the same run; `in_round`: whether a regrade has not come to its end."""
    words = [word for word in request.typed if in_round or not (word.startswith("--reg") and request.regrade)]
    return f"socklab {_nameless(words, request.exercise) if request.anonymous else shlex.join(words)}"


def _nameless(words: list[str], exercise: str) -> str:
    """The words without paths, which may be anybody's name."""
    known = (words[0], exercise)
    kept = (word.split("=")[0] if word.startswith("--") else word if word in known else LEFT_OUT for word in words)
    return " ".join(word for word, _ in groupby(kept))


def _say_how_to_go_on(request: Request, tally: Tally) -> None:
    done = tr("{number} of {total} done", number=tally.done, total=tally.total)
    again = _again(request._replace(anonymous=False), in_round=True)  # it is said to whoever has just typed it
    book, command = shown(request.gradebook), shown(again)
    _say(tr("stopped"))
    _say(tr("{done}, and kept in {path}. To go on: {command}", done=done, path=book, command=command))


def _tell(request: Request, told: Told) -> None:
    """The outputs that were asked for; the page for people is always shown, since it alone says all that went wrong."""
    to_show = next((name for name, path in request.outputs if not path), TERMINAL)
    sys.stdout.write(str(_rendered(to_show, told, request)))  # whatever is no text has refused to be shown
    sys.stdout.flush()
    if to_show != TERMINAL and not outputs.shows_page(to_show):
        sys.stderr.write(str(outputs.named(TERMINAL).render(told)))
    for name, path in request.outputs:
        if path:
            replace_file(path, _rendered(name, told, request, path))
            _say(tr("wrote {path}", path=shown(path)))
        if missing := outputs.left_out(name, told):
            _say(_without_a_row(missing))
    if request.feedback:
        pages = trn("{number} page", "{number} pages", feedback.write(request.feedback, told))
        _say(tr("wrote {pages} into {path}", pages=pages, path=shown(request.feedback)))


def _rendered(name: str, told: Told, request: Request, path: str | None = None) -> str | bytes:
    if request.feedback and not feedback.is_zip(request.feedback):
        told = told._replace(feedback=os.path.relpath(request.feedback, os.path.dirname(path or "") or None))
    content = outputs.named(name).render(told)
    if isinstance(content, bytes) or not request.byte_order_mark:
        return content
    return BYTE_ORDER_MARK + content.removeprefix(BYTE_ORDER_MARK)


def _without_a_row(names: list[str]) -> str:
    """That they have marks, and that the file of the LMS has no place for them."""
    listed = ", ".join([*names[:MOST_NAMED], *(["…"] if len(names) > MOST_NAMED else [])])
    one, many = (
        "{number} student has a mark and no row in it: {names}",
        "{number} students have marks and no row in it: {names}",
    )
    return trn(one, many, len(names), names=listed)


def _say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)
