"""What `check` and `watch` share: words of the command line become reports, and reports an exit code."""

import os
from collections.abc import Sequence

from . import catalog, submission
from .errors import SocklabError, SubmissionError, UsageError
from .grading import Job, Options, begin, grade
from .model import EXIT_CODES, Report

_WORST_FIRST = (4, 2, 3, 1)


def exercise_and_files(words: Sequence[str]) -> tuple[catalog.Exercise | None, list[str]]:
    """Split `[EXERCISE] FILE…`: the first word is an exercise if it is no file and looks like no path.

    Raises UsageError if no file is left, or the exercise is unknown.
    """
    first, *rest = words
    if not rest and not _looks_like_file(first):
        catalog.find(first)
        raise UsageError(f"which file? Try: socklab check {first} FILE")
    if rest and not _looks_like_file(first):
        return catalog.find(first), rest
    return None, list(words)


def _looks_like_file(word: str) -> bool:
    return os.path.exists(word) or os.sep in word or "." in word


def begin_early(words: Sequence[str]) -> Job | None:
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
        options = Options(sanitize="--no-sanitizer" not in words)
        return begin(exercise or catalog.infer(files[0]), submission.read(files[0]), options)
    except SocklabError:
        return None


def check_files(
    words: Sequence[str], options: Options, begun: Job | None = None
) -> tuple[list[Report], list[SocklabError]]:
    """Grade each file; what cannot even be read is in the second list, and keeps nobody else from being graded.

    `begun`: what `begin_early` gave for the same words.
    """
    exercise, files = exercise_and_files(words)
    reports: list[Report] = []
    errors: list[SocklabError] = []
    for path in files:
        try:
            reports.append(grade(exercise or catalog.infer(path), submission.read(path), options, begun=begun))
            begun = None
        except (UsageError, SubmissionError) as error:
            errors.append(error)
    return reports, errors


def exit_code(reports: Sequence[Report], errors: Sequence[SocklabError]) -> int:
    """The worst that happened: a harness error, then wrong usage, then ungradable, then failed."""
    codes = {EXIT_CODES[report.outcome] for report in reports} | {error.exit_code for error in errors}
    return next((code for code in _WORST_FIRST if code in codes), 0)
