"""One result for each student: what every output of a class is rendered from.

Students are gone through one by one, and a report is read only if it is asked for; so a class of any size takes the memory of
one student and a list of names.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from .attempts import Past
from .gradebook import Gradebook, storable
from .people import Student
from .policy import Points, Policy, decide


class Result(NamedTuple):
    """What a student reached in an exercise, after policy, late rule and adjustments.

    Times are ISO 8601 UTC, "" where there is none. Of somebody who handed in nothing the verdict is "missing" and the attempt 0.
    """

    student: Student
    exercise: str
    file: str
    origin: str
    attempt: int
    verdict: str  # "passed", "failed", "ungradable", "harness-error" or "missing"
    points: Points
    possible: int
    bonus: Points
    late: bool
    adjusted: Points | None  # by how much people changed the points; None: not at all
    note: str  # how it came to this, in words
    submitted: str
    graded: str
    seconds: float
    sha256: str
    report: dict[str, Any] | None  # as reports/json.py renders it; None if there is none, or it was not asked for


def results(
    book: Gradebook,
    exercise: str,
    policy: Policy,
    roster: Mapping[str, Student] | None = None,
    *,
    reports: bool = False,
) -> Iterator[Result]:
    """The result of each student: those of `roster` in its order, then whoever else handed in, by id.

    reports: whether each brings its full report. Raises SetupError if the gradebook cannot be read.
    """
    usual = book.usual_points(exercise)
    for student, strange in everybody(book, exercise, roster):
        result = result_of(book, book.past(student, exercise), policy, usual, reports=reports)
        yield noted_as_strange(result) if strange else result


def everybody(
    book: Gradebook, exercise: str, roster: Mapping[str, Student] | None = None
) -> Iterator[tuple[Student, bool]]:
    """Each student, and whether a roster was given that does not know them."""
    known = set()
    for student in (roster or {}).values():
        known.add(storable(student.id))
        yield student, False
    for student in book.students(exercise):
        if student.id not in known:
            yield student, roster is not None


def noted_as_strange(result: Result) -> Result:
    """The result of somebody whom the roster does not know."""
    return result._replace(note=f"Not in the roster. {result.note}".strip())


def result_of(book: Gradebook, past: Past, policy: Policy, usual: int, *, reports: bool = False) -> Result:
    """What `past` comes to. usual: the points that can be earned, where no attempt tells; reports: whether to bring the report."""
    decision = decide(past, policy, usual)
    attempt = decision.attempt
    grade = attempt.grade if attempt else None
    return Result(
        student=past.student,
        exercise=past.exercise,
        file=attempt.file if attempt else "",
        origin=attempt.origin if attempt else "",
        attempt=attempt.number if attempt else 0,
        verdict=decision.verdict,
        points=decision.points,
        possible=decision.possible,
        bonus=decision.bonus,
        late=decision.late,
        adjusted=decision.adjusted,
        note=decision.note,
        submitted=attempt.submitted if attempt else "",
        graded=f"{grade.ended[:19]}Z" if grade else "",
        seconds=grade.seconds if grade else 0.0,
        sha256=grade.sha256 if grade else "",
        report=book.report(grade) if grade and reports else None,
    )
