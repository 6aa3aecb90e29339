"""A class is graded: hand-ins go to the workers one by one, and their reports into the gradebook as they come.

What is in the gradebook already is not graded again, so a run that was stopped, however, goes on where it was. Nothing is
kept in memory but what is under way and a line of counts.
"""

from __future__ import annotations

import contextlib
import hashlib
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING

from .. import __version__, submission
from ..catalog import Exercise
from ..cell.sandbox import PRIVATE
from ..errors import SetupError, SubmissionError, UsageError
from ..grading import Options, any_seed
from ..model import HARNESS_ERROR, UNGRADABLE
from ..submission import LARGEST, Submission
from ..workshop import best_tier
from .gradebook import Gradebook, Regrade, members
from .intake import HandIn, Trouble
from .room import Room
from .versions import made_with
from .workers import Interrupt, Task, graded, without_grading

if TYPE_CHECKING:
    from .cluster import Cluster

_NO_TIER = f"the {PRIVATE} tier cannot be had on this machine"
"""How grading says so, when the private tier was insisted on."""


class Tally:
    """How far a run has come. `outcomes`: hand-ins that it graded, by outcome; `unchanged`: graded before, and not again."""

    def __init__(self, total: int) -> None:
        self.total = total
        self.outcomes: Counter[str] = Counter()
        self.unchanged = 0
        self.troubles: list[Trouble] = []
        self.stopped = False

    @property
    def graded(self) -> int:
        """Hand-ins that were graded now."""
        return self.outcomes.total()

    @property
    def done(self) -> int:
        """Hand-ins of which nothing is left to do."""
        return self.graded + self.unchanged + len(self.troubles)


class Run:
    """One run over a class, of which everybody meets the same ports and the same order of checks: the same file has the same marks.

    `regrade`: the round that it is part of; None: only what is new is graded.
    `cluster`: what grades; None: `workers` of this machine, and `most` of them while its processors rest.
    """

    def __init__(
        self,
        exercise: Exercise,
        book: Gradebook,
        options: Options,
        workers: int,
        regrade: Regrade | None = None,
        cluster: Cluster | None = None,
        most: int = 0,
    ) -> None:
        self._exercise = exercise
        self._book = book
        self._options = options._replace(tier=options.tier or PRIVATE, seed=_seed(exercise, book, options))
        self._room = Room(workers, most)
        self._regrade = regrade
        self._cluster = cluster
        self._version = made_with(exercise, self._options)
        self._seen: list[tuple[HandIn, str]] = []
        self._under_way: set[tuple[str, str]] = set()

    def grade(self, handed_in: Sequence[HandIn], show: Callable[[Tally], None] = lambda tally: None) -> Tally:
        """Grade what is new of `handed_in`, until all is done or Ctrl-C; `show` is told of each step.

        Raises SetupError if the tier cannot be had or the gradebook not be written; what was done is in the gradebook then.
        """
        tally = Tally(len(handed_in))
        with Interrupt() as interrupt:
            tasks = self._tasks(handed_in, tally, show, interrupt)
            if self._cluster:
                reports = self._cluster.graded(self._exercise, self._options, tasks, interrupt)
            else:
                reports = graded(self._exercise, self._options, tasks, self._room, interrupt)
            with contextlib.closing(reports):
                for task, report, begun in reports:
                    if report["outcome"] == HARNESS_ERROR and report["reason"].startswith(_NO_TIER):
                        raise _refusal(report["reason"])
                    self._journal(task.hand_in, report, begun, task.submission.content)
                    tally.outcomes[report["outcome"]] += 1
                    show(tally)
            tally.stopped = interrupt.asked and tally.done < tally.total
            self._book.again(self._exercise.slug, self._seen)
            if self._regrade and not tally.stopped and not tally.outcomes[HARNESS_ERROR]:
                self._book.end_regrade(self._regrade)
        return tally

    def _journal(self, hand_in: HandIn, report: dict[str, object], begun: float, content: bytes = b"") -> None:
        self._book.journal(
            self._exercise.slug,
            hand_in,
            report,
            exercise_version=self._version,
            begun=begun,
            regrade=self._regrade.number if self._regrade else 0,
            content=content,
        )

    def _tasks(
        self, handed_in: Sequence[HandIn], tally: Tally, show: Callable[[Tally], None], interrupt: Interrupt
    ) -> Iterator[Task]:
        """What is to be graded. What is not, because it is known or cannot be read, is dealt with on the way."""
        for hand_in in handed_in:
            if interrupt.asked:
                return
            try:
                read, why_not = opened(hand_in)
            except (UsageError, OSError) as error:
                tally.troubles.append(Trouble(hand_in.origin, hand_in.student, _in_words(error, hand_in)))
                show(tally)
                continue
            sha256 = hashlib.sha256(read.content).hexdigest()
            if self._is_known(hand_in, sha256):
                self._seen.append((hand_in, sha256))
                tally.unchanged += 1
            elif why_not:
                report = without_grading(self._exercise, read, UNGRADABLE, why_not)
                self._journal(hand_in, report, time.time())
                tally.outcomes[UNGRADABLE] += 1
            else:
                if not tally.graded:
                    self._refuse_without_tier()
                self._under_way |= {(each.id, sha256) for each in members(hand_in)}
                yield Task(hand_in, read, sha256)
            show(tally)

    def _refuse_without_tier(self) -> None:
        """Before a worker is started for nothing. A cluster's machines tell of themselves."""
        if self._options.tier == PRIVATE and not self._cluster:
            tier, why = best_tier()
            if tier != PRIVATE:
                raise _refusal(f"{_NO_TIER}: {why}")

    def _is_known(self, hand_in: HandIn, sha256: str) -> bool:
        """Whether it was graded for all of its group, in this round if there is one, or is being graded just now."""
        number = self._regrade.number if self._regrade else 0
        return all(
            (student.id, sha256) in self._under_way
            or self._book.already(student, self._exercise.slug, sha256, self._version, __version__, regrade=number)
            for student in members(hand_in)
        )


def opened(hand_in: HandIn) -> tuple[Submission, str]:
    """What was handed in, under its own name, and why nobody can grade it; "" if one can try.

    Raises UsageError or OSError if it cannot be read.
    """
    try:
        return Submission(hand_in.file, submission.read(hand_in.path).content), ""
    except SubmissionError as error:
        with open(hand_in.path, "rb") as file:
            return Submission(hand_in.file, file.read(LARGEST + 1)), _in_words(error, hand_in)


def _in_words(error: Exception, hand_in: HandIn) -> str:
    """What is wrong with a file, by the name that its student knows."""
    return str(error).replace(hand_in.path, hand_in.file)


def _refusal(reason: str) -> SetupError:
    reason = reason.rstrip(".")
    return SetupError(
        f"{reason}. `socklab doctor` says how to mend that. Without it submissions are less contained and some checks are "
        "skipped, so a class is graded in the shared tier only if you ask for it: --tier shared."
    )


def _seed(exercise: Exercise, book: Gradebook, options: Options) -> int:
    """The class's, which everybody has who was graded before and will be graded after."""
    known = book.seed(exercise.slug) if options.seed is None else options.seed
    return any_seed() if known is None else known
