"""What a student's attempts are worth: which of them counts, what being late costs, what was changed by hand.

In this order: each attempt is judged with the late rule, `best` or `last` chooses among them, adjustments are applied. So with
`best` nobody loses by handing in once more after the due date. Each step says what it did, in words. All sums are exact;
points are rounded once, half up, to two decimals. Nothing of it is kept: the gradebook holds facts only.
"""

from __future__ import annotations

import math
import re
from datetime import datetime, timedelta
from fractions import Fraction
from typing import NamedTuple

from ..errors import UsageError
from ..model import FAILED, HARNESS_ERROR, PASSED, UNGRADABLE
from .attempts import Attempt, Past, moment

MISSING = "missing"
"""The verdict on somebody who handed in nothing."""

BEST, LAST = "best", "last"

_UNITS = {"day": timedelta(days=1), "hour": timedelta(hours=1)}
_RANK = (HARNESS_ERROR, UNGRADABLE, FAILED, PASSED)

_PERCENT = r"([0-9]{1,3}(?:\.[0-9]{1,2})?) ?%"
_COSTS = re.compile(rf"{_PERCENT} ?(?:/|per |a |an )? ?(day|hour)")
_AT_MOST = re.compile(rf"at most {_PERCENT}")
_REFUSED = re.compile(r"refused after ([0-9]{1,4}) days?")

Points = int | float


class LateRule(NamedTuple):
    """What being late costs, in percent of the points earned; each day, or hour, that has begun counts in full.

    `at_most`: percent that are taken away in all. `refused_after`: days after which nothing is given; None: never. What an LMS
    calls late, without a time of which we could tell how late, costs one day, or hour, and is never refused.
    """

    percent: Fraction = Fraction(0)
    unit: str = "day"
    at_most: Fraction = Fraction(100)
    refused_after: int | None = None

    def units(self, late_by: timedelta) -> int:
        """How many days, or hours, have begun."""
        return max(1, math.ceil(late_by / _UNITS[self.unit]))

    def cost(self, units: int) -> Fraction:
        """Percent that so many days, or hours, take away."""
        return min(self.percent * units, self.at_most, Fraction(100))

    def refuses(self, late_by: timedelta) -> bool:
        """Whether that is too late for any points."""
        return self.refused_after is not None and late_by > timedelta(days=self.refused_after)


class Policy(NamedTuple):
    """How attempts become a result. `due`: with its time zone; None: never late, except by the word of the LMS."""

    which: str = BEST
    due: datetime | None = None
    late: LateRule = LateRule()


class Decision(NamedTuple):
    """What a student's attempts are worth. `attempt`: the one that counts; None if there is none.

    `adjusted`: by how much adjustments changed the points; None if there is none that counts. `note`: each step in words.
    """

    attempt: Attempt | None
    verdict: str
    points: Points
    possible: int
    bonus: Points
    late: bool
    adjusted: Points | None
    note: str


class _Judged(NamedTuple):
    attempt: Attempt
    points: Fraction
    bonus: Fraction
    late: bool
    words: str

    def worth(self) -> tuple[Fraction, int, Fraction]:
        """What makes one attempt better than another."""
        grade = self.attempt.grade
        share = self.points / grade.possible if grade.possible else Fraction(0)  # some checks may not have run
        return share, _RANK.index(grade.outcome), self.bonus


def decide(past: Past, policy: Policy, usual: int = 0) -> Decision:
    """What `past` is worth under `policy`. `usual`: what can be earned, where no check ran that would tell."""
    if past.attempts:
        judged = [_judge(attempt, policy) for attempt in past.attempts]
        chosen = judged[-1] if policy.which == LAST else max(judged, key=_Judged.worth)  # the first of equals
        grade = chosen.attempt.grade
        words = [_chosen_in_words(chosen.attempt, past, policy), _grades_in_words(chosen.attempt), chosen.words]
        attempt, verdict, possible = chosen.attempt, grade.outcome, grade.possible or usual
        points, bonus, late = chosen.points, chosen.bonus, chosen.late
    else:
        words = ["Nothing was handed in."]
        attempt, verdict, possible = None, MISSING, usual
        points, bonus, late = Fraction(0), Fraction(0), False
    after, changes = _adjusted(past, points)
    return Decision(
        attempt=attempt,
        verdict=verdict,
        points=rounded(after),
        possible=possible,
        bonus=rounded(bonus),
        late=late,
        adjusted=rounded(after - points) if any(a.withdrawn is None for a in past.adjustments) else None,
        note=" ".join(filter(None, [*words, *changes])),
    )


def _chosen_in_words(attempt: Attempt, past: Past, policy: Policy) -> str:
    total = len(past.attempts)
    return f"Of {total} attempts the {policy.which} counts: number {attempt.number}." if total > 1 else ""


