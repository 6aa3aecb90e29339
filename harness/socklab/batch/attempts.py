"""What a gradebook tells of one student and one exercise: the attempts, how each was graded, and what people changed by hand."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from fractions import Fraction
from typing import NamedTuple

from ..errors import UsageError
from ..model import HARNESS_ERROR
from .people import Student

_CHANGE = re.compile(r"[+-]?[0-9]{1,6}(\.[0-9]{1,4})?")


class Grade(NamedTuple):
    """One time that an attempt was graded. Times are ISO 8601 UTC; `row` is what its report is asked for by."""

    row: int
    sha256: str
    exercise_version: str
    harness_version: str
    regrade: int  # 0: graded because it was new; else the number of the regrade
    seed: int
    tier: str
    outcome: str
    points: int
    possible: int
    bonus: int
    begun: str
    ended: str
    seconds: float


class Attempt(NamedTuple):
    """One hand-in with every grade that it was given, the oldest first; there is always one."""

    number: int
    sha256: str
    file: str
    origin: str
    late: bool  # as the LMS says
    submitted: str  # ISO 8601 UTC; "": not known
    arrived: str  # when the run began that saw it last
    grades: tuple[Grade, ...]

    @property
    def grade(self) -> Grade:
        """The grade that counts: the newest one that is a judgement, or an error of ours if there is nothing else."""
        return next((each for each in reversed(self.grades) if each.outcome != HARNESS_ERROR), self.grades[-1])

    @property
    def when(self) -> datetime:
        """When it was handed in; where that is not known, when the gradebook saw it last."""
        return moment(self.submitted) or moment(self.arrived) or datetime.min.replace(tzinfo=UTC)


class Withdrawal(NamedTuple):
    """That an adjustment no longer counts, and who says so; `made` is ISO 8601 UTC."""

    note: str
    author: str
    made: str


class Adjustment(NamedTuple):
    """What somebody changed by hand. `change`: "+1.5", "-2", or points without a sign, which replace what was earned."""

    row: int
    change: str
    note: str
    author: str
    made: str
    withdrawn: Withdrawal | None = None

    def applied(self, points: Fraction) -> Fraction:
        """The points after it; never less than none."""
        change = Fraction(self.change)
        return max(Fraction(0), points + change if self.change[0] in "+-" else change)


class Past(NamedTuple):
    """All that is known of a student in one exercise, in the order in which it was handed in and changed."""

    student: Student
    exercise: str
    attempts: tuple[Attempt, ...] = ()
    adjustments: tuple[Adjustment, ...] = ()


def change_of_points(text: str) -> str:
    """The change that somebody typed: "+1.5", "-2", or points without a sign.

    Raises UsageError if it is none.
    """
    text = text.strip().replace("−", "-")
    if not _CHANGE.fullmatch(text):
        raise UsageError(f"{text!r} is no change of points; it is +1.5, -2, or 7 to replace what was earned.")
    return text


def moment(text: str) -> datetime | None:
    """A time in ISO 8601, taken for UTC where it does not say; None if it is none."""
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        return None
    return found if found.tzinfo else found.replace(tzinfo=UTC)


def iso(seconds: float) -> str:
    """Seconds since the epoch as ISO 8601 UTC, to the microsecond."""
    return datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
