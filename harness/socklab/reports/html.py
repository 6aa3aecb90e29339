"""Reports as one web page, for a learner who wants to know within a minute what to fix first.

Strategy: the page is one file that asks for nothing else. It has no script (details and anchors do all the folding and
jumping), its style is inlined, and a content security policy forbids the rest. This module sorts a Report into what is
read first, next and at need; templates/report.html.j2 says it in HTML, templates/report.css how it looks.

Whatever comes from the submission is hostile until shown: every value that the template prints goes through `shown`,
which makes control characters and the like visible, and then through autoescape. No template has to remember either.
"""

import os
import re
import shlex
from collections.abc import Iterable, Sequence
from functools import cached_property
from itertools import groupby
from typing import TYPE_CHECKING, Any, NamedTuple

from ..errnos import named_in
from ..i18n import language, tr, trn
from ..model import (
    FAILED,
    HARNESS_ERROR,
    PASSED,
    SKIPPED,
    UNGRADABLE,
    CheckResult,
    Diagnostic,
    Mistake,
    RecordedCall,
    Report,
)
from ._failures import Failure, Untried, failed_in_words, failures, untried, visibility_mark
from ._storyboard import as_svg, story

if TYPE_CHECKING:
    from jinja2 import Environment
    from markupsafe import Markup

name = "html"
summary = "a web page in one file, for reading and printing"
suffix = ".html"

CONTEXT = 2
"""Lines of source shown before and after each line that matters."""

LONGEST_LINE = 240
"""Characters shown of a line of source."""

LONGEST_TEXT = 600
"""Characters shown of any other text, save the output, which has a box of its own."""

LAST_CALLS = 12
"""Rows of calls that are always in view; earlier ones are folded away."""

VERDICTS = {PASSED: "Passed", FAILED: "Failed", UNGRADABLE: "Ungradable", HARNESS_ERROR: "Harness error"}

TEMPLATES = os.path.join(os.path.dirname(os.path.abspath(__file__)), "templates")
_AT_LINE = re.compile(r"\bat line (\d{1,9})\b")


def render(report: Report, *, hints: int = 1) -> str:
    """`report` as a page of its own."""
    return render_many([report], hints=hints)


def render_many(reports: Sequence[Report], *, hints: int = 1) -> str:
    """All of `reports` as one page, one below the other; a list of them comes first if there are several.

    `hints`: with 0 there are none; with 1 the second one is folded away, with 2 it is open.
    """
    views = [View(report, f"report-{number}", hints) for number, report in enumerate(reports, 1)]
    return environment().get_template("report.html.j2").render(views=views)


def environment() -> "Environment":
    """What renders our templates: whatever they print goes through `shown`, then through autoescape."""
    import jinja2  # 40 ms that no other format should wait for

    found = jinja2.Environment(
        loader=jinja2.FileSystemLoader(TEMPLATES),
        autoescape=True,
        finalize=shown,
        trim_blocks=True,
        lstrip_blocks=True,
        undefined=jinja2.StrictUndefined,
    )
    found.filters |= {"clipped": clipped, "duration": duration, "sentence": sentence}
    found.globals |= {
        "tr": tr,
        "trn": trn,
        "marked": marked,
        "visibility_mark": visibility_mark,
        "language": language(),
    }
    return found


# -- what a report says, in the order in which it is read --------------------------------------------------------------


class Row(NamedTuple):
    """A call, or the same call so many times in a row."""

    text: str
    line: int
    arranged: bool
    at: float
    took: str
    times: int
    pending: bool


class Line(NamedTuple):
    """One line of source in an excerpt. `gap`: lines were left out before it."""

    number: int
    text: str
    marked: bool
    gap: bool


class Message(NamedTuple):
    """An error or a warning, and the notes that the compiler added to it."""

    diagnostic: Diagnostic
    notes: tuple[Diagnostic, ...]


class Group(NamedTuple):
    """Checks that share a reason for not having run here."""

    reason: str
    checks: tuple[CheckResult, ...]


