"""Reports as JUnit XML, for CI systems: a suite for each submission, a test case for each check.

A check that is not met is a failure, a bonus not earned and a check that could not run are skipped, and what is our own
fault is an error, never a failure. Failures come before all else, in the order in which to mend them.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from xml.sax.saxutils import escape, quoteattr

from ..i18n import tr
from ..model import FAILED, HARNESS_ERROR, SKIPPED, UNGRADABLE, CheckResult, Mistake, Report
from ._failures import in_reading_order, in_short, in_words, titled

name = "junit"
summary = "JUnit XML, for CI systems"

_ILLEGAL = re.compile("[^\t\n\r -\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def render_many(reports: Sequence[Report], *, hints: int = 1) -> str:
    """All of `reports` as one <testsuites> document, with so many hints to each failure at most."""
    return document(suite(report, f"{report.exercise}: {report.file}", report.exercise, hints) for report in reports)


def document(suites: Iterable[str]) -> str:
    """A document of what `suite` and `untested` gave."""
    return f'<?xml version="1.0" encoding="UTF-8"?>\n<testsuites>\n{"".join(suites)}</testsuites>\n'


def suite(
    report: Report, label: str, classname: str, hints: int = 1, properties: Mapping[str, object] | None = None
) -> str:
    """A report as a suite called `label`, its cases in the class `classname`; `properties`: whatever else is known of it."""
    cases = [_case(classname, result, hints) for result in in_reading_order(report)]
    if report.outcome == UNGRADABLE:
        cases = [_whole(classname, "failure", tr("it cannot be graded"), tr(report.reason))]
    if report.outcome == HARNESS_ERROR:
        cases = [_whole(classname, "error", tr("the grader failed; no points are lost"), tr(report.reason))]
    return _suite(label, cases, report.seconds, properties, "".join(_mistake(mistake) for mistake in report.mistakes))


def untested(label: str, classname: str, what: str, reason: str, properties: Mapping[str, object] | None = None) -> str:
    """A suite of which nothing was run: its one case, called `what`, is skipped for that reason."""
    return _suite(label, [_whole(classname, "skipped", what, reason)], 0.0, properties)


def _suite(
    label: str, cases: list[str], seconds: float, properties: Mapping[str, object] | None = None, more: str = ""
) -> str:
    text = "".join(cases)
    counts = f'tests="{len(cases)}" failures="{text.count("<failure ")}" errors="{text.count("<error ")}" skipped="{text.count("<skipped ")}"'
    rows = (
        f"<property name={_attribute(name)} value={_attribute(str(value))}/>"
        for name, value in (properties or {}).items()
    )
    known = f"    <properties>{''.join(rows)}</properties>\n" if properties else ""
    return f'  <testsuite name={_attribute(label)} {counts} time="{seconds:.3f}">\n{known}{text}{more}  </testsuite>\n'


def _mistake(mistake: Mistake) -> str:
    """What it looks like, as output of the suite: it is no case of its own."""
    said = f"{mistake.slug}: {tr(mistake.title)}. {tr(mistake.explanation)} {tr(mistake.next)}"
    return f"    <system-out>{_legal(escape(said))}</system-out>\n"


def _whole(classname: str, tag: str, title: str, reason: str) -> str:
    return f"    <testcase classname={_attribute(classname)} name={_attribute(title)}><{tag} message={_attribute(reason)}/></testcase>\n"


def _case(classname: str, result: CheckResult, hints: int) -> str:
    head = f"    <testcase classname={_attribute(classname)} name={_attribute(f'{result.slug}: {titled(result)}')}"
    if result.outcome == SKIPPED or (result.bonus and result.outcome == FAILED):
        why = tr(result.message) if result.outcome == SKIPPED else tr("bonus not earned; nothing is lost")
        return f"{head}><skipped message={_attribute(why)}/></testcase>\n"
    if result.outcome == FAILED:
        words = _legal(escape(in_words(result, hints)))
        return f"{head}><failure message={_attribute(in_short(result))}>{words}</failure></testcase>\n"
    return f"{head}/>\n"


def _attribute(text: str) -> str:
    return _legal(quoteattr(text))


def _legal(text: str) -> str:
    """Without the characters that no XML document may hold (XML 1.0, 2.2)."""
    return _ILLEGAL.sub("\ufffd", text)
