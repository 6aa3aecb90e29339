"""Moodle's grading worksheet, filled in: the file that was given as the roster, with grades and feedback comments.

Moodle finds a row by Identifier, takes Grade and the columns of feedback, and passes over a row that was changed after its
"Last modified (grade)", is locked or out of range (mod/assign/feedback/offline: importgradeslib.php, locallib.php). So all
other cells stay as they are, and so do rows of those who have no mark or whose grade cannot be changed, and comments that
people wrote.

Column names are in the language in which the worksheet was downloaded, and Moodle wants them back in it. Known are English and
Korean (language pack ko, in which what is not translated stays English). Numbers get the decimal comma or point of "Maximum
Grade": Moodle reads the comma where it wrote one (unformat_float in lib/moodlelib.php), and a spreadsheet there does too.
"""

from __future__ import annotations

import html
from collections.abc import Iterator
from datetime import UTC, datetime
from fractions import Fraction

from ...errors import UsageError
from ...i18n import tr
from ...model import FAILED, UNGRADABLE
from ...reports._failures import failures
from ...reports.json import from_dict
from ...visibility import for_learner
from ..people import Sheet, shown
from ..results import Result
from ..told import Told
from . import Wanted
from ._sheets import decimal, is_mark, left_out, number, place, scaled, sheet_of, written

__all__ = ["check", "left_out", "render", "summary"]

summary = "Moodle's grading worksheet, filled in; it is given with --roster"

MOST_TOLD = 5
"""Failing checks that are named in a comment."""

_IDENTIFIER = ("Identifier", "식별자")
_GRADE = ("Grade", "성적")
_MAXIMUM = ("Maximum Grade", "최대 성적")
_SCALE = ("Scale", "척도")
_CHANGEABLE = ("Grade can be changed",)
_NO = ("No", "아니오")
_MODIFIED = ("Last modified (grade)", "마지막 수정됨(성적)")
_COMMENTS = ("Feedback comments", "피드백 코멘트")


def check(wanted: Wanted) -> None:
    """Raise UsageError if the roster is no worksheet that could be filled in."""
    if wanted.anonymous:
        raise UsageError("--anonymous: Moodle has to know whose mark is whose. Leave it out, or the format moodle.")
    if wanted.roster is None:
        raise UsageError(
            "--format moodle fills in Moodle's grading worksheet: choose “Download grading worksheet” among the grading actions "
            "of the assignment, and give that file with --roster."
        )
    sheet = wanted.roster.sheet
    header = sheet.rows[0][0]
    path = shown(sheet.path)
    for names in (_IDENTIFIER, _GRADE, _MODIFIED):
        if place(header, names) is None:
            raise UsageError(
                f"{path}: it has no column “{names[0]}”, so it is no grading worksheet of Moodle, or one in another language "
                "than English and Korean."
            )
    at = place(header, _MAXIMUM)
    if at is None and place(header, _SCALE) is not None:
        raise UsageError(f"{path}: that assignment is graded in words (a scale). Let it be graded in points in Moodle.")
    if at is not None:
        for row, student in sheet.rows:
            if student and number(_cell(row, at)) is None:
                raise UsageError(f"{path}: the maximum grade “{shown(_cell(row, at))}” is no number.")


def render(told: Told) -> str:
    """The worksheet with what is known now."""
    sheet = sheet_of(told)
    header = sheet.rows[0][0]
    comments = place(header, _COMMENTS)
    marks: dict[str, tuple[Result, str]] = {}
    for result in told.results(reports=comments is not None):
        if is_mark(result):
            comment = _comment(told, result) if comments is not None else ""
            marks[result.student.id] = (result._replace(report=None), comment)
    return written(sheet, _rows(told, sheet, marks))


def _rows(told: Told, sheet: Sheet, marks: dict[str, tuple[Result, str]]) -> Iterator[list[str]]:
    header = sheet.rows[0][0]
    grade, maximum, comments = place(header, _GRADE), place(header, _MAXIMUM), place(header, _COMMENTS)
    changeable = place(header, _CHANGEABLE)
    for row, student in sheet.rows:
        found = marks.get(student.id) if student else None
        if not found or grade is None or (changeable is not None and _cell(row, changeable).strip() in _NO):
            yield row
            continue
        result, comment = found
        filled = row + [""] * (len(header) - len(row))
        filled[grade] = _grade(result, _cell(row, maximum) if maximum is not None else "")
        if comments is not None and _is_ours(filled[comments], told):
            filled[comments] = comment
        yield filled


def _grade(result: Result, maximum: str) -> str:
    """Between nothing and all: Moodle passes over what is out of range, and says nothing."""
    most = number(maximum)
    value = max(Fraction(0), scaled(result, most))
    text = decimal(value if most is None else min(value, most))
    return text.replace(".", ",") if "," in maximum else text


def _comment(told: Told, result: Result) -> str:
    """What the student is told, as HTML, since Moodle shows it as such; without quotes and backslashes, which PHP's CSV mixes up."""
    points = tr("{number} of {total} points", number=result.points, total=result.possible)
    parts = [f"{_begin(told)}{points}{', ' + tr('late') if result.late else ''}"]
    if result.report:
        view = for_learner(from_dict(result.report), told.exercise, due_passed=_due_passed(told))
        parts += [tr(view.reason)] if view.outcome == UNGRADABLE else []
        parts += [tr(remark) for remark in view.remarks]
        if view.outcome == FAILED:
            parts += [f"✗ {tr(failure.result.title)}" for failure in failures(view)[:MOST_TOLD]]
        parts += [f"{tr('It looks as if')} {tr(mistake.title)}. {tr(mistake.next)}" for mistake in view.mistakes]
    lines = (line for part in parts for line in part.split("\n"))
    return "<br>".join(html.escape(shown(line)).replace("\\", "&#92;") for line in lines)


def _is_ours(comment: str, told: Told) -> bool:
    """Whether nobody else wrote it: it is ours of an earlier time, or none."""
    return not comment.strip() or comment.startswith(_begin(told))


def _begin(told: Told) -> str:
    return f"{told.exercise.slug}: "


def _due_passed(told: Told) -> bool:
    return told.policy.due is not None and told.policy.due <= datetime.now(UTC)


def _cell(row: list[str], at: int) -> str:
    return row[at] if at < len(row) else ""
