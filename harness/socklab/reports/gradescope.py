"""Reports for Gradescope: an autograder's results.json.

Gradescope's "Autograder specifications" describe it. Each check is a test case; hidden ones are there too, with the visibility
that keeps them from learners. The points stand at the top, where they override the sum of the test cases. Where the grader itself
failed there are neither points nor test cases: Gradescope takes that for a failure of the autograder, and nobody for a zero.

Texts are HTML of elements that Gradescope leaves in (it takes out whatever might act or look like its own page): no scripts,
styles, pictures, links or attributes of any kind.
"""

import json
from collections.abc import Sequence
from typing import Any

from ..errnos import named_in
from ..i18n import tr
from ..model import AFTER_DUE, HARNESS_ERROR, HIDDEN, PASSED, SKIPPED, UNGRADABLE, VISIBLE, CheckResult, Report
from ._failures import in_reading_order
from ._graders import GRADABLE, Told, is_missed_bonus, left_out, openly, score, share, verdict
from ._storyboard import as_text, story
from .html import environment

name = "gradescope"
summary = "results.json of a Gradescope autograder"

_VISIBILITY = {VISIBLE: "visible", AFTER_DUE: "after_due_date", HIDDEN: "hidden"}


def render_many(reports: Sequence[Report], *, hints: int = 1) -> str:
    """The only one of `reports`; raises UsageError if there are several."""
    return for_grader(openly(reports, name), hints=hints)


def for_grader(told: Told, *, hints: int = 1, out_of: float | None = None) -> str:
    """A report, its points on a scale from 0 to `out_of`."""
    return json.dumps(_results(told, _Html(hints), out_of), indent=2, ensure_ascii=True) + "\n"


def _results(told: Told, html: "_Html", out_of: float | None) -> dict[str, Any]:
    report, view = told.report, told.now
    common = {
        "output": html.overview(view),
        "output_format": "html",
        "stdout_visibility": "hidden",
        "execution_time": round(report.seconds, 2),
        "extra_data": {
            "exercise": report.exercise,
            "version": report.version,
            "seed": report.seed,
            "tier": report.tier,
            "sha256": report.sha256,
            "share": share(report),
            "bonus_points": report.bonus_points,
        },
    }
    if view.outcome == HARNESS_ERROR:
        return common
    return {"score": score(report, out_of), **common, "tests": _tests(told, html)}


def _tests(told: Told, html: "_Html") -> list[dict[str, Any]]:
    if told.now.outcome == UNGRADABLE:
        return [{"name": tr(GRADABLE), "status": "failed", "visibility": "visible"}]
    views = {VISIBLE: told.now, AFTER_DUE: told.later, HIDDEN: told.report}
    return [
        _test(view, result, html)
        for visibility, view in views.items()
        for result in in_reading_order(view)
        if result.visibility == visibility
    ]


def _test(view: Report, result: CheckResult, html: "_Html") -> dict[str, Any]:
    """A check. What takes no part in the points has none here either."""
    test: dict[str, Any] = {
        "name": f"{tr(result.title)} ({tr('bonus')})" if result.bonus else tr(result.title),
        "visibility": _VISIBILITY[result.visibility],
        "output": html.check(view, result),
        "output_format": "html",
        "extra_data": {"check": result.slug, "outcome": result.outcome},
    }
    if result.outcome == SKIPPED or is_missed_bonus(result):
        return test
    test["status"] = "passed" if result.outcome == PASSED else "failed"
    return test if result.bonus else {"score": result.earned, "max_score": result.points, **test}


class _Html:
    """The two kinds of texts, rendered by macros of one template."""

    def __init__(self, hints: int) -> None:
        self._hints = hints
        self._macros = environment().get_template("gradescope.html.j2").module

    def overview(self, view: Report) -> str:
        """What concerns the whole submission."""
        return str(self._macros.overview(view, verdict(view), left_out(view))).strip()  # type: ignore[attr-defined]

    def check(self, report: Report, result: CheckResult) -> str:
        """What there is to say of a check; "" for one that passed."""
        if result.outcome == PASSED:
            return ""
        told = story(result)
        picture = "\n".join(as_text(told)) if told else ""
        numbers = sorted({call.line for call in result.calls if 0 < call.line <= len(report.source)})
        lines = [(number, report.source[number - 1].rstrip()) for number in numbers]
        named = named_in([*result.arranged, result.got, *(call.text for call in result.calls)])
        parts = (result, self._hints, is_missed_bonus(result), picture, lines, named)
        return str(self._macros.check(*parts)).strip()  # type: ignore[attr-defined]
