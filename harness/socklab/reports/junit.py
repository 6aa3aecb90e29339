"""Reports as JUnit XML, for CI systems: a suite for each submission, a test case for each check.

A check that is not met is a failure, a bonus not earned and a check that could not run are skipped, and what is our own
fault is an error, never a failure.
"""

from collections.abc import Sequence
from xml.sax.saxutils import escape, quoteattr

from ..model import FAILED, HARNESS_ERROR, SKIPPED, UNGRADABLE, CheckResult, Report

name = "junit"
summary = "JUnit XML, for CI systems"


def render_many(reports: Sequence[Report]) -> str:
    """All of `reports` as one <testsuites> document."""
    return f'<?xml version="1.0" encoding="UTF-8"?>\n<testsuites>\n{"".join(map(_suite, reports))}</testsuites>\n'


def _suite(report: Report) -> str:
    cases = [_case(report, result) for result in report.results]
    if report.outcome == UNGRADABLE:
        cases = [_whole(report, "failure", "it cannot be graded")]
    if report.outcome == HARNESS_ERROR:
        cases = [_whole(report, "error", "the grader failed; no points are lost")]
    text = "".join(cases)
    counts = f'tests="{len(cases)}" failures="{text.count("<failure ")}" errors="{text.count("<error ")}" skipped="{text.count("<skipped ")}"'
    label = _attribute(f"{report.exercise}: {report.file}")
    return f'  <testsuite name={label} {counts} time="{report.seconds:.3f}">\n{text}  </testsuite>\n'


def _whole(report: Report, tag: str, title: str) -> str:
    return f"    <testcase classname={_attribute(report.exercise)} name={_attribute(title)}><{tag} message={_attribute(report.reason)}/></testcase>\n"


def _case(report: Report, result: CheckResult) -> str:
    head = f"    <testcase classname={_attribute(report.exercise)} name={_attribute(result.slug + ': ' + result.title)}"
    if result.outcome == SKIPPED or (result.bonus and result.outcome == FAILED):
        why = result.message if result.outcome == SKIPPED else "bonus not earned; nothing is lost"
        return f"{head}><skipped message={_attribute(why)}/></testcase>\n"
    if result.outcome == FAILED:
        said = f"expected {result.expected}, got {result.got}" if result.expected else result.message
        return f"{head}><failure message={_attribute(said)}>{_legal(escape(_details(result)))}</failure></testcase>\n"
    return f"{head}/>\n"


def _details(result: CheckResult) -> str:
    lines = [*result.arranged, f"called {result.tried}" if result.tried else "", result.message, f"hint: {result.hint}"]
    lines += [f"line {call.line}: {call.text}" if call.line else call.text for call in result.calls]
    return "\n".join(line for line in lines if line)


def _attribute(text: str) -> str:
    return _legal(quoteattr(text))


def _legal(text: str) -> str:
    """Without the characters that no XML document may hold (XML 1.0, 2.2)."""
    return "".join(
        c if c in "\t\n\r" or " " <= c <= "\ud7ff" or "\ue000" <= c <= "\ufffd" or c > "\uffff" else "\ufffd"
        for c in text
    )
