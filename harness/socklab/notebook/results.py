"""What grading gives back: shown as a report, and looked into by programs."""

import secrets
from typing import TYPE_CHECKING, Any, SupportsIndex, overload

from IPython.core.error import UsageError

from ..i18n import padded, tr
from ..model import FAILED, PASSED, SKIPPED, CheckResult, Mistake, Report
from ..reports import _fragment, terminal
from ..reports.json import as_dict

if TYPE_CHECKING:
    import pandas

MIME = "application/vnd.socklab.report+json"
"""The report as report.schema.json describes one."""

WIDTH = 80

MARKS = {PASSED: "✓", FAILED: "✗", SKIPPED: "–"}


class Checks(tuple[CheckResult, ...]):
    """The checks of a report in their order; `checks["open-port"]` is the one of that name."""

    __slots__ = ()

    @overload
    def __getitem__(self, key: SupportsIndex | str) -> CheckResult: ...
    @overload
    def __getitem__(self, key: slice) -> "Checks": ...
    def __getitem__(self, key: SupportsIndex | slice | str) -> "CheckResult | Checks":
        """By number, by slice or by name. Raises KeyError with the names that there are."""
        if isinstance(key, slice):
            return Checks(super().__getitem__(key))
        if not isinstance(key, str):
            return super().__getitem__(key)
        for each in self:
            if each.slug == key:
                return each
        raise KeyError(f"{key}; there is: {', '.join(each.slug for each in self)}")

    def __repr__(self) -> str:
        """A row each: outcome, name, points, title."""
        width = max((len(each.slug) for each in self), default=0)
        rows = [
            f"{MARKS[each.outcome]} {padded(each.slug, width)}  {each.points:>2}  {terminal.visible(tr(each.title))}"
            for each in self
        ]
        return "\n".join(rows)


class Mistakes(tuple[Mistake, ...]):
    """The misconceptions that a report betrays, the one that explains most first."""

    __slots__ = ()

    def __repr__(self) -> str:
        """Each with why it is one, what to try next, and the lines that show it."""
        return "\n\n".join(map(_mistake_in_words, self)) or tr("none")


def _mistake_in_words(mistake: Mistake) -> str:
    title = tr(mistake.title)
    if mistake.lines:
        title += " (" + ", ".join(tr("line {line}", line=line) for line in mistake.lines) + ")"
    return f"{title}\n  {tr(mistake.explanation)}\n  {tr('Try next')}: {tr(mistake.next)}"


class Result:
    """One grade. In a notebook it shows itself as a report."""

    def __init__(self, report: Report, again: str, hints: int, *, gathered: bool) -> None:
        self.report = report
        self._again = again
        self._hints = hints
        self._gathered = gathered

    @property
    def passed(self) -> bool:
        """Whether all that counts has passed."""
        return self.report.outcome == PASSED

    @property
    def checks(self) -> Checks:
        """Every check, with what was arranged, expected and got, and the recorded calls."""
        return Checks(self.report.results)

    @property
    def mistakes(self) -> Mistakes:
        """The misconceptions that fit what was seen."""
        return Mistakes(self.report.mistakes)

    def frame(self) -> "pandas.DataFrame":
        """The checks as a table of pandas, a row each. Raises UsageError if pandas is not installed."""
        try:
            import pandas
        except ImportError as error:
            raise UsageError(
                tr("a frame needs pandas, which is not installed here. Try: %pip install pandas")
            ) from error
        rows = [
            {
                "check": each.slug,
                "title": tr(each.title),
                "outcome": each.outcome,
                "points": each.points,
                "earned": each.earned,
                "bonus": each.bonus,
                "expected": tr(each.expected),
                "got": tr(each.got),
                "calls": len(each.calls) + each.calls_left_out,
            }
            for each in self.report.results
        ]
        return pandas.DataFrame(rows).set_index("check")

    def __repr__(self) -> str:
        """The report as a terminal shows it."""
        return terminal.render_many([self.report], hints=self._hints, width=WIDTH).rstrip("\n")

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> dict[str, Any]:
        anchor = f"socklab-{secrets.token_hex(4)}"  # one result may be shown twice in a notebook
        page = _fragment.render(self.report, anchor, hints=self._hints, again=self._again, whole_source=self._gathered)
        return {"text/html": page, "text/plain": repr(self), MIME: as_dict(self.report)}
