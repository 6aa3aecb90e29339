"""What came of a class, for outputs to tell: one result a student, and whatever could not be graded, with its reason.

A file that nobody can take for a submission has no grade, and yet its student did hand in: so the reason stands in the note of
that student's result too, and whoever reads nothing but a table of marks still meets it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import NamedTuple

from ..catalog import Exercise
from .gradebook import Gradebook, storable
from .intake import Trouble
from .people import Student, shown
from .policy import MISSING, Policy
from .results import Result, results
from .run import Tally

_NOTHING = "Nothing was handed in."
"""How a policy begins to say that there is no attempt."""


class Told(NamedTuple):
    """A class and an exercise after a run. `again`: the command that makes the same run; `gradebook`: where marks are kept."""

    exercise: Exercise
    book: Gradebook
    policy: Policy
    roster: Mapping[str, Student] | None
    troubles: tuple[Trouble, ...]
    tally: Tally
    gradebook: str
    again: str

    def results(self) -> Iterator[Result]:
        """One for each student, of the gradebook and the roster, then those of whom there are only troubles."""
        why = self._reasons()
        for result in results(self.book, self.exercise.slug, self.policy, self.roster):
            found = why.pop(storable(result.student.id), None)
            yield _noted(result, found[1]) if found else result
        possible = self.book.usual_points(self.exercise.slug)
        for student, reasons in why.values():
            yield _noted(_nothing(student, self.exercise.slug, possible), reasons)

    def _reasons(self) -> dict[str, tuple[Student, list[str]]]:
        """What could not be graded of each student, by id."""
        found: dict[str, tuple[Student, list[str]]] = {}
        for trouble in self.troubles:
            if trouble.student:
                student = trouble.student
                reasons = found.setdefault(storable(student.id), (student, []))[1]
                reasons.append(f"{shown(trouble.origin)}: {shown(trouble.reason).rstrip('.')}.")
        return found


def _noted(result: Result, reasons: list[str]) -> Result:
    """A result that says what was handed in and not graded."""
    told = f"Not graded: {' '.join(reasons)}"
    note = result.note
    if result.verdict == MISSING and note.startswith(_NOTHING):  # something was, and nobody can take it
        return result._replace(note=f"{told}{note[len(_NOTHING) :]}")
    return result._replace(note=f"{note} {told}".strip())


def _nothing(student: Student, exercise: str, possible: int) -> Result:
    """The result of somebody of whom the gradebook knows nothing."""
    return Result(
        student=student,
        exercise=exercise,
        file="",
        origin="",
        attempt=0,
        verdict=MISSING,
        points=0,
        possible=possible,
        bonus=0,
        late=False,
        adjusted=None,
        note=_NOTHING,
        submitted="",
        graded="",
        seconds=0.0,
        sha256="",
        report=None,
    )
