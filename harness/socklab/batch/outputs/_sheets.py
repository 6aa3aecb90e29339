"""What the outputs have in common that fill in a CSV file of an LMS, in its own columns and rows.

Names and numbers of students are written as they came, without an apostrophe before what a spreadsheet would compute: the LMS
finds its rows by them, so any change would lose a mark, and it was the LMS that let them into its file. What is ours in such a
file never begins like a formula.
"""

from __future__ import annotations

import csv
import io
import math
import re
from collections.abc import Iterable, Sequence
from fractions import Fraction

from ...model import HARNESS_ERROR
from ..people import Roster, Sheet, column, shown
from ..policy import MISSING
from ..results import Result
from ..told import Told


def sheet_of(told: Told) -> Sheet:
    """The file that is filled in; `check` has seen that there is one."""
    if not isinstance(told.roster, Roster):
        raise TypeError("an output of an LMS was rendered without its file")
    return told.roster.sheet


def place(header: Sequence[str], names: Iterable[str]) -> int | None:
    """Where the column is that has one of `names`, whatever their case; None if there is none."""
    wanted = {column(name) for name in names}
    return next((at for at, cell in enumerate(header) if column(cell) in wanted), None)


def number(text: str) -> Fraction | None:
    """A number with a decimal point or comma, as an LMS writes it without any between thousands; None if it is none."""
    text = text.strip().replace(",", ".")
    return Fraction(text) if re.fullmatch(r"[0-9]+(\.[0-9]+)?", text) else None


def is_mark(result: Result) -> bool:
    """Whether it is to go into an LMS: an error of ours is no mark, nor is nothing, unless people gave points for it."""
    return result.verdict != HARNESS_ERROR and (result.verdict != MISSING or result.adjusted is not None)


def scaled(result: Result, most: Fraction | None) -> Fraction:
    """Points as a share of `most`; None: as they are."""
    points = Fraction(str(result.points))
    return points if most is None or not result.possible else points / result.possible * most


def decimal(value: Fraction) -> str:
    """Two decimals, half up, with a point."""
    hundredths = math.floor(abs(value) * 100 + Fraction(1, 2))
    return f"{'-' if value < 0 and hundredths else ''}{hundredths // 100}.{hundredths % 100:02d}"


def written(sheet: Sheet, rows: Iterable[Sequence[str]]) -> str:
    """`rows` in the dress of the file that came: separator, line ends, byte order mark."""
    text = io.StringIO(newline="")
    csv.writer(text, delimiter=sheet.delimiter, lineterminator=sheet.newline).writerows(rows)
    return ("\ufeff" if sheet.mark else "") + text.getvalue()


def left_out(told: Told) -> list[str]:
    """Those who have marks, and no row in the file."""
    known = {student.id for _, student in sheet_of(told).rows if student}
    return [shown(each.student.name) for each in told.results() if is_mark(each) and each.student.id not in known]
