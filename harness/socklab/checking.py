"""What `check` does: words of the command line become reports, and reports an exit code."""

from collections.abc import Callable, Sequence

from . import catalog, submission
from .errors import SocklabError
from .grading import Options, grade
from .model import EXIT_CODES, Report
from .words import exercise_and_files
from .workshop import Workshop

_WORST_FIRST = (4, 2, 3, 1)


def check_files(
    words: Sequence[str],
    options: Options,
    begun: Workshop | None = None,
    on_report: Callable[[str, Report], None] | None = None,
) -> tuple[list[Report], list[SocklabError]]:
    """Grade each file; what cannot even be read is in the second list, and keeps nobody else from being graded.

    `begun`: what `words.begin_early` gave for the same words. `on_report` is given each file and its report.
    """
    exercise, files = exercise_and_files(words)
    reports: list[Report] = []
    errors: list[SocklabError] = []
    for path in files:
        try:
            handed_in = submission.read(path)
            reports.append(grade(exercise or catalog.infer(path), handed_in, options, begun=begun))
            begun = None
            if on_report:
                on_report(path, reports[-1])
        except SocklabError as error:
            errors.append(error)
    return reports, errors


def exit_code(reports: Sequence[Report], errors: Sequence[SocklabError]) -> int:
    """The worst that happened: a harness error, then wrong usage, then ungradable, then failed."""
    codes = {EXIT_CODES[report.outcome] for report in reports} | {error.exit_code for error in errors}
    return next((code for code in _WORST_FIRST if code in codes), 0)
