"""Reports for a terminal: the verdict, the first thing to fix with all its details, then the rest in brief.

Colour and width belong to the terminal and are given by whoever prints; without them the text is plain, 80 columns wide.
What comes from the submission is shown with its control characters made visible.
"""

import os
import sys
from collections.abc import Sequence, Set

from ..i18n import columns, cut, padded, tr, trn
from ..model import FAILED, HARNESS_ERROR, PASSED, SKIPPED, UNGRADABLE, CheckResult, Diagnostic, Report
from ._failures import Failure, exception_of, failed_in_words, failure_of, failures, titled, untried

name = "terminal"
summary = "for reading here"

DETAILED = 3
"""How many failures are shown with all their details; the others in a line or two."""

QUOTED_LINES = 6
"""How many of the lines that made the calls are quoted below the picture of them."""

_COLOURS = {"bold": "1", "dim": "2", "red": "31", "green": "32", "yellow": "33", "cyan": "36"}
_VERDICTS = {
    PASSED: ("green", "✓ passed"),
    FAILED: ("red", "✗ failed"),
    UNGRADABLE: ("yellow", "! cannot be graded"),
    HARNESS_ERROR: ("yellow", "! the grader failed"),
}
"""By outcome: colour and words."""


def render_many(
    reports: Sequence[Report], *, hints: int = 1, colour: bool = False, width: int = 80, everything: bool = False
) -> str:
    """All of `reports`, one below the other. `everything`: every failure with all its details; `hints`: how many for each."""
    page = _Page(colour, max(width, 40), everything, hints)
    return "\n".join(page.report(report) for report in reports)


def traits() -> tuple[bool, int]:
    """Whether standard output takes colour (NO_COLOR and FORCE_COLOR are honoured), and its width in columns."""
    tty = sys.stdout.isatty()
    wanted = (tty and os.environ.get("TERM") != "dumb") or bool(os.environ.get("FORCE_COLOR"))
    try:
        width = os.get_terminal_size(1).columns if tty else 0
    except OSError:
        width = 0
    return wanted and not os.environ.get("NO_COLOR"), width or 80


def one_failure(report: Report, result: CheckResult) -> str:
    """One failing check in full, as plain text."""
    return _Page(colour=False, width=80, everything=True, hints=1).in_full(report, failure_of(report, result))


def verdict(report: Report, *, hints: int = 1, colour: bool = False, width: int = 80) -> str:
    """What came of the only check of `report`, for whoever has shown already what was arranged and what the code did."""
    page = _Page(colour, max(width, 40), everything=True, hints=hints)
    result = report.results[0]._replace(arranged=(), calls=(), tried="")
    if result.outcome == PASSED:
        parts = [page.wrapped(f"{page.paint('green', tr('✓ passed'))}  {titled(result)}", then="  ")]
    else:
        parts = [f"{page.paint('red', tr('✗ failed'))}\n{page.in_full(report, Failure(result, ()))}"]
    parts += [page.wrapped(visible(tr(remark))) for remark in (*report.remarks, *report.hidden_remarks)]
    return "\n\n".join([*parts, page.foot(report)]) + "\n"


