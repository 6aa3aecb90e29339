"""Reports for a terminal: the verdict, the first thing to fix with all its details, then the rest in brief.

Colour and width belong to the terminal and are given by whoever prints; without them the text is plain, 80 columns wide.
What comes from the submission is shown with its control characters made visible.
"""

import os
import sys
from collections.abc import Sequence

from ..model import FAILED, HARNESS_ERROR, PASSED, SKIPPED, UNGRADABLE, CheckResult, Diagnostic, RecordedCall, Report

name = "terminal"
summary = "for reading here"

DETAILED = 3
"""How many failures are shown with all their details; the others in a line or two."""

_COLOURS = {"bold": "1", "dim": "2", "red": "31", "green": "32", "yellow": "33", "cyan": "36"}
_VERDICTS = {
    PASSED: ("green", "✓ passed"),
    FAILED: ("red", "✗ failed"),
    UNGRADABLE: ("yellow", "! cannot be graded"),
    HARNESS_ERROR: ("yellow", "! the grader failed"),
}


def render_many(reports: Sequence[Report], *, colour: bool = False, width: int = 80, everything: bool = False) -> str:
    """All of `reports`, one below the other. `everything`: every failure with all its details."""
    page = _Page(colour, max(width, 40), everything)
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
    return _Page(colour=False, width=80, everything=True).in_full(report, result)


