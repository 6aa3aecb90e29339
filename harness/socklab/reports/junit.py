"""Reports as JUnit XML, for CI systems: a suite for each submission, a test case for each check.

A check that is not met is a failure, a bonus not earned and a check that could not run are skipped, and what is our own
fault is an error, never a failure. Failures come before all else, in the order in which to mend them.
"""

from collections.abc import Sequence
from xml.sax.saxutils import escape, quoteattr

from ..i18n import tr
from ..model import FAILED, HARNESS_ERROR, SKIPPED, UNGRADABLE, CheckResult, Mistake, Report
from ._failures import in_reading_order

name = "junit"
summary = "JUnit XML, for CI systems"


def render_many(reports: Sequence[Report], *, hints: int = 1) -> str:
    """All of `reports` as one <testsuites> document, with so many hints to each failure at most."""
    suites = "".join(_suite(report, hints) for report in reports)
    return f'<?xml version="1.0" encoding="UTF-8"?>\n<testsuites>\n{suites}</testsuites>\n'


def _suite(report: Report, hints: int) -> str:
    cases = [_case(report, result, hints) for result in in_reading_order(report)]
    if report.outcome == UNGRADABLE:
        cases = [_whole(report, "failure", tr("it cannot be graded"))]
    if report.outcome == HARNESS_ERROR:
        cases = [_whole(report, "error", tr("the grader failed; no points are lost"))]
    text = "".join(cases) + "".join(_mistake(mistake) for mistake in report.mistakes)
    counts = f'tests="{len(cases)}" failures="{text.count("<failure ")}" errors="{text.count("<error ")}" skipped="{text.count("<skipped ")}"'
    label = _attribute(f"{report.exercise}: {report.file}")
    return f'  <testsuite name={label} {counts} time="{report.seconds:.3f}">\n{text}  </testsuite>\n'


def _mistake(mistake: Mistake) -> str:
    """What it looks like, as output of the suite: it is no case of its own."""
    said = f"{mistake.slug}: {tr(mistake.title)}. {tr(mistake.explanation)} {tr(mistake.next)}"
    return f"    <system-out>{_legal(escape(said))}</system-out>\n"


def _whole(report: Report, tag: str, title: str) -> str:
    return f"    <testcase classname={_attribute(report.exercise)} name={_attribute(title)}><{tag} message={_attribute(tr(report.reason))}/></testcase>\n"


def _case(report: Report, result: CheckResult, hints: int) -> str:
    head = f"    <testcase classname={_attribute(report.exercise)} name={_attribute(result.slug + ': ' + tr(result.title))}"
    if result.outcome == SKIPPED or (result.bonus and result.outcome == FAILED):
        why = tr(result.message) if result.outcome == SKIPPED else tr("bonus not earned; nothing is lost")
        return f"{head}><skipped message={_attribute(why)}/></testcase>\n"
    if result.outcome == FAILED:
        said = (
            tr("expected {expected}, got {got}", expected=tr(result.expected), got=tr(result.got))
            if result.expected
            else tr(result.message)
        )
        return f"{head}><failure message={_attribute(said)}>{_legal(escape(_details(result, hints)))}</failure></testcase>\n"
    return f"{head}/>\n"


def _details(result: CheckResult, hints: int) -> str:
    from ..errnos import named_in  # nobody who passes waits for it

    lines = [tr(text) for text in result.arranged]
    lines += [tr("called {call}", call=tr(result.tried))] if result.tried not in ("", "-") else []
    lines += [tr(result.message)] if result.message else []
    lines += [tr("in practice: {what}", what=tr(result.why))] if result.why else []
    lines += [tr("hint: {what}", what=tr(hint)) for hint in (result.hint, result.more)[:hints] if hint]
    lines += [tr("line {line}: {what}", line=c.line, what=c.text) if c.line else c.text for c in result.calls]
    named = named_in([*result.arranged, result.got, *(call.text for call in result.calls)])
    lines += [f"{name}: {tr(meaning)}" for name, meaning in named.items()]
    return "\n".join(line for line in lines if line)


def _attribute(text: str) -> str:
    return _legal(quoteattr(text))


def _legal(text: str) -> str:
    """Without the characters that no XML document may hold (XML 1.0, 2.2)."""
    return "".join(
        c if c in "\t\n\r" or " " <= c <= "\ud7ff" or "\ue000" <= c <= "\ufffd" or c > "\uffff" else "\ufffd"
        for c in text
    )
