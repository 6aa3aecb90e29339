"""How a class is told: one module a format, found by folder, each a pure function from what came of it to text.

A format offers `summary` (a line for people who choose one) and `render(told)`. It may also offer

- `check(wanted)`, which raises UsageError or SetupError for what it cannot do without, before a class is graded for nothing;
- `left_out(told)`, the names of those who have marks and no place in it, which people are to hear of;
- `SHOWS_PAGE = True`, if its text has the page for people in it.

Of students it has only the word of those who typed their names, so it makes harmless whatever its readers, a spreadsheet, a
terminal or a workflow, might take for a command.
"""

from __future__ import annotations

import importlib
import os
from typing import TYPE_CHECKING, NamedTuple, Protocol

if TYPE_CHECKING:
    from ...catalog import Exercise
    from ..people import Roster
    from ..told import Told


class Wanted(NamedTuple):
    """What is known of an output before anything is graded. `path`: the file for it; None: it is to be shown.

    `assignment`: what the LMS calls the exercise; None: that is to be found out.
    """

    exercise: Exercise
    roster: Roster | None
    path: str | None
    anonymous: bool
    assignment: str | None


class Output(Protocol):
    """What each module of this package offers."""

    summary: str

    def render(self, told: Told) -> str | bytes:
        """All of it as one text; as bytes where the format is no text."""
        ...


def names() -> list[str]:
    """Every format's name, sorted; nothing is imported for it."""
    return sorted(
        entry[:-3] for entry in os.listdir(os.path.dirname(__file__)) if entry.endswith(".py") and entry[0] != "_"
    )


def named(name: str) -> Output:
    """The format called `name`, one of names()."""
    return importlib.import_module(f"{__name__}.{name}")  # type: ignore[return-value]


def check(name: str, wanted: Wanted) -> None:
    """Let a format look at what it is given.

    Raises UsageError or SetupError if it could tell nothing with that.
    """
    look = getattr(named(name), "check", None)
    if look:
        look(wanted)


def left_out(name: str, told: Told) -> list[str]:
    """The names of those whom that format has no place for, though they have marks."""
    find = getattr(named(name), "left_out", None)
    return find(told) if find else []


def shows_page(name: str) -> bool:
    """Whether its text has the page for people in it."""
    return getattr(named(name), "SHOWS_PAGE", False)
