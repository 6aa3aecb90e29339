"""A class in Markdown, for the summary of a GitHub job ($GITHUB_STEP_SUMMARY): the counts, a row a student, what was not graded.

How learners' words are kept from being markup, and what happens beyond 1 MiB, is told in reports/markdown.py.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from ...i18n import tr, trn
from ...model import Report
from ...reports._failures import failures, titled
from ...reports.json import from_dict
from ...reports.markdown import VERDICTS, code, head, plain, row, within_limit
from ..policy import MISSING
from ..results import Result
from ..told import Told

summary = "Markdown, for the summary of a GitHub job"


def render(told: Told) -> str:
    """All of it, as far as GitHub takes it."""
    return within_limit(_blocks(told))


def _blocks(told: Told) -> Iterator[str]:
    counts = Counter(result.verdict for result in told.results())
    yield f"## {plain(f'{told.exercise.slug}: {tr(told.exercise.title)}')}\n"
    said = [f"{_words(verdict)}: {counts[verdict]}" for verdict in (*VERDICTS, MISSING) if counts[verdict]]
    yield f"\n{trn('{number} student', '{number} students', counts.total())}. {', '.join(said)}\n"
    if told.troubles:
        yield f"\n**{plain(tr('Not graded, and why:'))}**\n{head([tr('file'), tr('student'), tr('why')])}"
        for trouble in told.troubles:
            who = trouble.student.name if trouble.student else ""
            yield row([code(trouble.origin), code(who), code(tr(trouble.reason))])
    if counts:
        yield head([tr("student"), "", tr("points"), tr("late"), tr("to fix"), tr("It looks as if")])
        for result in told.results(reports=True):
            yield row(_cells(result))


def _cells(result: Result) -> list[str]:
    report = from_dict(result.report) if result.report else None
    return [
        code(result.student.name),
        plain(_words(result.verdict)),
        f"{result.points}/{result.possible}",
        plain(", ".join([tr("late")] * result.late + [tr("changed by hand")] * (result.adjusted is not None))),
        _to_fix(report) if report else "",
        plain(", ".join(tr(mistake.title) for mistake in report.mistakes)) if report else "",
    ]


def _to_fix(report: Report) -> str:
    """The first thing, or why it was not even tried."""
    found = failures(report)
    return plain(titled(found[0].result)) if found else code(tr(report.reason))


def _words(verdict: str) -> str:
    return tr(VERDICTS[verdict]) if verdict in VERDICTS else tr("missing")
