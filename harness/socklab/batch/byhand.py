"""What people do with a gradebook by hand: look up a student's history, change points with a reason, take that back."""

from __future__ import annotations

import os
from collections.abc import Sequence

from .. import catalog
from ..errors import UsageError
from ..i18n import rows, tr
from ..model import HARNESS_ERROR
from .attempts import Adjustment, Attempt, Past
from .gradebook import Gradebook, storable
from .people import Student, normalised, read_roster, shown

_WIDTH = 100


def history(path: str, who: str, exercises: Sequence[str] = ()) -> str:
    """All that the gradebook at `path` knows of a student, as text; `exercises`: only these.

    Raises UsageError if there is no such student, or several; SetupError if the gradebook cannot be read.
    """
    with _opened(path) as book:
        student = find(book.students(), who)
        wanted = [catalog.find(slug).slug for slug in exercises] or book.exercises()
        pasts = [book.past(student, exercise) for exercise in wanted]
    told = [line for past in pasts if past.attempts or past.adjustments for line in _past(past)]
    return "\n".join([_whose(student), *(told or [tr("Nothing was handed in.")])]) + "\n"


def adjust(path: str, exercise: str, who: str, change: str, *, note: str, author: str, roster: str | None) -> str:
    """Change the points of a student; what was done, in words, with the number by which it can be taken back.

    roster: the path of one, for whoever has handed in nothing yet. Raises UsageError if there is no such exercise or student, or
    `change` is none; SetupError if it cannot be written.
    """
    slug = catalog.find(exercise).slug
    listed = read_roster(roster) if roster is not None else {}
    with _opened(path) as book:
        known = book.students()
        met = {each.id for each in known}
        student = find([*known, *(each for each in listed.values() if storable(each.id) not in met)], who, bool(listed))
        number = book.adjust(student, slug, change, note=note, author=author)
    return tr("adjustment {number}: {change} points for {name} in {exercise}", number=number, change=change, name=_whose(student), exercise=slug)  # fmt: skip


def withdraw(path: str, number: int, *, note: str, author: str) -> str:
    """Take an adjustment back; it stays in the history. Raises UsageError if there is none of that number."""
    with _opened(path) as book:
        book.withdraw(number, note=note, author=author)
    return tr("adjustment {number} no longer counts", number=number)


def find(students: Sequence[Student], who: str, from_roster: bool = False) -> Student:
    """The student with that id, or else that name or address, however it is composed. from_roster: those of one are among them.

    Raises UsageError if there is none, or more than one.
    """
    import difflib

    found = [each for each in students if each.id == who]
    wanted = normalised(who)
    found = found or [each for each in students if wanted in (normalised(each.name), normalised(each.email))]
    if len(found) == 1:
        return found[0]
    if found:
        raise UsageError(f"{shown(who)}: {len(found)} students have that name; say which id: {', '.join(each.id for each in found)}.")  # fmt: skip
    names = {normalised(text): text for each in students for text in (each.id, each.name)}
    near = difflib.get_close_matches(wanted, list(names), n=1)
    if near:
        raise UsageError(f"{shown(who)}: the gradebook knows no such student. Did you mean {shown(names[near[0]])}?")
    if from_roster:
        raise UsageError(f"{shown(who)}: neither gradebook nor roster knows such a student.")
    raise UsageError(f"{shown(who)}: the gradebook knows no such student. Who handed in nothing is not in it.")


def _opened(path: str) -> Gradebook:
    if not os.path.exists(path):
        raise UsageError(
            f"{shown(path)}: there is no such gradebook; `socklab grade` makes one. Name yours: --gradebook FILE."
        )
    return Gradebook(path)


def _whose(student: Student) -> str:
    return shown(student.name) if student.name == student.id else f"{shown(student.name)} ({shown(student.id)})"


def _past(past: Past) -> list[str]:
    lines = ["", past.exercise]
    for attempt in past.attempts:
        lines += _attempt(attempt)
    for adjustment in past.adjustments:
        lines += _adjustment(adjustment)
    return lines


def _attempt(attempt: Attempt) -> list[str]:
    late = f", {tr('late')}" if attempt.late else ""
    handed_in = attempt.submitted or tr("not known when")
    lines = [f"  {tr('attempt {number}', number=attempt.number)}: {shown(attempt.file)}, {handed_in}{late}"]
    for grade in attempt.grades:
        again = f", {tr('regrade {number}', number=grade.regrade)}" if grade.regrade else ""
        points = "" if grade.outcome == HARNESS_ERROR else f", {grade.points}/{grade.possible}"
        lines.append(f"      {grade.ended[:19]}Z  {grade.outcome}{points}, seed {grade.seed}, {grade.tier}{again}")
    return lines


def _adjustment(adjustment: Adjustment) -> list[str]:
    change = adjustment.change if adjustment.change[0] in "+-" else f"= {adjustment.change}"
    text = f"{adjustment.made[:19]}Z  {change}, {adjustment.author}: {adjustment.note}"
    lines = [
        f"  {tr('adjustment {number}', number=adjustment.row)}",
        *(f"      {row}" for row in rows(shown(text), _WIDTH - 6)),
    ]
    if adjustment.withdrawn:
        by = adjustment.withdrawn
        text = tr("withdrawn") + f" {by.made[:19]}Z, {by.author}: {by.note}"
        lines += [f"      {row}" for row in rows(shown(text), _WIDTH - 6)]
    return lines
