"""Annotations for a GitHub workflow: what to mend, at the learner's own lines, and below it the report as in a terminal.

The runner reads what a step prints: a line `::error file=…,line=…::message` becomes an annotation (GitHub Docs, "Workflow
commands for GitHub Actions"), and other commands set outputs, hide words or stop commands. A learner chooses names, source and
what is printed, so nothing of that may become a command:

- within a command all is escaped as actions/toolkit does it (packages/core/src/command.ts), so it stays one line;
- all else stands between `::stop-commands::TOKEN` and `::TOKEN::`, where the runner obeys nothing, neither at the beginning
  of a line nor the older `##[command]` in the middle of one (actions/runner, ActionCommand.cs). The token is the SHA-256 of what
  stands there: no text can be written that holds its own.

Of each kind GitHub shows ten annotations a step (actions/toolkit, docs/problem-matchers.md); more are counted, not printed.
"""

import hashlib
from collections import Counter
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from ..i18n import tr, trn
from ..model import HARNESS_ERROR, UNGRADABLE, CheckResult, Report
from . import terminal
from ._failures import failures, in_short, in_words, titled
from .terminal import visible

name = "github"
summary = "annotations of a GitHub workflow, and the report for its log"

SHOWN = 10
"""Annotations of each kind that GitHub shows of a step."""

LONGEST_TITLE, LONGEST_MESSAGE = 255, 4096
"""In characters; GitHub refuses longer titles, and the runner cuts longer messages (ExecutionContext.cs)."""

WIDTH = 100

ERROR, WARNING, NOTICE = "error", "warning", "notice"


class Annotation(NamedTuple):
    """What is said at a line of a file. `kind`: ERROR, WARNING or NOTICE; `line`: 0 where none is known."""

    kind: str
    title: str
    message: str
    file: str = ""
    line: int = 0

    def command(self) -> str:
        """The line that the runner takes for it, without its end."""
        found = {"file": visible(self.file), "line": str(self.line or ""), "title": visible(self.title)[:LONGEST_TITLE]}
        properties = ",".join(f"{key}={_property(value)}" for key, value in found.items() if value)
        return f"::{self.kind} {properties}::{_data(visible(self.message)[:LONGEST_MESSAGE])}"


def render_many(reports: Sequence[Report], *, hints: int = 1) -> str:
    """The annotations of all of `reports`, then each as in a terminal."""
    page = terminal.render_many(reports, hints=hints, width=WIDTH)
    return commands(each for report in reports for each in annotations(report, hints)) + guarded(page)


def annotations(report: Report, hints: int = 1) -> list[Annotation]:
    """What is to be mended, the first thing first; none if it passed."""
    if report.outcome == HARNESS_ERROR:
        title = tr("the grader failed; no points are lost")
        return [Annotation(ERROR, title, tr(report.reason) or title, report.file)]
    if report.outcome == UNGRADABLE:
        title = tr("it cannot be graded")
        errors = [d for d in report.diagnostics if d.severity == "error"]
        found = [Annotation(ERROR, title, tr(d.message), report.file, d.line) for d in errors]
        return found or [Annotation(ERROR, title, tr(report.reason), report.file)]
    return [
        *(_failure(report, failure.result, hints) for failure in failures(report)),
        *(
            Annotation(
                WARNING,
                f"{tr('It looks as if')} {tr(mistake.title)}",
                f"{tr(mistake.explanation)} {tr(mistake.next)}",
                report.file,
                next(iter(mistake.lines), 0),
            )
            for mistake in report.mistakes
        ),
    ]


def _failure(report: Report, result: CheckResult, hints: int) -> Annotation:
    lines = [call.line for call in result.calls if call.line]
    message = "\n".join(dict.fromkeys([in_short(result), *in_words(result, hints).split("\n")]))
    last = lines[-1] if lines else 0  # what it did last is nearest to what went wrong
    return Annotation(ERROR, titled(result), message, report.file, last)


def commands(found: Iterable[Annotation], more: int = 0) -> str:
    """A line for each of `found`, as long as GitHub shows it, and a last one that says how many are left, those `more` too."""
    counts: Counter[str] = Counter()
    lines = []
    for each in found:
        counts[each.kind] += 1
        if counts[each.kind] <= SHOWN:
            lines.append(each.command())
    if left := more + sum(max(0, number - SHOWN) for number in counts.values()):
        title = trn("{number} more annotation is not shown", "{number} more annotations are not shown", left)
        why = tr("GitHub shows ten of each kind in a step; the log below says all.")
        lines.append(Annotation(NOTICE, title, why).command())
    return "".join(f"{line}\n" for line in lines)


def guarded(text: str) -> str:
    """`text`, of whole lines, so that the runner obeys nothing in it."""
    token = f"socklab-{hashlib.sha256(text.encode('utf-8', 'backslashreplace')).hexdigest()}"
    return f"::stop-commands::{token}\n{text}::{token}::\n"


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")
