"""A class as JUnit XML, for CI systems: a suite for each student, a test case for each check.

Cases are those of reports/junit.py; those of checks that learners do not see are marked. Since systems tell tests apart by class and
name, each student is a class of their own. Of whom there is nothing to grade, the one case is skipped and says why. What late
rule and adjustments made of it stands in the properties of the suite.
"""

from __future__ import annotations

from ...i18n import tr
from ...reports.json import from_dict
from ...reports.junit import document, suite, untested
from ..people import shown
from ..results import Result
from ..told import Told

summary = "JUnit XML, for CI systems"


def render(told: Told) -> str:
    """All of it as one document."""
    return document(_suite(result) for result in told.results(reports=True))


def _suite(result: Result) -> str:
    student = result.student
    label = f"{shown(student.id)} {shown(student.name)}" if student.name != student.id else shown(student.id)
    classname = f"{result.exercise}.{shown(student.id)}"
    known = {
        "student": shown(student.id),
        "name": shown(student.name),
        "verdict": result.verdict,
        "points": result.points,
        "possible": result.possible,
        "bonus": result.bonus,
        "late": "yes" if result.late else "no",
        "note": shown(result.note),
    }
    if result.report is None:
        return untested(label, classname, tr("handed in"), shown(result.note), known)
    return suite(from_dict(result.report), label, classname, properties=known)