class View:
    """A report, sorted for its readers. `anchor` keeps its ids apart from those of other reports on the page.

    `hints`: how many are in view.
    """

    def __init__(self, report: Report, anchor: str, hints: int) -> None:
        self.report = report
        self.hints = hints
        self.anchor = anchor
        self.drawn = 0

    @cached_property
    def source(self) -> tuple[str, ...]:
        """The submission's lines; none where it was not kept."""
        return self.report.source if self.report.content else ()

    @property
    def verdict(self) -> str:
        """The outcome as a word."""
        return tr(VERDICTS[self.report.outcome])

    @property
    def points(self) -> str:
        """The points in words; empty where none were counted."""
        if self.report.outcome not in (PASSED, FAILED):
            return ""
        return tr("{number} of {total}", number=self.report.points, total=self.report.possible)

    @cached_property
    def failures(self) -> tuple[Failure, ...]:
        """Failed checks that were tried and count, the one to mend first first, each with what waits for it."""
        return failures(self.report)

    @cached_property
    def untried(self) -> tuple[Untried, ...]:
        """Checks that were not tried, and wait for no single failure."""
        return untried(self.report)

    @property
    def failed_words(self) -> str:
        """How many of the counted checks failed."""
        return failed_in_words(self.report)

    @cached_property
    def passed(self) -> tuple[CheckResult, ...]:
        """Passed checks that count."""
        return tuple(r for r in self.report.counted if r.outcome == PASSED)

    @cached_property
    def skipped(self) -> tuple[Group, ...]:
        """Checks that could not run here, bonus ones among them."""
        return grouped(r for r in self.report.results if r.outcome == SKIPPED)

    @property
    def skipped_count(self) -> int:
        """How many checks could not run here."""
        return sum(len(group.checks) for group in self.skipped)

    @cached_property
    def bonus(self) -> tuple[CheckResult, ...]:
        """Bonus checks that ran, the earned ones first."""
        ran = (r for r in self.report.results if r.bonus and r.outcome != SKIPPED)
        return tuple(sorted(ran, key=lambda r: r.outcome != PASSED))

    @cached_property
    def errors(self) -> tuple[Message, ...]:
        """What the compiler or interpreter refuses."""
        return tuple(m for m in messages(self.report.diagnostics) if m.diagnostic.severity == "error")

    @cached_property
    def warnings(self) -> tuple[Message, ...]:
        """What the compiler has to say besides."""
        return tuple(m for m in messages(self.report.diagnostics) if m.diagnostic.severity != "error")

    @property
    def command(self) -> str:
        """How to grade again with the same seed, and all checks of it."""
        hidden = ["--hidden"] if any(visibility_mark(r) for r in self.report.results) else []
        again = ["socklab", "check", self.report.exercise, self.report.file, "--seed", str(self.report.seed)]
        return shlex.join([*again, *hidden])

    def excerpt_of(self, check: CheckResult) -> list[Line]:
        """The source around the lines that a check's calls, or its ending, name."""
        named = {call.line for call in check.calls} | {int(number) for number in _AT_LINE.findall(check.got)}
        return excerpt(self.source, named)

    def excerpt_at(self, diagnostic: Diagnostic) -> list[Line]:
        """The source around the line that a diagnostic names."""
        return excerpt(self.source, {diagnostic.line})

    def lines_of(self, mistake: Mistake) -> list[Line]:
        """The source around the lines that a mistake points at."""
        return excerpt(self.source, mistake.lines)

    def drawing_of(self, check: CheckResult) -> "Markup":
        """The picture of what a check's calls did; it has escaped what comes from the submission itself."""
        from markupsafe import Markup

        self.drawn += 1
        told = story(check)
        return Markup(as_svg(told, f"{self.anchor}-story-{self.drawn}") if told else "")

    @property
    def linked_lines(self) -> list[int]:
        """The lines of source that some picture's calls came from."""
        return sorted({call.line for r in self.report.results for call in r.calls if call.line})

    def earlier_calls(self, check: CheckResult) -> list[Row]:
        """The calls of a check that are folded away."""
        return rows(check.calls)[:-LAST_CALLS]

    def last_calls(self, check: CheckResult) -> list[Row]:
        """The calls of a check that are in view: the last ones, which led to what it got."""
        return rows(check.calls)[-LAST_CALLS:]

    def errnos(self, check: CheckResult) -> dict[str, str]:
        """The errno names that a failure shows, with their meanings."""
        return named_in([*check.arranged, check.got, *(call.text for call in check.calls)])

    def briefly(self, check: CheckResult) -> str:
        """A failure in one line, for when it is folded."""
        if check.expected and check.got:
            return tr("expected: {expected}; got: {got}", expected=tr(check.expected), got=tr(check.got))
        return tr(check.message) if check.message else tr(check.got)


