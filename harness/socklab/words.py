"""The bare words of a command line: `[EXERCISE] FILE…`, and a compiler that is started on them.

Loaded before anything else (see workshop.py for what that means).
"""

from __future__ import annotations

import os

from . import catalog, submission, workshop
from .errors import UsageError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence


def exercise_and_files(words: Sequence[str]) -> tuple[catalog.Exercise | None, list[str]]:
    """Split `[EXERCISE] FILE…`: the first word is an exercise if it is no file and looks like no path.

    Raises UsageError if no file is left, or the exercise is unknown.
    """
    first, *rest = words
    named = catalog.exists(first) and not os.path.isfile(first)
    if named or not (os.path.lexists(first) or os.sep in first or "." in first):
        exercise = catalog.find(first)
        if not rest:
            raise UsageError(f"which file? Try: socklab check {first} FILE")
        return exercise, rest
    return None, list(words)


def begin_early(words: Sequence[str]) -> workshop.Workshop | None:
    """Start the compiler on the bare words of `check`, before anything else is loaded: it takes longest of all.

    Words that turn out to mean something else only cost the compiler's time; what is wrong with them is said later.
    """
    bare = [word for word in words if not word.startswith("-")]
    if not bare or any(word.startswith("--tier") for word in words):
        return None
    try:
        exercise, files = exercise_and_files(bare)
        if not files[0].endswith(".c"):
            return None
        exercise = exercise or catalog.infer(files[0])
        return workshop.begin(exercise, submission.read(files[0]), sanitize="--no-sanitizer" not in words)
    except Exception:
        return None  # whoever does it again, later, says why
