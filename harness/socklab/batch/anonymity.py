"""Nobody is named: what is left of results, reports and troubles once all is taken out that could tell whose they are.

Of a report stays only what we said ourselves: which checks passed, which mistakes were found. All that the submission is called,
prints, calls or says goes, since any of it may be a name. Times go too: a class is graded in the order of its names, so the
time of each grade would tell them; and hashes, which whoever has the files can make anew.

It does not know who may be recognised by their points.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from typing import Any

from ..catalog import Exercise
from ..i18n import tr
from ..languages import all_languages
from .attempts import Past
from .gradebook import storable
from .people import Student
from .results import Result
from .sorting import Trouble

LEFT_OUT = "…"
"""Stands where something would name somebody."""

_WHY_NOT = "why is not told here, since it may name somebody"

_REASONS = ("it does not compile", "it cannot be loaded", "it has no function", "it has no main()")
"""How reasons begin that are ours as far as that."""

_OF_REPORT = (
    "exercise title language toolchain tier tier_reason seconds outcome version points possible bonus_points to_fix"
).split()
_OF_CHECK = "slug title outcome points bonus hint why more expected broke waits_for calls_left_out visibility".split()


class Mask:
    """Who everybody is instead. `numbers`: by id as the gradebook keeps it; `roster` and `troubles`: as they were."""

    def __init__(
        self,
        numbers: Mapping[str, int],
        roster: Mapping[str, Student] | None,
        troubles: tuple[Trouble, ...],
        exercise: Exercise,
    ) -> None:
        self.roster = roster
        self.troubles = troubles
        self._numbers = numbers
        self._exercise = exercise

    def number(self, student: Student) -> int:
        """The number of somebody's pseudonym."""
        return self._numbers[storable(student.id)]

    def student(self, student: Student) -> Student:
        """Who stands for somebody."""
        number = self.number(student)
        return Student(f"student-{number}", tr("Student {number}", number=number))

    def students(self, students: Iterable[Student]) -> list[Student]:
        """Who stands for all of them, in an order that says nothing."""
        return [self.student(each) for each in sorted(students, key=self.number)]

    def in_order(self, troubles: Iterable[Trouble]) -> list[Trouble]:
        """Troubles as they are, but in an order that says nothing: those that are nobody's last."""
        return sorted(troubles, key=lambda each: (each.student is None, each.student and self.number(each.student)))

    def trouble(self, trouble: Trouble) -> Trouble:
        """A trouble that does not say what it is, which would name files."""
        return Trouble(LEFT_OUT, trouble.student and self.student(trouble.student), _WHY_NOT)

    def past(self, past: Past) -> Past:
        """A history whose adjustments do not say who made them, and why."""
        return past._replace(
            adjustments=tuple(each._replace(author=LEFT_OUT, note=LEFT_OUT) for each in past.adjustments)
        )

    def result(self, result: Result) -> Result:
        """A result that is nobody's; of its note, `past` has taken care."""
        return result._replace(
            student=self.student(result.student),
            file=self._file(result.file),
            origin="",
            submitted="",
            graded="",
            sha256="",
            report=self._report(result.report) if result.report else None,
        )

    def _file(self, name: str) -> str:
        """What the file should have been called."""
        suffix = os.path.splitext(name)[1].lower()
        known = any(suffix in language.suffixes for language in all_languages())
        return self._exercise.function + (suffix if known else "") if name else ""

    def _report(self, report: Mapping[str, Any]) -> dict[str, Any]:
        return {name: report[name] for name in _OF_REPORT if name in report} | {
            "file": self._file(report["file"]),
            "sha256": "",
            "seed": 0,
            "reason": next((known for known in _REASONS if report["reason"].startswith(known)), ""),
            "diagnostics": [],
            "output": "",
            "remarks": [],
            "results": [_check(each) for each in report["results"]],
            "mistakes": [dict(each) for each in report["mistakes"]],
        }


def _check(result: Mapping[str, Any]) -> dict[str, Any]:
    tried = result["tried"] if result["tried"] == "-" else ""  # that it was not tried is ours
    kept = {name: result[name] for name in _OF_CHECK if name in result}
    return kept | {"tried": tried, "arranged": [], "got": "", "message": "", "calls": []}
