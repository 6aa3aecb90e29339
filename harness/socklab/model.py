"""The nouns that everything else passes along: frozen, free of behaviour beyond sums, standard library only.

Named tuples and not dataclasses: those cost 15 ms of import on the way of every grade.
"""

from typing import NamedTuple

PASSED, FAILED, UNGRADABLE, SKIPPED, HARNESS_ERROR = "passed", "failed", "ungradable", "skipped", "harness-error"

VISIBLE, AFTER_DUE, HIDDEN = "visible", "after-due-date", "hidden"
"""Who sees how a check went: the learner at once, the learner once the due date has passed, whoever grades alone."""

VISIBILITIES = (VISIBLE, AFTER_DUE, HIDDEN)
"""Those that more see first; so checks are run too, lest one that is seen could tell of one that is not."""

EXIT_CODES = {PASSED: 0, FAILED: 1, UNGRADABLE: 3, HARNESS_ERROR: 4}


class Diagnostic(NamedTuple):
    """One message of a compiler or interpreter. `line` and `column` count from 1; 0 where none is known."""

    severity: str  # "error", "warning" or "note"
    line: int
    column: int
    message: str


class RecordedCall(NamedTuple):
    """One call that the submission made, in words and in parts. `at` and `seconds` count from the first one of its check."""

    text: str
    line: int
    arranged: bool
    at: float
    seconds: float | None  # None: it never came back
    name: str = ""
    descriptor: int = -1  # what it was about: of socket() and its like the one that came out; -1: none
    result: int = 0
    error: str = ""  # errno's name where the result says failure
    peer: str = ""  # the address that it named, as host:port
    by: int = 0  # which thread or process made it, in the order in which they appear


class CheckResult(NamedTuple):
    """The outcome of one check, with all that its reader needs to understand it."""

    slug: str
    title: str
    outcome: str
    points: int
    bonus: bool
    hint: str
    arranged: tuple[str, ...] = ()
    tried: str = ""
    expected: str = ""
    got: str = ""
    message: str = ""
    calls: tuple[RecordedCall, ...] = ()
    calls_left_out: int = 0
    why: str = ""  # what breaks in practice where this is wrong
    more: str = ""  # the second hint
    broke: bool = False  # the program crashed, hung or misused memory: whatever else it answers means little
    waits_for: str = ""  # the slug of the failing check that kept this one from being tried
    visibility: str = VISIBLE

    @property
    def earned(self) -> int:
        """Points earned: all or nothing."""
        return self.points if self.outcome == PASSED else 0


class Mistake(NamedTuple):
    """A misconception that fits a report: what it is, what to try next, and the learner's lines that show it."""

    slug: str
    title: str
    explanation: str
    next: str
    lines: tuple[int, ...]


class Report(NamedTuple):
    """Everything about one graded submission; every format is rendered from it."""

    exercise: str
    title: str
    file: str
    content: bytes
    language: str
    toolchain: str
    tier: str
    tier_reason: str
    seed: int
    seconds: float
    outcome: str
    reason: str = ""
    diagnostics: tuple[Diagnostic, ...] = ()
    results: tuple[CheckResult, ...] = ()
    output: str = ""
    version: str = ""
    remarks: tuple[str, ...] = ()
    mistakes: tuple[Mistake, ...] = ()
    hidden_output: str = ""  # what was printed while checks ran that learners do not see at once
    hidden_remarks: tuple[str, ...] = ()  # and what a reader should know of those

    @property
    def sha256(self) -> str:
        """The submission's hash, in hexadecimal digits."""
        import hashlib  # 4 ms; most reports are only read

        return hashlib.sha256(self.content).hexdigest()

    @property
    def source(self) -> tuple[str, ...]:
        """The submission's lines; bytes that are no UTF-8 are replaced."""
        text = self.content.decode("utf-8-sig", "replace").replace("\r\n", "\n")
        return tuple(text.removesuffix("\n").split("\n"))  # as compilers count them: a form feed ends no line

    @property
    def counted(self) -> tuple[CheckResult, ...]:
        """The checks that decide: neither bonus nor skipped."""
        return tuple(r for r in self.results if not r.bonus and r.outcome != SKIPPED)

    def root(self, result: CheckResult) -> CheckResult:
        """The check at the beginning of the chain of those that wait for each other; itself if it waits for none."""
        by_slug = {r.slug: r for r in self.results}
        seen = {result.slug}
        while result.waits_for in by_slug and result.waits_for not in seen:
            result = by_slug[result.waits_for]
            seen.add(result.slug)
        return result

    @property
    def points(self) -> int:
        """Points earned, without the bonus ones."""
        return sum(r.earned for r in self.counted)

    @property
    def possible(self) -> int:
        """Points that could be earned by the checks that ran."""
        return sum(r.points for r in self.counted)

    @property
    def bonus_points(self) -> int:
        """Points earned beyond what is asked."""
        return sum(r.earned for r in self.results if r.bonus)
