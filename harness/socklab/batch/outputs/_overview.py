"""What a class did, in numbers: which checks failed most, which mistakes were made most, how points are spread, who needs a look.

Entries are taken in one by one, and of each stays a line: what is shown of a student beside everybody else. A check that a report
knows and the exercise no longer has is a column too, after all others.
"""

from __future__ import annotations

import statistics
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from ...model import FAILED, HARNESS_ERROR, PASSED, SKIPPED, UNGRADABLE, VISIBLE
from ...reports.json import from_dict
from ..people import Student
from ..policy import MISSING
from ..results import Result
from ..told import Entry, Told

REFUSED = "refused"
"""The state of somebody of whose files not one could be graded."""

PASS, FAIL, WAIT, SKIP, NONE = "p", "f", "w", "s", " "
"""Letters for how a check went: passed, failed, failed without having been tried, skipped, and not there at all."""

STEPS = 10
"""Of how many parts the spread of points is made, besides the full number."""


@dataclass
class Check:
    """One column. `visibility`: who sees it, as in a report."""

    slug: str
    title: str
    points: int
    bonus: bool
    visibility: str
    outcomes: Counter[str] = field(default_factory=Counter)

    @property
    def failed(self) -> int:
        """How many tried it and failed."""
        return self.outcomes[FAIL]

    @property
    def share(self) -> float:
        """What part of those who tried it failed."""
        tried = self.outcomes[PASS] + self.outcomes[FAIL]
        return self.outcomes[FAIL] / tried if tried else 0.0


class Example(NamedTuple):
    """A line of somebody's submission that shows a mistake. `page`: where their report is; "" if it is nowhere."""

    student: Student
    page: str
    file: str
    number: int
    text: str


@dataclass
class Mistake:
    """A misconception, and how many have it."""

    title: str
    explanation: str
    count: int = 0
    example: Example | None = None


class Line(NamedTuple):
    """What is shown of a student beside everybody else. `state`: the verdict, or REFUSED; `outcomes`: a letter a check."""

    student: Student
    page: str
    state: str
    points: str
    late: bool
    adjusted: bool
    outcomes: str


class Remark(NamedTuple):
    """Somebody, or something, that needs a look, and why."""

    student: Student | None
    page: str
    file: str
    reason: str


class Overview:
    """A class in numbers. `page_of`: the address of a student's report, "" if there is none."""

    def __init__(self, told: Told) -> None:
        self.told = told
        self.lines: list[Line] = []
        self.states: Counter[str] = Counter()
        self.late = 0
        self.spread = [0] * (STEPS + 1)
        self.shares: list[float] = []
        self.seconds: list[tuple[float, Student]] = []
        self.submitted: list[str] = []
        self.remarks: dict[str, list[Remark]] = {UNGRADABLE: [], HARNESS_ERROR: []}
        self.missing: list[Student] = []
        self.mistakes: dict[str, Mistake] = {}
        self.checks = {
            check.slug: Check(check.slug, check.title, check.points, check.bonus, check.visibility)
            for check in told.exercise.checks
        }

    def add(self, entry: Entry, page: str) -> None:
        """Take one student in. `page`: the address of their report; "" if there is none."""
        result = entry.result
        state = REFUSED if entry.refused else result.verdict
        self.states[state] += 1
        self.late += result.late
        outcomes = self._outcomes(result.report) if result.report else ""
        points = "" if state in (MISSING, REFUSED, HARNESS_ERROR) and result.adjusted is None else _points(result)
        self.lines.append(Line(result.student, page, state, points, result.late, result.adjusted is not None, outcomes))
        if state in (PASSED, FAILED, UNGRADABLE):
            self._count(result)
        if state in self.remarks:
            reason = result.report["reason"] if result.report else ""
            self.remarks[state].append(Remark(result.student, page, result.file, reason))
        if state == MISSING:
            self.missing.append(result.student)
        for mistake in result.report["mistakes"] if result.report else ():
            self._mistake(mistake, result, page)

    def _outcomes(self, report: dict[str, Any]) -> str:
        went: dict[str, str] = {}
        for each in report["results"]:
            waits = each["outcome"] == FAILED and each["tried"] == "-"
            letter = WAIT if waits else {PASSED: PASS, FAILED: FAIL, SKIPPED: SKIP}.get(each["outcome"], NONE)
            went[each["slug"]] = letter
            if each["slug"] not in self.checks:
                facts = (each[name] for name in ("slug", "title", "points", "bonus"))
                self.checks[each["slug"]] = Check(*facts, visibility=each.get("visibility", VISIBLE))
            self.checks[each["slug"]].outcomes[letter] += 1
        return "".join(went.get(slug, NONE) for slug in self.checks)

    def _count(self, result: Result) -> None:
        if result.possible:
            share = min(1.0, max(0.0, result.points / result.possible))
            self.shares.append(share)
            self.spread[int(share * STEPS)] += 1
        if result.seconds:
            self.seconds.append((result.seconds, result.student))
        if result.submitted:
            self.submitted.append(result.submitted)

    def _mistake(self, mistake: dict[str, Any], result: Result, page: str) -> None:
        known = self.mistakes.setdefault(mistake["slug"], Mistake(mistake["title"], mistake["explanation"]))
        known.count += 1
        if known.example is None and mistake["lines"]:
            known.example = self._example(mistake["lines"][0], result, page)

    def _example(self, number: int, result: Result, page: str) -> Example | None:
        """That line of a submission; None if there is no source: it was not kept, or whose it is shall not be told."""
        source = from_dict(result.report or {}, self.told.book.source(result.sha256)).source
        text = source[number - 1].strip() if 0 < number <= len(source) else ""
        return Example(result.student, page, result.file, number, text) if text else None

    # -- what is read off ----------------------------------------------------------------------------------------------

    def columns(self) -> list[Check]:
        """The checks in the exercise's order."""
        return list(self.checks.values())

    def failing(self) -> list[Check]:
        """Those that somebody failed, the ones that most did first; a bonus, which costs nothing, after all others."""
        found = [check for check in self.checks.values() if check.failed]
        return sorted(found, key=lambda check: (check.bonus, -check.failed, -check.share))

    def most_made(self) -> list[Mistake]:
        """The mistakes, those that most made first."""
        return sorted(self.mistakes.values(), key=lambda mistake: -mistake.count)

    def quartiles(self) -> Sequence[float]:
        """The lower quartile of the points, their median and the upper one, each as a share; empty if there are none."""
        if len(self.shares) < 2:
            return self.shares * 3
        return statistics.quantiles(self.shares, n=4, method="inclusive")


def _points(result: Result) -> str:
    return f"{result.points}/{result.possible}" if result.possible else f"{result.points}"
