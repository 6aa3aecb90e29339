"""Marks as CSV (RFC 4180), for spreadsheets and scripts: a line a student, in UTF-8.

A spreadsheet takes a text that begins with = + - @ for a formula, which could run a program or send the other marks away
(OWASP, "CSV Injection"). So such a text gets an apostrophe in front; numbers are written as they are.
"""

from __future__ import annotations

import csv
import io

from ..people import shown
from ..results import Result
from ..told import Told

summary = "for spreadsheets and scripts"

COLUMNS = (
    "student exercise verdict points possible bonus late adjusted name email note file origin attempt submitted graded "
    "seconds sha256"
).split()

_BEGINS_A_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


def render(told: Told) -> str:
    """A line of column names and a line for each student."""
    text = io.StringIO(newline="")
    lines = csv.writer(text)
    lines.writerow(COLUMNS)
    for result in told.results():
        lines.writerow([cell(value) for value in values(result)])
    return text.getvalue()


def values(result: Result) -> list[object]:
    """What stands in each of COLUMNS."""
    student = {"student": result.student.id, "name": result.student.name, "email": result.student.email}
    return [student[name] if name in student else getattr(result, name) for name in COLUMNS]


def cell(value: object) -> str:
    """A value as a spreadsheet may have it."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, str):
        return harmless(shown(value))
    return str(value)


def harmless(text: str) -> str:
    """`text`, with an apostrophe in front if a spreadsheet would compute it."""
    return f"'{text}" if text.startswith(_BEGINS_A_FORMULA) else text