def _grades_in_words(attempt: Attempt) -> str:
    if attempt.grade.outcome == HARNESS_ERROR:
        return "It could not be graded, by an error of ours: this is no mark. Grade it again."
    judgements = sum(grade.outcome != HARNESS_ERROR for grade in attempt.grades)
    words = f"It was graded {judgements} times: the newest grade counts." if judgements > 1 else ""
    if attempt.grades[-1].outcome == HARNESS_ERROR:
        words += " Grading it once more ended in an error of ours, which changes nothing."
    return words.strip()


def _judge(attempt: Attempt, policy: Policy) -> _Judged:
    """One attempt after the late rule."""
    grade, rule = attempt.grade, policy.late
    whole = Fraction(grade.points), Fraction(grade.bonus)
    submitted = moment(attempt.submitted)
    late_by = max(submitted - policy.due, timedelta(0)) if submitted and policy.due else timedelta(0)
    if not late_by and not attempt.late:
        unknown = policy.due and not submitted and attempt.when > policy.due
        words = "When it was handed in is not known: it counts as in time." if unknown else ""
        return _Judged(attempt, *whole, False, words)
    words = f"Late by {_span(late_by)}" if late_by else "Late, as marked where it was handed in"
    if rule.refuses(late_by):
        return _Judged(
            attempt, Fraction(0), Fraction(0), True, f"{words}: refused after {_many(rule.refused_after, 'day')}."
        )
    units = rule.units(late_by)
    cost = rule.cost(units)
    if not cost or not any(whole):
        return _Judged(attempt, *whole, True, f"{words}.")
    points, bonus = (each * (1 - cost / 100) for each in whole)
    capped = f", at most {rounded(rule.at_most)} %" if rule.percent * units > rule.at_most else ""
    words += f": -{rounded(cost)} % ({_many(units, rule.unit)} begun{capped}), {rounded(whole[0])} -> {rounded(points)} points."
    return _Judged(attempt, points, bonus, True, words)


def _adjusted(past: Past, points: Fraction) -> tuple[Fraction, list[str]]:
    """The points after all adjustments that count, and each in words."""
    words = []
    for each in past.adjustments:
        if each.withdrawn is None:
            before, points = points, each.applied(points)
            words.append(
                f"Adjusted by {each.author}: {rounded(before)} -> {rounded(points)} points "
                f"({'' if each.change[0] in '+-' else '='}{each.change}; {each.note})."
            )
    return points, words


# -- words -----------------------------------------------------------------------------------------------------------


def rounded(points: Fraction) -> Points:
    """To two decimals, half up (of a loss: half away from nothing); a whole number is an int."""
    hundredths = math.floor(abs(points) * 100 + Fraction(1, 2)) * (1 if points >= 0 else -1)
    return hundredths // 100 if hundredths % 100 == 0 else hundredths / 100


def _many(number: int | None, unit: str) -> str:
    return f"{number} {unit}" if number == 1 else f"{number} {unit}s"


def _span(late_by: timedelta) -> str:
    """A time in its two largest units, what has begun counted: nobody is late by nothing."""
    minutes = math.ceil(late_by / timedelta(minutes=1))
    days, hours, minutes = minutes // 1440, minutes // 60 % 24, minutes % 60
    parts = [(days, "day"), (hours, "hour"), (minutes, "minute")]
    return " ".join([_many(number, unit) for number, unit in parts if number][:2])


# -- what people type ------------------------------------------------------------------------------------------------


def due_date(text: str) -> datetime:
    """A due date in ISO 8601 with its time zone, such as 2026-03-01T23:59+09:00 or 2026-03-01T14:59Z.

    Raises UsageError if it is none, or does not say its time zone.
    """
    example = "write it as 2026-03-01T23:59+09:00 (or …Z for UTC)"
    try:
        due = datetime.fromisoformat(text.strip())
    except ValueError as error:
        raise UsageError(f"{text!r} is no date: {example}.") from error
    if due.tzinfo is None:
        raise UsageError(f"{text!r} does not say its time zone, and students may be in another one: {example}.")
    return due


def late_rule(text: str) -> LateRule:
    """A late rule as people write it: "10% per day, at most 50%, refused after 7 days"; each part may be left out.

    Raises UsageError if it is none.
    """
    rule = LateRule()
    for part in filter(None, (part.strip().lower() for part in text.split(","))):
        if found := _COSTS.fullmatch(part):
            rule = rule._replace(percent=Fraction(found[1]), unit=found[2])
        elif found := _AT_MOST.fullmatch(part):
            rule = rule._replace(at_most=Fraction(found[1]))
        elif found := _REFUSED.fullmatch(part):
            rule = rule._replace(refused_after=int(found[1]))
        else:
            raise UsageError(
                f"{part!r} is no part of a late rule; write it as: 10% per day, at most 50%, refused after 7 days."
            )
    if rule == LateRule() or max(rule.percent, rule.at_most) > 100:
        raise UsageError(f"{text!r} is no late rule; one is: 10% per day, at most 50%, refused after 7 days.")
    return rule
