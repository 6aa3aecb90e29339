"""`socklab watch`: grades a file now and each time it is saved, until Ctrl-C."""

import os
import sys
from collections.abc import Sequence

from . import catalog, submission
from .errors import SocklabError, UsageError
from .grading import Options, grade
from .i18n import rows, tr
from .progress import Changes
from .reports import terminal
from .words import exercise_and_files

CLEAR = "\x1b[2J\x1b[3J\x1b[H"

_GONE = 3
"""At so many looks in a row there is no file: it is not just being saved."""


def watch(words: Sequence[str], options: Options, *, everything: bool = False, hints: int = 1) -> int:
    """Grade and show until Ctrl-C, which is a good end: 0.

    Raises UsageError if not exactly one file is named or it is not there.
    """
    from watchfiles import watch as changes_in

    exercise, files = exercise_and_files(words)
    if len(files) != 1:
        raise UsageError(f"watch looks at one file at a time; {len(files)} were named.")
    path = os.path.abspath(files[0])
    submission.read(path)
    exercise = exercise or catalog.infer(path)
    changes = Changes(exercise.slug, path, options.only)
    try:
        seen, missing = _state(path), 0
        show(exercise, path, options, everything, changes, hints)
        # Events only wake us early; what counts is the file's state, so no save is lost between two looks. The folder is
        # watched, since editors save by renaming a new file over the old one.
        for _ in changes_in(
            os.path.dirname(os.path.realpath(path)),
            watch_filter=None,
            recursive=False,
            debounce=50,
            step=20,
            rust_timeout=500,
            yield_on_timeout=True,
        ):
            now = _state(path)
            missing = missing + 1 if now is None else 0
            if now not in (None, seen) or missing == _GONE:
                seen = now
                show(exercise, path, options, everything, changes, hints)
    except KeyboardInterrupt:
        pass
    print("\n" + tr("stopped watching"))
    return 0


def _state(path: str) -> tuple[int, int, int] | None:
    """What changes with every save; None while there is no such file."""
    try:
        status = os.stat(path)
    except OSError:
        return None
    return status.st_mtime_ns, status.st_size, status.st_ino


def show(
    exercise: catalog.Exercise, path: str, options: Options, everything: bool, changes: Changes, hints: int
) -> None:
    """Clear the screen, grade, and show the report and what changed, or what keeps the file from being graded."""
    colour, width = terminal.traits()
    try:
        report = grade(exercise, submission.read(path), options)
        text = terminal.render_many([report], hints=hints, colour=colour, width=width, everything=everything)
        if told := changes.add(report):
            text += f"\n{_wrapped(told, width)}\n"
    except SocklabError as error:
        text = f"socklab: {tr(str(error))}\n"
    ready = tr("watching; save the file to grade it again, Ctrl-C to stop")
    sys.stdout.write(f"{CLEAR if sys.stdout.isatty() else ''}{text}\n{ready}\n")
    sys.stdout.flush()


def _wrapped(text: str, width: int) -> str:
    """In lines as long as those of the report."""
    return "\n".join(row for line in text.split("\n") for row in rows(line, min(width, 100), "  "))
