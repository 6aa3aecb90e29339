"""How downloads name who handed in what: one module a layout, found by folder.

A layout says how well a tree fits it (`fits`: 0 to 1; a share of its files) and sorts the tree into bundles, one for each student
and hand-in. The best fit is taken for a whole source, never file by file: a strange name in a Moodle download is a mishap,
no reason to read it as something else.
"""

from __future__ import annotations

import importlib
import os
from collections.abc import Iterable
from typing import NamedTuple, Protocol

from ..choosing import Task
from ..people import Student
from ..trees import Entry, Tree


class Bundle(NamedTuple):
    """What one student, or group, handed in at once.

    `who`: None where the names do not say. `why_not`: why none of it can be graded. `submitted`: ISO 8601 in UTC, or "".
    `group`: all who handed in together, where the download lists them. `loose`: the id is made of a file's name, which may have
    other words in it. `stray`: it is no source file and may be nobody's at all.
    """

    who: Student | None
    entries: tuple[Entry, ...]
    why_not: str = ""
    submitted: str = ""
    group: tuple[Student, ...] = ()
    loose: bool = False
    stray: bool = False


class Layout(Protocol):
    """What each module of this package offers."""

    def fits(self, tree: Tree, task: Task) -> float:
        """How sure it is that `tree` is laid out so, from 0 to 1."""
        ...

    def bundles(self, tree: Tree, task: Task) -> list[Bundle]:
        """What is in `tree`, by student."""
        ...


def names() -> list[str]:
    """Every layout's name, sorted."""
    return sorted(
        entry[:-3] for entry in os.listdir(os.path.dirname(__file__)) if entry.endswith(".py") and entry[0] != "_"
    )


def best(tree: Tree, task: Task) -> Layout:
    """The layout that fits `tree` best."""
    layouts: list[Layout] = [importlib.import_module(f"{__name__}.{name}") for name in names()]  # type: ignore[misc]
    return max(layouts, key=lambda layout: layout.fits(tree, task))


def by_student(found: Iterable[tuple[Student, Entry]]) -> list[Bundle]:
    """One bundle a student, told apart by id; the first name that is met counts."""
    people: dict[str, Student] = {}
    entries: dict[str, list[Entry]] = {}
    for who, entry in found:
        people.setdefault(who.id, who)
        entries.setdefault(who.id, []).append(entry)
    return [Bundle(people[key], tuple(entries[key])) for key in people]
