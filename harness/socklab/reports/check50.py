"""Reports in check50's JSON.

check50's documentation, "JSON specification", describes it. The first result says whether the submission can be graded at all, and
its data tell the points; all others depend on it. What was not tried, could not run or was no more than a bonus is null, as
check50 has it for checks that were skipped. Where the grader itself failed there is an error instead of results.
"""

import json
from collections.abc import Sequence
from typing import Any

from .. import __version__
from ..i18n import tr
from ..model import FAILED, HARNESS_ERROR, PASSED, SKIPPED, UNGRADABLE, CheckResult, Report
from . import terminal
from ._failures import in_short, is_tried
from ._graders import (
    BONUS_MISSED,
    GRADABLE,
    LONGEST,
    Told,
    brief,
    details,
    is_missed_bonus,
    openly,
    overview,
    score,
    share,
)

name = "check50"
summary = "check50's JSON"

FIRST = "gradable"
"""The name of the first result."""


def render_many(reports: Sequence[Report], *, hints: int = 1) -> str:
    """The only one of `reports`; raises UsageError if there are several."""
    return for_grader(openly(reports, name), hints=hints)


def for_grader(told: Told, *, hints: int = 1, out_of: float | None = None) -> str:
    """A report, the points in its data on a scale from 0 to `out_of`."""
    view = told.now
    content: dict[str, Any] = {"slug": view.exercise}
    if view.outcome == HARNESS_ERROR:
        said = brief(tr(view.reason))
        content["error"] = {"type": "HarnessError", "value": said, "traceback": [], "data": {}}
    else:
        content["results"] = [_first(told, hints, out_of), *(_result(view, result, hints) for result in view.results)]
    return json.dumps(content | {"version": __version__}, indent=2, ensure_ascii=True) + "\n"


def name_of(slug: str) -> str:
    """What check50, whose checks are functions of Python, calls a check."""
    return slug.replace("-", "_")


def _first(told: Told, hints: int, out_of: float | None) -> dict[str, Any]:
    view = told.now
    passed = view.outcome != UNGRADABLE
    text = overview(view) if passed else terminal.visible(terminal.render_many([view], hints=hints))
    return {
        "name": FIRST,
        "description": tr(GRADABLE),
        "passed": passed,
        "log": text[:LONGEST].splitlines(),
        "cause": None if passed else {"rationale": brief(tr(view.reason)), "help": None},
        "data": {"score": score(told.report, out_of), "share": share(told.report)},
        "dependency": None,
    }


def _result(view: Report, result: CheckResult, hints: int) -> dict[str, Any]:
    skipped = (
        result.outcome == SKIPPED or is_missed_bonus(result) or (result.outcome == FAILED and not is_tried(result))
    )
    return {
        "name": name_of(result.slug),
        "description": tr(result.title),
        "passed": None if skipped else result.outcome == PASSED,
        "log": details(view, result).splitlines(),
        "cause": None if result.outcome == PASSED else _cause(result, hints),
        "data": {},
        "dependency": FIRST,
    }


def _cause(result: CheckResult, hints: int) -> dict[str, Any]:
    if is_missed_bonus(result):
        return {"rationale": tr(BONUS_MISSED), "help": None}
    if result.outcome == SKIPPED or not is_tried(result):
        return {"rationale": brief(tr(result.message)), "help": None}
    cause: dict[str, Any] = {
        "rationale": brief(in_short(result)),
        "help": tr(result.hint) if hints and result.hint else None,
    }
    if result.expected:
        cause["expected"] = brief(tr(result.expected))
        cause["actual"] = brief(tr(result.got))
    return cause