class _Page:
    def __init__(self, colour: bool, width: int, everything: bool) -> None:
        self.colour = colour
        self.width = min(width, 100)
        self.everything = everything

    def report(self, report: Report) -> str:
        parts = [self.head(report), *(self.wrapped(visible(remark)) for remark in report.remarks)]
        if report.reason:
            parts.append(self.wrapped(visible(report.reason)))
        if report.outcome == UNGRADABLE:
            parts.append(self.diagnostics(report, report.diagnostics))
        if report.outcome == HARNESS_ERROR:
            parts.append("No points are lost by this. Try again; if it stays, run: socklab doctor")
        parts += self.failures(report)
        parts += self.remarks(report)
        parts.append(self.foot(report))
        return "\n\n".join(part for part in parts if part) + "\n"

    # -- parts of a report -------------------------------------------------------------------------------------------

    def head(self, report: Report) -> str:
        colour, words = _VERDICTS[report.outcome]
        title = f"{self.paint('bold', visible(report.file))}  {report.exercise}: {report.title}"
        if report.outcome not in (PASSED, FAILED):
            return f"{title}\n{self.paint(colour, words)}"
        points = f"{report.points} of {report.possible} points"
        bonus = f", {report.bonus_points} bonus" if report.bonus_points else ""
        failed = sum(r.outcome == FAILED for r in report.counted)
        count = f"{failed} of {len(report.counted)} checks failed" if failed else f"all {len(report.counted)} checks"
        return f"{title}\n{self.paint(colour, words)}  {points}{bonus}  ({count})"

    def failures(self, report: Report) -> list[str]:
        failed = [r for r in report.counted if r.outcome == FAILED]
        waiting = [r for r in failed if r.tried == "-"]
        real = [r for r in failed if r.tried != "-"]
        shown = len(real) if self.everything else DETAILED
        parts: list[str] = []
        for number, result in enumerate(real[:shown]):
            heading = self.paint("bold", "First thing to fix") + "\n" if number == 0 else ""
            parts.append(heading + self.in_full(report, result))
        if real[shown:]:
            brief = "\n".join(self.in_brief(result) for result in real[shown:])
            parts.append(f"{self.paint('bold', 'Also failing')}  (--all shows each in full)\n{brief}")
        if waiting:
            titles = "\n".join(f"  · {result.title}" for result in waiting)
            parts.append(f"{self.paint('bold', 'Not tried, as long as others fail')}\n{titles}")
        return parts

    def in_full(self, report: Report, result: CheckResult) -> str:
        rows = [self.title(result)]
        rows += [self.labelled("arranged", text) for text in result.arranged]
        rows += [self.labelled("tried", result.tried)] if result.tried else []
        rows += [self.labelled("expected", self.paint("green", visible(result.expected)))] if result.expected else []
        rows += [self.labelled("got", self.paint("red", visible(result.got)))] if result.got else []
        rows += [self.labelled("why", visible(result.message))] if result.message else []
        rows += [self.labelled("hint", result.hint)]
        rows += self.calls(report, result)
        return "\n".join(rows)

    def calls(self, report: Report, result: CheckResult) -> list[str]:
        if not result.calls:
            return []
        rows = ["    what your code did" + (f" (the last {len(result.calls)} calls)" if result.calls_left_out else "")]
        previous = 0
        for call, times in _runs_of(result.calls):
            where = f"line {call.line}" if call.line else ""
            if call.line and call.line != previous and call.line <= len(report.source):
                rows.append(
                    self.paint(
                        "dim", f"      {where:>9}  {visible(report.source[call.line - 1].strip())[: self.width - 20]}"
                    )
                )
            previous = call.line
            repeated = self.paint("dim", f"  ({times} times)") if times > 1 else ""
            rows.append(f"      {'':>9}  {self.paint('cyan', visible(call.text))}{repeated}")
        return rows

    def in_brief(self, result: CheckResult) -> str:
        what = f"{result.tried}: expected {result.expected}, got {result.got}" if result.expected else result.message
        return f"{self.title(result)}\n{self.wrapped(visible(what), first='    ', then='    ')}"

    def title(self, result: CheckResult) -> str:
        return self.wrapped(f"{self.paint('red', '✗')} {result.title}  {self.paint('dim', points(result))}", then="  ")

    def remarks(self, report: Report) -> list[str]:
        parts: list[str] = []
        skipped = [r for r in report.results if r.outcome == SKIPPED]
        reasons = dict.fromkeys(r.message for r in skipped)
        for reason in reasons:
            titles = [r.title for r in skipped if r.message == reason]
            count = f"{len(titles)} check{'s' * (len(titles) > 1)} could not run: {visible(reason)}"
            rows = [self.wrapped(f"{self.paint('yellow', '–')} {count}", then="  ")]
            rows += [self.wrapped(f"  · {title}", then="    ") for title in titles]
            parts.append("\n".join(rows))
        warnings = [d for d in report.diagnostics if d.severity == "warning"]
        if warnings and report.outcome != UNGRADABLE:
            parts.append(f"{self.paint('bold', 'The compiler warns')}\n{self.diagnostics(report, tuple(warnings))}")
        missed = [r for r in report.results if r.bonus and r.outcome == FAILED]
        if missed and report.outcome == PASSED:
            titles = "\n".join(f"  · {r.title}\n    {self.paint('dim', r.hint)}" for r in missed)
            parts.append(f"{self.paint('bold', 'If you want more')}  (no points are lost by these)\n{titles}")
        return parts

    def diagnostics(self, report: Report, found: Sequence[Diagnostic]) -> str:
        errors_first = sorted(found, key=lambda d: d.severity == "warning")
        return "\n".join(self.diagnostic(report, d) for d in errors_first[:10])

    def diagnostic(self, report: Report, diagnostic: Diagnostic) -> str:
        colour = {"error": "red", "warning": "yellow"}.get(diagnostic.severity, "dim")
        where = f"line {diagnostic.line}: " if diagnostic.line else ""
        rows = [f"{where}{self.paint(colour, diagnostic.severity)}: {visible(diagnostic.message)}"]
        if 0 < diagnostic.line <= len(report.source) and diagnostic.severity != "note":
            text = report.source[diagnostic.line - 1]
            rows.append(f"  {diagnostic.line:>4} | {visible(text)[: self.width - 10]}")
            if diagnostic.column:
                before = text.encode()[: diagnostic.column - 1].decode("utf-8", "ignore")  # columns are bytes
                rows.append(f"       | {indentation(before)}{self.paint(colour, '^')}")
        return "\n".join(rows)

    def foot(self, report: Report) -> str:
        tier = f"{report.tier} network" + (f" ({visible(report.tier_reason)})" if report.tier_reason else "")
        facts = f"seed {report.seed} · {tier} · {report.toolchain} · {report.seconds:.2f} s · all on 127.0.0.1"
        return self.paint("dim", facts)

    # -- words -------------------------------------------------------------------------------------------------------

    def labelled(self, label: str, text: str) -> str:
        return self.wrapped(text, first=f"    {label:<9} ", then=" " * 14)

    def wrapped(self, text: str, first: str = "", then: str = "") -> str:
        words, rows, row, used = text.split(" "), [], first, len(first)
        empty = True
        for word in words:
            length = len(plain(word))
            if not empty and used + 1 + length > self.width:
                rows.append(row)
                row, used, empty = then, len(then), True
            row += word if empty else f" {word}"
            used += length + (0 if empty else 1)
            empty = False
        return "\n".join([*rows, row])

    def paint(self, colour: str, text: str) -> str:
        return f"\x1b[{_COLOURS[colour]}m{text}\x1b[0m" if self.colour else text


def _runs_of(calls: Sequence[RecordedCall]) -> list[tuple[RecordedCall, int]]:
    """The calls, with those that repeat the one before counted instead of listed."""
    runs: list[tuple[RecordedCall, int]] = []
    for call in calls:
        if runs and (runs[-1][0].text, runs[-1][0].line) == (call.text, call.line):
            runs[-1] = (runs[-1][0], runs[-1][1] + 1)
        else:
            runs.append((call, 1))
    return runs


def points(result: CheckResult) -> str:
    """What a check is worth, in words."""
    return f"{result.points} point{'s' * (result.points != 1)}"


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
    return " " * len(visible(text))
