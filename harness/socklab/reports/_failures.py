"""Which failure to mend first, and what waits for it: every format tells it in the same order.

A crash, a hang or misused memory comes first, since whatever else such a program answers means little. Then come failures
because of which other checks were not tried, then the rest; within each rank in the exercise's order, which goes from the
plain case to the odd one.
"""

import re
from typing import NamedTuple

from ..i18n import tr
from ..model import AFTER_DUE, FAILED, HIDDEN, CheckResult, Report


class Failure(NamedTuple):
    """A check that was tried and failed, with those that were not tried because of it."""

    result: CheckResult
    waiting: tuple[CheckResult, ...]


class Untried(NamedTuple):
    """Checks that were not tried for a reason other than one failing check; `reason` in the reader's language."""

    reason: str
    checks: tuple[CheckResult, ...]


def titled(result: CheckResult) -> str:
    """A check's title, marked if learners do not see it at once."""
    mark = visibility_mark(result)
    return f"{tr(result.title)} ({mark})" if mark else tr(result.title)


def visibility_mark(result: CheckResult) -> str:
    """When learners see that check, in words; "" if they do at once."""
    if result.visibility == HIDDEN:
        return tr("hidden")
    return tr("hidden until the due date") if result.visibility == AFTER_DUE else ""


def is_tried(result: CheckResult) -> bool:
    """Whether a failed check was tried at all."""
    return result.tried != "-"


def failed_in_words(report: Report) -> str:
    """How many checks failed, and how many were not tried because of that; "" if none failed."""
    found = [r for r in report.counted if r.outcome == FAILED]
    tried, total = sum(map(is_tried, found)), len(report.counted)
    if not found:
        return ""
    said = tr("{number} of {total} checks failed", number=tried, total=total)
    return said + tr(", {number} not tried", number=len(found) - tried) if tried < len(found) else said


def exception_of(result: CheckResult) -> tuple[str, int] | None:
    """The class of the exception, and its line, by which a check failed; None if it was none."""
    raised = re.match(r"(\w+): .* at line (\d+)$", result.got, re.DOTALL)
    return (raised[1], int(raised[2])) if raised else None


def failures(report: Report) -> tuple[Failure, ...]:
    """The failures that count and were tried, the one to mend first first."""
    waiting: dict[str, list[CheckResult]] = {r.slug: [] for r in report.counted if r.outcome == FAILED and is_tried(r)}
    for result in _not_tried(report):
        root = report.root(result)
        if root.slug in waiting:
            waiting[root.slug].append(result)
    found = [Failure(r, tuple(waiting[r.slug])) for r in report.counted if r.slug in waiting]
    return tuple(sorted(found, key=lambda failure: (not failure.result.broke, not failure.waiting)))


def failure_of(report: Report, result: CheckResult) -> Failure:
    """A single failed check as a Failure; one that was not tried has nothing that waits for it."""
    return next((f for f in failures(report) if f.result.slug == result.slug), Failure(result, ()))


def untried(report: Report) -> tuple[Untried, ...]:
    """The checks that were not tried and wait for no single failure, by reason."""
    found: dict[str, list[CheckResult]] = {}
    told = {r.slug for failure in failures(report) for r in failure.waiting}
    for result in _not_tried(report):
        if result.slug not in told:
            root = report.root(result)
            found.setdefault(_reason(result if is_tried(root) else root), []).append(result)
    return tuple(Untried(reason, tuple(checks)) for reason, checks in found.items())


def in_reading_order(report: Report) -> tuple[CheckResult, ...]:
    """All results: failures in the order in which to mend them, each with what waits for it, then the rest as it was."""
    first = [r for failure in failures(report) for r in (failure.result, *failure.waiting)]
    told = {r.slug for r in first}
    return (*first, *(r for r in report.results if r.slug not in told))


def in_short(result: CheckResult) -> str:
    """What a failed check expected and got, in the reader's language; or what it has to say instead."""
    if not result.expected:
        return tr(result.message)
    return tr("expected {expected}, got {got}", expected=tr(result.expected), got=tr(result.got))


def in_words(result: CheckResult, hints: int) -> str:
    """How a failed check came to that, line by line, with so many hints at most."""
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


def _not_tried(report: Report) -> list[CheckResult]:
    return [r for r in report.counted if r.outcome == FAILED and not is_tried(r)]


def _reason(result: CheckResult) -> str:
    text = tr(result.message).removeprefix(tr("Not tried:")).strip() if result.message else tr("No reason was given.")
    return text[0].upper() + text[1:]
