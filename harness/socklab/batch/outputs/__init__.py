"""How a class is told: one module a format, found by folder, each a pure function from what came of it to text.

A format offers `summary` (a line for people who choose one) and `render(told)`. Of students it has only the word of those who
typed their names, so it makes harmless whatever its readers, a spreadsheet or a terminal, might take for a command.
"""

from __future__ import annotations

import importlib
import os
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from ..told import Told


class Output(Protocol):
    """What each module of this package offers."""

    summary: str

    def render(self, told: Told) -> str:
        """All of it as one text."""
        ...


def names() -> list[str]:
    """Every format's name, sorted; nothing is imported for it."""
    return sorted(
        entry[:-3] for entry in os.listdir(os.path.dirname(__file__)) if entry.endswith(".py") and entry[0] != "_"
    )


def named(name: str) -> Output:
    """The format called `name`, one of names()."""
    return importlib.import_module(f"{__name__}.{name}")  # type: ignore[return-value]
