"""A class in short, for whoever graded it: how many of what, who needs a look, what could not be graded, and what to do next."""

from __future__ import annotations

import shlex
from collections import Counter

from ...i18n import rows, tr, trn
from ...model import FAILED, HARNESS_ERROR, PASSED, UNGRADABLE
from ..intake import Trouble
from ..people import shown
from ..policy import MISSING
from ..results import Result
from ..told import Told

summary = "for reading here"

MOST_LISTED = 40
"""A class of more students is not listed one by one; those who need a look are."""

_WIDTH = 100
_REFUSED = "refused"
_ORDER = (PASSED, FAILED, UNGRADABLE, HARNESS_ERROR, _REFUSED, MISSING)


def render(told: Told) -> str:
    """All of it in a page."""
    counts: Counter[str] = Counter()
    all_lines: list[str] = []
    to_look_at: list[str] = []
    missing: list[str] = []
    in_trouble = {trouble.student.id for trouble in told.troubles if trouble.student}
    for result in told.results():
        refused = result.verdict == MISSING and result.student.id in in_trouble
        counts[_REFUSED if refused else result.verdict] += 1
        if result.verdict != MISSING:
            if len(all_lines) <= MOST_LISTED:
                all_lines.append(_line(result))
            if result.verdict in (UNGRADABLE, HARNESS_ERROR):
                to_look_at.append(_line(result))
        elif not refused:
            missing.append(shown(result.student.name))
    listed = all_lines if len(all_lines) <= MOST_LISTED else to_look_at
    parts = [_head(told, counts), listed, _troubles(told.troubles), _missing(missing), _next(told, counts)]
    return "\n\n".join("\n".join(lines) for lines in parts if lines) + "\n"


def _head(told: Told, counts: Counter[str]) -> list[str]:
    tally = told.tally
    words = {
        PASSED: tr("{number} passed", number=counts[PASSED]),
        FAILED: tr("{number} failed", number=counts[FAILED]),
        UNGRADABLE: tr("{number} ungradable", number=counts[UNGRADABLE]),
        HARNESS_ERROR: tr("{number} harness errors", number=counts[HARNESS_ERROR]),
        _REFUSED: tr("{number} not graded", number=counts[_REFUSED]),
        MISSING: tr("{number} missing", number=counts[MISSING]),
    }
    students = trn("{number} student", "{number} students", counts.total())
    run = trn("{number} submission graded now", "{number} submissions graded now", tally.graded)
    same = tr("{number} unchanged", number=tally.unchanged)
    return [
        f"{told.exercise.slug}: {tr(told.exercise.title)}",
        f"{students}: {', '.join(words[each] for each in _ORDER if counts[each])}" if counts else students,
        f"{run}, {same}" if tally.unchanged else run,
    ]


def _line(result: Result) -> str:
    mark = {
        PASSED: tr("✓ passed"),
        FAILED: tr("✗ failed"),
        UNGRADABLE: tr("! cannot be graded"),
        HARNESS_ERROR: tr("! the grader failed"),
    }[result.verdict]
    late = f"  {tr('late')}" if result.late else ""
    by_hand = "" if result.adjusted is None else f"  {tr('changed by hand')} ({result.adjusted:+})"
    return f"  {mark}  {result.points}/{result.possible}  {shown(result.student.name)}{late}{by_hand}"


def _troubles(troubles: tuple[Trouble, ...]) -> list[str]:
    if not troubles:
        return []
    lines = [tr("Not graded, and why:")]
    for trouble in troubles:
        who = f" ({shown(trouble.student.name)})" if trouble.student else ""
        lines.append(f"  {shown(trouble.origin)}{who}")
        lines += [f"      {row}" for row in rows(shown(tr(trouble.reason)), _WIDTH - 6)]
    return lines


def _missing(names: list[str]) -> list[str]:
    if not names:
        return []
    return [tr("Nothing was handed in by:"), *(f"  {row}" for row in rows(", ".join(names), _WIDTH - 2))]


def _next(told: Told, counts: Counter[str]) -> list[str]:
    lines = [tr("The marks are kept in {path}.", path=shown(told.gradebook))]
    if told.tally.outcomes[HARNESS_ERROR] or counts[HARNESS_ERROR]:
        lines.append(tr("Harness errors are ours and no marks. To grade those again: {command}", command=told.again))
    if told.troubles:
        lines.append(tr("Mend what was not graded, then: {command}", command=told.again))
        lines.append(tr("What has not changed is not graded again."))
    elif counts and "--format" not in told.again:
        command = f"{told.again} --format csv --output {shlex.quote(told.exercise.slug + '.csv')}"
        lines.append(tr("For a table of marks: {command}", command=command))
    return lines
