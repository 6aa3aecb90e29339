"""What `check` does: words of the command line become reports, and reports a text and an exit code."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from . import catalog, submission
from .errors import SocklabError
from .grading import Options, grade
from .model import EXIT_CODES, Report
from .words import exercise_and_files
from .workshop import Workshop

TYPE_CHECKING = False
if TYPE_CHECKING:
    from .reports._graders import Told

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


def rendered(name: str, reports: Sequence[Report], *, hints: int = 1) -> str:
    """All of `reports` in the format called `name`. What another grader reads shows learners nothing of hidden checks.

    Raises UsageError if another grader is to read it and there are several.
    """
    from . import reports as formats

    form = formats.named(name)
    for_grader = getattr(form, "for_grader", None)
    if for_grader is None:
        return form.render_many(reports, hints=hints)
    from .reports._graders import only

    return for_grader(told(only(reports, name)), hints=hints)


def told(report: Report) -> Told:
    """A report as formats for other graders take it: with what its learner may see, now and once the due date has passed."""
    from .reports._graders import Told
    from .visibility import for_learner

    exercise = catalog.find(report.exercise)
    return Told(report, for_learner(report, exercise), for_learner(report, exercise, due_passed=True))