class _Page:
    def __init__(self, colour: bool, width: int, everything: bool, hints: int) -> None:
        self.colour = colour
        self.width = min(width, 100)
        self.everything = everything
        self.hints = hints

    def report(self, report: Report) -> str:
        remarks = (*report.remarks, *report.hidden_remarks)
        parts = [self.head(report), *(self.wrapped(visible(tr(remark))) for remark in remarks)]
        if report.reason:
            parts.append(self.wrapped(visible(tr(report.reason))))
        if report.outcome == UNGRADABLE:
            parts.append(self.diagnostics(report, report.diagnostics))
        if report.outcome == HARNESS_ERROR:
            parts.append(tr("No points are lost by this. Try again; if it stays, run: socklab doctor"))
        parts += self.mistakes(report)
        parts += self.failures(report)
        parts += self.remarks(report)
        parts.append(self.foot(report))
        return "\n\n".join(part for part in parts if part) + "\n"

    # -- parts of a report -------------------------------------------------------------------------------------------

    def head(self, report: Report) -> str:
        colour, words = _VERDICTS[report.outcome]
        title = f"{self.paint('bold', visible(report.file))}  {report.exercise}: {tr(report.title)}"
        if report.outcome not in (PASSED, FAILED):
            return f"{title}\n{self.paint(colour, tr(words))}"
        points = tr("{number} of {total} points", number=report.points, total=report.possible)
        bonus = tr(", {number} bonus", number=report.bonus_points) if report.bonus_points else ""
        count = failed_in_words(report) or tr("all {number} checks", number=len(report.counted))
        return f"{title}\n{self.paint(colour, tr(words))}  {points}{bonus}  ({count})"

    def failures(self, report: Report) -> list[str]:
        found = failures(report)
        full = list(found) if self.everything else _different(found)[:DETAILED]
        parts: list[str] = []
        for number, failure in enumerate(full):
            heading = self.paint("bold", tr("First thing to fix")) + "\n" if number == 0 else ""
            parts.append(heading + self.in_full(report, failure))
            if number == 0 and self.hints == 1 and failure.result.more:
                parts[-1] += "\n" + self.paint("dim", "    " + tr("--hints 2 gives a second hint"))
        brief = [failure for failure in found if failure not in full]
        if brief:
            told = {failure.result.got for failure in full}
            rows = "\n".join(self.in_brief(failure, told) for failure in brief)
            shown = tr("(--all shows each in full)")
            parts.append(f"{self.paint('bold', tr('Also failing'))}  {shown}\n{rows}")
        for group in untried(report):
            number = trn("{number} check", "{number} checks", len(group.checks))
            what = f"{self.paint('bold', tr('Not tried'))}  {number}: {visible(group.reason)}"
            parts.append("\n".join([self.wrapped(what), *(self.titles(group.checks) if self.everything else [])]))
        return parts

    def in_full(self, report: Report, failure: Failure) -> str:
        from ..errnos import named_in  # nobody who passes waits for it

        result = failure.result
        rows = [self.title(result)]
        expected, got = visible(tr(result.expected)), visible(tr(result.got))
        rows += [self.labelled(tr("arranged"), tr(text)) for text in result.arranged]
        rows += [self.labelled(tr("tried"), tr(result.tried))] if result.tried else []
        rows += [self.labelled(tr("expected"), self.paint("green", expected))] if expected else []
        rows += [self.labelled(tr("got"), self.paint("red", got))] if got else []
        rows += [self.labelled(tr("note"), visible(tr(result.message)))] if result.message else []
        rows += [self.labelled(tr("in practice"), tr(result.why))] if result.why else []
        rows += [self.labelled(tr("hint"), tr(result.hint))] if result.hint and self.hints > 0 else []
        rows += [self.labelled(tr("hint 2"), tr(result.more))] if result.more and self.hints > 1 else []
        rows += self.calls(report, result)
        named = named_in([*result.arranged, result.got, *(call.text for call in result.calls)])
        column = max(map(len, named), default=0)
        for name, meaning in named.items():
            first = f"    {self.paint('cyan', name)}{' ' * (column - len(name))}  "
            rows.append(self.wrapped(tr(meaning), first=first, then=" " * (column + 6)))
        if failure.waiting:
            rows.append(f"    {waiting(failure)}")
            rows += self.titles(failure.waiting) if self.everything else []
        return "\n".join(rows)

    def titles(self, results: Sequence[CheckResult]) -> list[str]:
        return [self.wrapped(titled(result), first="      · ", then=" " * 8) for result in results]

    def calls(self, report: Report, result: CheckResult) -> list[str]:
        """What the code did, as a picture, and the lines that did it."""
        from ._storyboard import as_text, story

        told = story(result)
        if told is None:
            return []
        rows = ["    " + tr("what your code did"), *(f"      {visible(row)}" for row in as_text(told))]
        lines = dict.fromkeys(step.call.line for step in told.steps if 0 < step.call.line <= len(report.source))
        return rows + [self.quoted(report, line) for line in sorted(lines)[:QUOTED_LINES]]

    def quoted(self, report: Report, line: int) -> str:
        """A line of the submission, cut to the page."""
        label = padded(tr("line {line}", line=line), 9)
        text = f"      {label} {visible(report.source[line - 1].strip())}"
        return self.paint("dim", cut(text, self.width).rstrip())

    def mistakes(self, report: Report) -> list[str]:
        """What the learner may have in mind that is not so."""
        parts: list[str] = []
        for mistake in report.mistakes:
            heading = f"{self.paint('bold', tr('It looks as if'))} {tr(mistake.title)}"
            rows = [self.wrapped(heading, then="  "), self.wrapped(tr(mistake.explanation), first="  ", then="  ")]
            advice = f"{self.paint('bold', tr('try'))}  {tr(mistake.next)}"
            rows.append(self.wrapped(advice, first="  ", then=" " * (4 + columns(tr("try")))))
            rows += [self.quoted(report, line) for line in mistake.lines if line <= len(report.source)]
            parts.append("\n".join(rows))
        return parts

    def in_brief(self, failure: Failure, told: Set[str]) -> str:
        result = failure.result
        what = tr(result.message)
        raised = exception_of(result)
        if raised and result.got in told:
            again = "{tried}: again {exception} at line {line}"
            what = tr(again, tried=tr(result.tried), exception=raised[0], line=raised[1])
        elif result.expected:
            said = tr("expected {expected}, got {got}", expected=tr(result.expected), got=tr(result.got))
            what = f"{tr(result.tried)}: {said}"
        rows = [self.title(result), self.wrapped(visible(what), first="    ", then="    ")]
        return "\n".join([*rows, *([f"    {waiting(failure)}"] if failure.waiting else [])])

    def title(self, result: CheckResult) -> str:
        worth = self.paint("dim", points(result)).replace(" ", "\u00a0")
        return self.wrapped(f"{self.paint('red', '✗')} {titled(result)} \u00a0{worth}", then="  ")

    def remarks(self, report: Report) -> list[str]:
        parts: list[str] = []
        skipped = [r for r in report.results if r.outcome == SKIPPED]
        reasons = dict.fromkeys(r.message for r in skipped)
        for reason in reasons:
            titles = [titled(r) for r in skipped if r.message == reason]
            one, many = "{number} check could not run: {reason}", "{number} checks could not run: {reason}"
            count = trn(one, many, len(titles), reason=visible(tr(reason)))
            rows = [self.wrapped(f"{self.paint('yellow', '–')} {count}", then="  ")]
            rows += [self.wrapped(f"  · {title}", then="    ") for title in titles]
            parts.append("\n".join(rows))
        warnings = [d for d in report.diagnostics if d.severity == "warning"]
        if warnings and report.outcome != UNGRADABLE:
            parts.append(f"{self.paint('bold', tr('The compiler warns'))}\n{self.diagnostics(report, tuple(warnings))}")
        missed = [r for r in report.results if r.bonus and r.outcome == FAILED]
        if missed and report.outcome == PASSED:
            titles = "\n".join(
                f"  · {titled(r)}\n    {self.paint('dim', tr(r.hint))}" if self.hints else f"  · {titled(r)}"
                for r in missed
            )
            lost = tr("(no points are lost by these)")
            parts.append(f"{self.paint('bold', tr('If you want more'))}  {lost}\n{titles}")
        return parts

    def diagnostics(self, report: Report, found: Sequence[Diagnostic]) -> str:
        errors_first = sorted(found, key=lambda d: d.severity == "warning")
        return "\n".join(self.diagnostic(report, d) for d in errors_first[:10])

    def diagnostic(self, report: Report, diagnostic: Diagnostic) -> str:
        colour = {"error": "red", "warning": "yellow"}.get(diagnostic.severity, "dim")
        where = tr("line {line}", line=diagnostic.line) + ": " if diagnostic.line else ""
        rows = [f"{where}{self.paint(colour, tr(diagnostic.severity))}: {visible(tr(diagnostic.message))}"]
        if 0 < diagnostic.line <= len(report.source) and diagnostic.severity != "note":
            text = report.source[diagnostic.line - 1]
            rows.append(f"  {diagnostic.line:>4} | {cut(visible(text), self.width - 10)}")
            if diagnostic.column:
                before = text.encode()[: diagnostic.column - 1].decode("utf-8", "ignore")  # columns are bytes
                rows.append(f"       | {indentation(before)}{self.paint(colour, '^')}")
        return "\n".join(rows)

    def foot(self, report: Report) -> str:
        tier = tr("private network") if report.tier == "private" else tr("shared network")
        facts = [
            tr("seed {number}", number=report.seed),
            f"{tier} ({visible(tr(report.tier_reason))})" if report.tier_reason else tier,
            report.toolchain,
            tr("{seconds} s", seconds=f"{report.seconds:.2f}"),
            tr("all on 127.0.0.1"),
        ]
        return self.paint("dim", " · ".join(facts))

    # -- words -------------------------------------------------------------------------------------------------------

    def labelled(self, label: str, text: str) -> str:
        return self.wrapped(text, first=f"    {padded(label, 12)} ", then=" " * 17)

    def wrapped(self, text: str, first: str = "", then: str = "") -> str:
        """`text` in rows of our width; a no-break space keeps together what it joins, and is shown as a space."""
        words, rows, row, used = text.split(" "), [], first, columns(plain(first))
        empty = True
        for word in words:
            length = columns(plain(word))
            if not empty and used + 1 + length > self.width:
                rows.append(row)
                row, used, empty = then, len(then), True
            row += word.removeprefix("\u00a0") if empty else f" {word}"
            used += length + (0 if empty else 1)
            empty = False
        return "\n".join([*rows, row]).replace("\u00a0", " ")

    def paint(self, colour: str, text: str) -> str:
        return f"\x1b[{_COLOURS[colour]}m{text}\x1b[0m" if self.colour else text