def grouped(checks: Iterable[CheckResult]) -> tuple[Group, ...]:
    """Checks by the reason in their message, in order of first appearance."""
    by_reason: dict[str, list[CheckResult]] = {}
    for check in checks:
        by_reason.setdefault(reason_of(check), []).append(check)
    return tuple(Group(reason, tuple(found)) for reason, found in by_reason.items())


def reason_of(check: CheckResult) -> str:
    """A check's message as a sentence of its own."""
    text = tr(check.message).strip() if check.message.strip() else tr("No reason was given.")
    return text[0].upper() + text[1:]


def messages(diagnostics: Sequence[Diagnostic]) -> list[Message]:
    """Diagnostics with the notes that follow them."""
    found: list[Message] = []
    for diagnostic in diagnostics:
        if diagnostic.severity == "note" and found:
            last = found[-1]
            found[-1] = last._replace(notes=(*last.notes, diagnostic))
        else:
            found.append(Message(diagnostic, ()))
    return found


def rows(calls: Sequence[RecordedCall]) -> list[Row]:
    """Calls as they are shown: the same call many times in a row is one row."""
    alike = groupby(calls, key=lambda call: (call.text, call.line, call.arranged, call.seconds is None))
    return [_row(list(same)) for _, same in alike]


def _row(same: Sequence[RecordedCall]) -> Row:
    first = same[0]
    text = first.text.removesuffix("(arranged)").removesuffix("… never came back").rstrip()
    pending = first.seconds is None
    longest = duration(max(call.seconds or 0 for call in same))
    took = tr("never came back") if pending else longest if len(same) == 1 else f"≤ {longest}"
    return Row(text, first.line, first.arranged, first.at, took, len(same), pending)


def excerpt(source: Sequence[str], named: Iterable[int]) -> list[Line]:
    """The `named` lines of `source`, marked, with a few lines around them."""
    marked = {number for number in named if 0 < number <= len(source)}
    around = {n for number in marked for n in range(number - CONTEXT, number + CONTEXT + 1) if 0 < n <= len(source)}
    numbers = sorted(around)
    return [
        Line(
            number,
            clipped(source[number - 1], LONGEST_LINE),
            number in marked,
            before is not None and number > before + 1,
        )
        for before, number in zip([None, *numbers], numbers, strict=False)
    ]


# -- words -------------------------------------------------------------------------------------------------------------


def clipped(text: str, longest: int = LONGEST_TEXT) -> str:
    """The beginning of a text that is too long to read."""
    more = len(text) - longest
    if more <= 0:
        return text
    return f"{text[:longest]} … ({trn('{number} more character', '{number} more characters', more)})"


_CODE = re.compile(r"\w+\(|errno\b")
"""What a title may begin with that is written as the language C has it."""


def sentence(title: str) -> str:
    """A title where a line begins: with a capital, unless it begins with a name such as connect()."""
    return title if _CODE.match(title) else title[:1].upper() + title[1:]


def duration(seconds: float) -> str:
    """A time as a person would say it."""
    if seconds < 0.0009995:
        return f"{seconds * 1e6:.0f} µs"
    if seconds < 0.9995:
        return f"{seconds * 1e3:.3g} ms"
    return tr("{seconds} s", seconds=f"{seconds:.2f}")


def marked(text: str, **values: "Markup") -> "Markup":
    """A sentence with pieces of markup in it; the sentence itself, whatever language it is in, is text."""
    from markupsafe import escape

    return escape(tr(text)).format(**values)


def shown(value: Any) -> Any:
    """What may be printed for `value`: characters that would act, hide or reorder others are named instead."""
    if not isinstance(value, str) or hasattr(value, "__html__"):
        return value
    text = value.replace("\r\n", "\n")
    if text.isprintable():
        return text
    return "".join(c if c.isprintable() or c in "\n\t" else f"⟨U+{ord(c):04X}⟩" for c in text)
