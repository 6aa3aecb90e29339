"""Reports for PrairieLearn: what an external grader leaves in /grade/results/results.json.

PrairieLearn's documentation, "External grading", describes it. What does not build is not gradable there: the learner sees why,
loses nothing and keeps the attempt. The same holds where the grader itself failed.
"""

import json
from collections.abc import Sequence
from typing import Any

from ..i18n import tr
from ..model import FAILED, HARNESS_ERROR, SKIPPED, UNGRADABLE, CheckResult, Report
from . import terminal
from ._failures import in_reading_order, in_short
from ._graders import BONUS_MISSED, LONGEST, Told, brief, details, is_missed_bonus, openly, overview, share

name = "prairielearn"
summary = "results.json of PrairieLearn's external graders"


def render_many(reports: Sequence[Report], *, hints: int = 1) -> str:
    """The only one of `reports`; raises UsageError if there are several."""
    return for_grader(openly(reports, name), hints=hints)


def for_grader(told: Told, *, hints: int = 1, out_of: float | None = None) -> str:
    """A report; its points are a share of 1 whatever `out_of` says, for PrairieLearn knows what a question is worth."""
    return json.dumps(_results(told, hints), indent=2, ensure_ascii=True) + "\n"


def _results(told: Told, hints: int) -> dict[str, Any]:
    view = told.now
    if view.outcome == HARNESS_ERROR:
        said = tr("The grader failed, not your program. No points are lost by this.")
        return {"gradable": False, "message": said, "format_errors": [brief(tr(view.reason))]}
    if view.outcome == UNGRADABLE:
        text = terminal.visible(terminal.render_many([view], hints=hints))
        reason = brief(tr(view.reason))
        return {"gradable": False, "message": text[:LONGEST], "format_errors": [reason]}
    return {
        "gradable": True,
        "score": share(told.report),
        "message": overview(view),
        "tests": [_test(view, result) for result in in_reading_order(view)],
    }


def _test(view: Report, result: CheckResult) -> dict[str, Any]:
    """A check. What takes no part in the points is worth 0 of 0, which PrairieLearn marks as neither right nor wrong."""
    counts = not result.bonus and result.outcome != SKIPPED
    return {
        "name": tr(result.title),
        "points": result.earned if counts else 0,
        "max_points": result.points if counts else 0,
        "message": brief(_message(result)),
        "output": details(view, result),
    }


def _message(result: CheckResult) -> str:
    if is_missed_bonus(result):
        return tr(BONUS_MISSED)
    if result.bonus and result.earned:
        return tr("bonus earned")
    return in_short(result) if result.outcome == FAILED else ""
