"""What a learner may see of a report that was made with hidden checks.

Hidden checks count in the points that an instructor gives, and nothing of them may show where a learner looks: neither their
names nor what the program printed while they ran, nor a mistake that only they betray. How many there are is no secret.
"""

from .catalog import Exercise
from .diagnosis import diagnose
from .model import AFTER_DUE, FAILED, HARNESS_ERROR, PASSED, VISIBLE, CheckResult, Report

_TROUBLE = "something went wrong on the machine that graded it; whoever grades is told what"
"""The reason itself may name a check, or what that arranged."""

_WAITS = "Not tried: it says nothing as long as a check fails that is not shown here."


def for_learner(report: Report, exercise: Exercise, *, due_passed: bool = False) -> Report:
    """`report` with what its learner may see, and its points counted from that. `due_passed`: whether the due date has passed.

    Raises HarnessError if the exercise's mistakes.toml is not what it should be.
    """
    view = seen_part(report, due_passed=due_passed)
    kept_back = len(report.counted) - len(view.counted)
    if kept_back:
        view = view._replace(remarks=(*view.remarks, _words(kept_back)))
    if len(view.results) == len(report.results):
        return view
    return view._replace(mistakes=diagnose(view, exercise) if view.outcome == FAILED else ())


def seen_part(report: Report, *, due_passed: bool = False) -> Report:
    """`report` without the checks that its learner may not see, and judged by the others; its mistakes are those of all."""
    seen = tuple(result for result in report.results if is_seen(result, due_passed=due_passed))
    slugs = {result.slug for result in seen}
    kept_back = {result.slug for result in report.results} - slugs
    view = report._replace(
        results=tuple(_without_waiting(result) if result.waits_for in kept_back else result for result in seen),
        hidden_output="",
        hidden_remarks=(),
    )
    if report.outcome == HARNESS_ERROR:
        return view._replace(reason=_TROUBLE)
    if kept_back and view.counted:  # without any there is nothing but the verdict itself
        return view._replace(outcome=PASSED if all(r.outcome == PASSED for r in view.counted) else FAILED)
    return view


def is_seen(result: CheckResult, *, due_passed: bool) -> bool:
    """Whether a learner may see how that check went."""
    return result.visibility == VISIBLE or (due_passed and result.visibility == AFTER_DUE)


def _without_waiting(result: CheckResult) -> CheckResult:
    """A check that could not be tried because of one that is not seen, whose title is in its message."""
    return result._replace(waits_for="", message=_WAITS)


def _words(number: int) -> str:
    """How many checks are kept back, as a remark."""
    if number == 1:
        return "1 more check counts towards the points and is not shown here."
    return f"{number} more checks count towards the points and are not shown here."
