"""Reports in Markdown, for the job summary of a GitHub workflow ($GITHUB_STEP_SUMMARY): the verdict, what failed, what it may be.

A learner's words must not become markup, links, mentions or pictures. So what a learner has a say in stands in a code span, in
which nothing means anything but a backtick, and in a table a bar (GitHub Flavored Markdown, 4.10 and 6.3): those two are
written as \\x60 and \\x7c. Character references alone would not do, since GitHub looks for @mentions, addresses and :emoji: once
they are decoded.

A summary of more than 1 MiB is dropped as a whole (GitHub Docs, "Workflow commands for GitHub Actions"): what would
not fit is left out row by row, and said so.
"""

import re
from collections.abc import Iterable, Sequence

from ..i18n import tr, trn
from ..model import FAILED, HARNESS_ERROR, PASSED, UNGRADABLE, Report
from ._failures import failures, in_short, titled, untried
from .terminal import points, visible

name = "markdown"
summary = "Markdown, for the summary of a GitHub job"

LARGEST = 1_000_000
"""In bytes: below 1 MiB, since other commands of the step may add to the same file."""

_REMARK = 200
"""Bytes that are kept for saying what was left out."""

_MARKUP = re.compile(r"[#$&*<>@\[\\\]^_`{|}~]")
VERDICTS = {
    PASSED: "✓ passed",
    FAILED: "✗ failed",
    UNGRADABLE: "! cannot be graded",
    HARNESS_ERROR: "! the grader failed",
}
"""What an outcome is called."""


def render_many(reports: Sequence[Report], *, hints: int = 1) -> str:
    """All of `reports`, one below the other."""
    return within_limit(block for report in reports for block in _blocks(report, hints))


def within_limit(blocks: Iterable[str]) -> str:
    """The text of `blocks`, as many of them as a summary may have; what is left out is counted."""
    found: list[str] = []
    size, left = 0, 0
    for block in blocks:
        size += len(block.encode("utf-8", "backslashreplace"))
        if left or size > LARGEST - _REMARK:
            left += 1
        else:
            found.append(block)
    if left:
        one, many = "{number} more row is left out", "{number} more rows are left out"
        found.append(f"\n**{trn(one, many, left)}: {plain(tr('GitHub drops a summary of more than 1 MiB.'))}**\n")
    return "".join(found)


def row(cells: Iterable[str]) -> str:
    """A row of a table, of cells that are Markdown already."""
    return f"| {' | '.join(cells)} |\n"


def head(cells: Sequence[str]) -> str:
    """The first two rows of a table, with an empty line before it."""
    return "\n" + row(cells) + row(["---"] * len(cells))


def plain(text: str) -> str:
    """Words of ours, which mean themselves: markup is written as character references (CommonMark 0.31, 2.5)."""
    return _MARKUP.sub(lambda found: f"&#{ord(found[0])};", " ".join(visible(text).split()))


def code(text: str) -> str:
    """Words in which a learner has a say: they mean themselves, and lead nowhere; "" if there are none."""
    shown = " ".join(visible(text).split()).replace("`", "\\x60").replace("|", "\\x7c")
    return f"`{shown}`" if shown else ""


def _blocks(report: Report, hints: int) -> Iterable[str]:
    """Parts that are left out or told as a whole."""
    verdict = plain(tr(VERDICTS[report.outcome]))
    yield f"\n### {code(report.file)} {plain(f'{report.exercise}: {tr(report.title)}')}\n\n**{verdict}**{_points(report)}\n"
    for remark in (*report.remarks, *report.hidden_remarks, report.reason):
        if remark:
            yield f"\n{code(tr(remark))}\n"
    if report.outcome == UNGRADABLE and report.diagnostics:
        yield head([tr("line"), tr("message")])
        for found in report.diagnostics:
            yield row([str(found.line or ""), code(f"{tr(found.severity)}: {tr(found.message)}")])
    if found := failures(report):
        yield head([tr("to fix"), tr("what happened"), *([tr("hint")] if hints else []), ""])
        for failure in found:
            result = failure.result
            hint = [plain(tr(result.hint))] if hints else []
            yield row([plain(titled(result)), code(in_short(result)), *hint, plain(points(result))])
    for group in untried(report):
        number = trn("{number} check", "{number} checks", len(group.checks))
        yield f"\n**{plain(tr('Not tried'))}** {plain(number)}: {code(group.reason)}\n"
    for mistake in report.mistakes:
        said = f"{tr(mistake.title)}. {tr(mistake.explanation)} {tr(mistake.next)}"
        yield f"\n**{plain(tr('It looks as if'))}** {plain(said)}\n"


def _points(report: Report) -> str:
    if report.outcome not in (PASSED, FAILED):
        return ""
    return f" {plain(tr('{number} of {total} points', number=report.points, total=report.possible))}"
