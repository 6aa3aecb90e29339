"""What the formats of other graders have in common: learners read them, and the grader wants one number.

Another grader may have to leave checks out, in a container without namespaces say. So the number is the share of what could be
earned there, of a sum that does not depend on where that is. Bonus points are told and not counted in.
"""

from collections.abc import Sequence
from typing import NamedTuple

from ..errors import UsageError
from ..i18n import tr, trn
from ..model import FAILED, PASSED, SKIPPED, UNGRADABLE, CheckResult, Report
from ._failures import failed_in_words, is_tried
from .html import VERDICTS, clipped, grouped
from .terminal import one_failure, visible

GRADABLE = "it builds and can be called"
"""What a grader that lists nothing but checks is told of a submission that came to none."""

BONUS_MISSED = "bonus not earned; nothing is lost"

LONGEST = 8_000
"""Characters that the details of a check may have; some graders take no more than a megabyte in all."""


class Told(NamedTuple):
    """A report, and what its learner may see of it: `now`, and `later`, once the due date has passed."""

    report: Report
    now: Report
    later: Report


def only(reports: Sequence[Report], name: str) -> Report:
    """The only one of `reports`.

    Raises UsageError if there are several: other graders take one submission at a time.
    """
    if len(reports) != 1:
        raise UsageError(f"--format {name} tells of one file, and {len(reports)} were given. Grade them one by one.")
    return reports[0]


def openly(reports: Sequence[Report], name: str) -> Told:
    """The only one of `reports`, of which its learner may see all that is in it.

    Raises UsageError if there are several.
    """
    report = only(reports, name)
    return Told(report, report, report)


def share(report: Report) -> float:
    """What was earned, from 0 to 1."""
    return report.points / report.possible if report.possible else 0.0


def score(report: Report, out_of: float | None = None) -> float:
    """What was earned, on a scale to `out_of`; None: to what all checks are worth together."""
    return round(whole(report, out_of) * share(report), 2)


def whole(report: Report, out_of: float | None = None) -> float:
    """What a full solution gets: `out_of`, else what all checks are worth together, those left out here among them."""
    return sum(r.points for r in report.results if not r.bonus) if out_of is None else out_of


def is_missed_bonus(result: CheckResult) -> bool:
    """Whether it is a bonus that was not earned, by which nothing is lost."""
    return result.bonus and result.outcome == FAILED


def overview(view: Report) -> str:
    """The verdict, what to know beside it, and what the learner may have in mind, as plain text."""
    return "\n\n".join(
        [verdict(view), *(brief(tr(remark)) for remark in view.remarks), *left_out(view), *mistakes(view)]
    )


def verdict(view: Report) -> str:
    """The outcome in a line or two."""
    words = tr(VERDICTS[view.outcome])
    if view.outcome == UNGRADABLE:
        return f"{words}: {brief(tr(view.reason))}"
    return f"{words} ({failed_in_words(view) or tr('all {number} checks', number=len(view.counted))})"


def mistakes(view: Report) -> list[str]:
    """What it looks like, a paragraph each."""
    found = []
    for mistake in view.mistakes:
        what = f"{tr('It looks as if')} {tr(mistake.title)}. {tr(mistake.explanation)}"
        found.append(f"{what}\n{tr('Try next')}: {tr(mistake.next)}")
    return found


def left_out(view: Report) -> list[str]:
    """Which checks could not run, a line for each reason; the share that was earned is of the others."""
    one, many = "{number} check could not run: {reason}", "{number} checks could not run: {reason}"
    groups = grouped(r for r in view.results if r.outcome == SKIPPED)
    return [trn(one, many, len(group.checks), reason=brief(group.reason)) for group in groups]


def details(view: Report, result: CheckResult) -> str:
    """How a check that did not pass came to that, as plain text; "" for one that did."""
    if result.outcome == PASSED:
        return ""
    if result.outcome == SKIPPED or not is_tried(result):
        return brief(tr(result.message))
    missed = f"{tr(BONUS_MISSED)}\n" if result.bonus else ""
    return visible(f"{missed}{one_failure(view, result)}")[:LONGEST]


def brief(text: str) -> str:
    """A text that may have something of the submission in it, as it can be shown anywhere: without what steers a terminal, and not too long."""
    return clipped(visible(text))
