"""`socklab check --stream`: what happens, as it happens, in lines of JSON, for programs that show it to somebody.

One object a line, each with `event`:

    begun   exercise, title, file, checks: what is about to be run, each check with slug, title, points, bonus. Said once more
            if all begins anew in a fresh cell: what was said before then counts for nothing
    ran     slug, outcome: a check has been run
    report  report: all of it, as report.schema.json describes one
    error   message, exit_code: a file that could not be graded at all
"""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from . import catalog, submission
from .checking import exit_code
from .errors import SocklabError
from .grading import Options, grade
from .model import Report
from .reports.json import as_dict
from .words import exercise_and_files

if TYPE_CHECKING:
    from .vocabulary import Check
    from .workshop import Workshop


def stream(
    words: Sequence[str], options: Options, begun: Workshop | None = None
) -> tuple[list[tuple[str, Report]], int]:
    """Grade each file and tell it on standard output; each file with its report, and the exit code.

    Raises UsageError if `words` name no files or an unknown exercise.
    """
    exercise, files = exercise_and_files(words)
    graded: list[tuple[str, Report]] = []
    errors: list[SocklabError] = []
    for path in files:
        try:
            meant = exercise or catalog.infer(path)
            handed_in = submission.read(path)
            report = grade(meant, handed_in, options, begun, _Teller(meant, handed_in.file))
            graded.append((path, report))
            _say("report", report=as_dict(report))
        except SocklabError as error:
            errors.append(error)
            _say("error", message=str(error), exit_code=error.exit_code)
        begun = None
    return graded, exit_code([report for _, report in graded], errors)


class _Teller:
    """Tells what happens to one file."""

    def __init__(self, exercise: catalog.Exercise, file: str) -> None:
        self._about = {"exercise": exercise.slug, "title": exercise.title, "file": file}

    def begun(self, checks: tuple[Check, ...]) -> None:
        listed = [{"slug": c.slug, "title": c.title, "points": c.points, "bonus": c.bonus} for c in checks]
        _say("begun", **self._about, checks=listed)

    def ran(self, slug: str, outcome: str) -> None:
        _say("ran", slug=slug, outcome=outcome)


def _say(event: str, **values: Any) -> None:
    sys.stdout.write(json.dumps({"event": event, **values}) + "\n")
    sys.stdout.flush()
