"""A Canvas gradebook for import: of the export that was given as the roster, whose each row is, and the one assignment.

Canvas takes the columns from Student to Section, in the order of its own export, and each assignment called "title (number)";
what it computes itself is left out, and so are other assignments, whose marks may have changed meanwhile (canvas-lms,
gradebook_exporter.rb and gradebook_importer.rb). The row "Points Possible" stays, since without it, or with other points, Canvas
would change the assignment. A row's mark that is not ours stays as it was exported, which changes nothing: an empty one
would be deleted there. So do "EX", which excuses somebody, and "N/A", whom it is not assigned to. Whoever is in several
sections has one row or several; each of them gets the mark. Canvas reads decimal points everywhere.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from fractions import Fraction

from ...catalog import Exercise
from ...errors import UsageError
from ..people import Sheet, column, shown
from ..told import Told
from . import Wanted
from ._sheets import decimal, is_mark, left_out, number, place, scaled, sheet_of, written

__all__ = ["check", "left_out", "render", "summary"]

summary = "Canvas's gradebook, for import; its export is given with --roster"

MOST_NAMED = 10
"""Assignments that an error names."""

_ASSIGNMENT = re.compile(r"(.+) \(([0-9]+)\)\s*")
_KEPT = ("EX", "N/A")


def check(wanted: Wanted) -> None:
    """Raise UsageError if the roster is no export with that assignment, or it is not clear which one is meant."""
    if wanted.anonymous:
        raise UsageError("--anonymous: Canvas has to know whose mark is whose. Leave it out, or the format canvas.")
    if wanted.roster is None:
        raise UsageError(
            "--format canvas fills in Canvas's own table: choose Export in the gradebook, and give that file with --roster."
        )
    sheet = wanted.roster.sheet
    _people(sheet)
    at = _assignment(sheet, wanted.exercise, wanted.assignment)
    if not _possible(sheet, at):
        name = shown(sheet.rows[0][0][at])
        raise UsageError(
            f"{shown(sheet.path)}: “{name}” is worth no points in Canvas. Give it some there, and export again."
        )


def render(told: Told) -> str:
    """The import, as it came: row by row."""
    sheet = sheet_of(told)
    at = _assignment(sheet, told.exercise, told.assignment)
    possible = _possible(sheet, at)
    marks = {each.student.id: decimal(scaled(each, possible)) for each in told.results() if is_mark(each)}
    return written(sheet, _rows(sheet, at, marks))


def _rows(sheet: Sheet, at: int, marks: dict[str, str]) -> Iterator[list[str]]:
    people = _people(sheet)
    for row, student in sheet.rows:
        if not row[0].strip():  # which assignments are posted by hand: nothing that could be imported
            continue
        cell = row[at] if at < len(row) else ""
        mark = marks.get(student.id, cell) if student and cell.strip().upper() not in _KEPT else cell
        yield [*row[:people], *[""] * (people - len(row)), mark]


def _people(sheet: Sheet) -> int:
    """How many columns say who somebody is. Raises UsageError if it is no export of Canvas."""
    header = [cell.strip() for cell in sheet.rows[0][0]]
    last = place(header, ["Section"])
    if header[:2] not in (["Student", "ID"], ["LastName", "FirstName"]) or last is None:
        raise UsageError(
            f"{shown(sheet.path)}: that is no gradebook of Canvas, which begins with Student, ID and goes on to Section. "
            "Choose Export in the gradebook, and give that file with --roster as it is."
        )
    return last + 1


def _assignment(sheet: Sheet, exercise: Exercise, wanted: str | None) -> int:
    """Where its column is. Raises UsageError if there is none, or more than one."""
    header = sheet.rows[0][0]
    there = {at: found for at in range(_people(sheet), len(header)) if (found := _ASSIGNMENT.fullmatch(header[at]))}
    if wanted is not None:
        words = [column(wanted)]
        fitting = [at for at, found in there.items() if words[0] in (column(found[0]), column(found[1]), found[2])]
    else:
        words = [column(exercise.slug), column(exercise.title)]
        fitting = [at for at, found in there.items() if column(found[1]) in words]
        fitting = fitting or [at for at, found in there.items() if any(word in column(found[1]) for word in words)]
    if len(fitting) == 1:
        return fitting[0]
    path = shown(sheet.path)
    named = ", ".join(f"“{shown(header[at].strip())}”" for at in [*(fitting or there)][:MOST_NAMED])
    if not there:
        raise UsageError(f"{path}: there is no assignment in it.")
    if fitting:
        raise UsageError(f"{path}: more than one assignment may be meant: {named}. Say which with --assignment NAME.")
    name = shown(wanted or exercise.slug)
    raise UsageError(f"{path}: no assignment in it is called {name}. Say which with --assignment NAME: {named}.")


def _possible(sheet: Sheet, at: int) -> Fraction | None:
    """What the assignment is worth in Canvas; None if it does not say."""
    worth = next((row for row, _ in sheet.rows if row[0].strip() == "Points Possible"), [])
    return number(worth[at]) if at < len(worth) else None
