"""What other graders take: one module a grader, found by folder, that lays files of the grader's own around socklab.

A module offers `is_zip` (whether what it makes is handed over as a zip), `files(exercise)` and `next_steps(exercise)`. What the grader then reads is a format of `reports`, of the same name.
"""

from __future__ import annotations

import importlib
import os
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from ..catalog import Exercise
    from ._files import Files


class Export(Protocol):
    """What each module of this package offers."""

    is_zip: bool

    def files(self, exercise: Exercise) -> Files:
        """All files, by path."""
        ...

    def next_steps(self, exercise: Exercise) -> str:
        """What to do with them, in a sentence or two of the reader's language."""
        ...


def names() -> list[str]:
    """Every grader's name, sorted; nothing is imported for it."""
    return sorted(
        entry[:-3] for entry in os.listdir(os.path.dirname(__file__)) if entry.endswith(".py") and entry[0] != "_"
    )


def named(name: str) -> Export:
    """The grader called `name`, one of names()."""
    return importlib.import_module(f"{__name__}.{name}")  # type: ignore[return-value]
