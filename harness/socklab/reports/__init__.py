"""Formats of reports: one module each, found by folder, each a pure function from Reports to text.

A format offers `name`, `summary` (a line for --help) and `render_many(reports, hints=1)`.
"""

import importlib
import os
from collections.abc import Sequence
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from ..model import Report


class Format(Protocol):
    """What each module of this package offers."""

    name: str
    summary: str

    def render_many(self, reports: "Sequence[Report]", *, hints: int = 1) -> str:
        """All of `reports` as one text for readers, who see so many hints to each failure at most."""
        ...


def names() -> list[str]:
    """Every format's name, sorted; nothing is imported for it."""
    return sorted(
        entry[:-3] for entry in os.listdir(os.path.dirname(__file__)) if entry.endswith(".py") and entry[0] != "_"
    )


def named(name: str) -> Format:
    """The format called `name`, one of names()."""
    return importlib.import_module(f"{__name__}.{name}")  # type: ignore[return-value]