def _different(found: Sequence[Failure]) -> list[Failure]:
    """Those that teach something of their own: of failures that share a hint, or an exception, the first is enough to work with."""
    known: set[str] = set()
    different: list[Failure] = []
    for failure in found:
        of = {failure.result.hint} | ({failure.result.got} if exception_of(failure.result) else set())
        if known.isdisjoint(of):
            different.append(failure)
        known |= of
    return different


def points(result: CheckResult) -> str:
    """What a check is worth, in words."""
    return trn("{number} point", "{number} points", result.points)


def waiting(failure: Failure) -> str:
    """How many checks were not tried because of a failure, in words."""
    one, many = "{number} more check waits for this one", "{number} more checks wait for this one"
    return trn(one, many, len(failure.waiting))


def visible(text: str) -> str:
    """Text of the submission with its control characters shown instead of obeyed."""
    return "".join(c if c.isprintable() or c in "\n\t" else f"\\x{ord(c):02x}" for c in text).replace("\t", "    ")


def plain(text: str) -> str:
    """Without our own colours; for measuring."""
    while "\x1b[" in text:
        before, _, rest = text.partition("\x1b[")
        text = before + rest.partition("m")[2]
    return text


def indentation(text: str) -> str:
    """As many columns as `text` takes when shown."""
    return " " * columns(visible(text))
