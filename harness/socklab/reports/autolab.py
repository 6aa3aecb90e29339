"""Reports for Autolab: text for the learner, and as the last line the "autoresult" that Autolab reads the points from.

Autolab's "Guide for Lab Authors" describes it. The name of the problem is that of the exercise. Where the grader itself failed
there is no such line: Autolab then says that it could not read the result, and keeps the points that were there before.
"""

import json
from collections.abc import Sequence

from ..i18n import tr
from ..model import HARNESS_ERROR, UNGRADABLE, Report
from . import terminal
from ._graders import Told, brief, openly, score, whole

name = "autolab"
summary = "what Autolab reads: text, and the points in its last line"


def render_many(reports: Sequence[Report], *, hints: int = 1) -> str:
    """The only one of `reports`; raises UsageError if there are several."""
    return for_grader(openly(reports, name), hints=hints)


def for_grader(told: Told, *, hints: int = 1, out_of: float | None = None) -> str:
    """A report, its points on a scale from 0 to `out_of`."""
    view = told.now
    if view.outcome == HARNESS_ERROR:
        said = tr("The grader failed, not your program. No points are lost by this.")
        return f"{said}\n{brief(tr(view.reason))}\n{tr('Whoever runs this course can have it graded again.')}\n"
    points = score(told.report, out_of)
    autoresult = {"scores": {view.exercise: points}, "scoreboard": [points]}
    text = _text(view, hints)
    if view.outcome != UNGRADABLE:
        said = tr("{number} of {total} points", number=f"{points:g}", total=f"{whole(told.report, out_of):g}")
        text += f"\n{view.exercise}: {said}\n"
    return f"{text}\n{json.dumps(autoresult)}\n"


def _text(view: Report, hints: int) -> str:
    """The report as it is read in a terminal, in full; without advice to type something there."""
    if hints < 2:
        view = view._replace(results=tuple(result._replace(more="") for result in view.results))
    return terminal.visible(terminal.render_many([view], hints=hints, everything=True))
