"""One submission and one exercise make one Report.

The order is made for speed: the compilers run first, the cell opens meanwhile, and everything that only matters once there
are results waits for them. Trouble of our own is tried once more in a fresh cell, and never costs a point.
"""

import os
import time
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol

from . import __version__
from .catalog import Exercise
from .cell.sandbox import PRIVATE, SHARED, Unavailable
from .errors import HarnessError, UsageError
from .heard import Heard, NotLoaded
from .model import (
    FAILED,
    HARNESS_ERROR,
    PASSED,
    SKIPPED,
    UNGRADABLE,
    VISIBLE,
    CheckResult,
    Diagnostic,
    RecordedCall,
    Report,
)
from .submission import Submission
from .workshop import Workshop

if TYPE_CHECKING:
    from .languages import Build
    from .session import Plan, Session
    from .vocabulary import Check


BROKERS_FOR_A_PROGRAM = 3
"""How many are at work at a time, that of the build with sanitizers among them: what judges a program mostly waits."""


class Options(NamedTuple):
    """How to grade. `seed` None: a random one. `tier` None: the best there is. `only`: slugs of the checks to run.

    `hidden`: whether to run the checks too that learners do not see.
    """

    seed: int | None = None
    tier: str | None = None
    only: tuple[str, ...] = ()
    sanitize: bool = True
    hidden: bool = False


DEFAULTS = Options()


class Watcher(Protocol):
    """Whoever wants to know how far a grade is, before there is a report."""

    def begun(self, checks: "tuple[Check, ...]") -> None:
        """These are about to be run. Said again if all begins anew in a fresh cell."""
        ...

    def ran(self, slug: str, outcome: str) -> None:
        """A check has been run; its outcome is final unless all begins anew."""
        ...


class Ungradable(Exception):
    """The submission does not build or cannot be called; `reason` and `diagnostics` say why."""

    def __init__(self, reason: str, diagnostics: tuple[Diagnostic, ...] = ()) -> None:
        super().__init__(reason)
        self.reason = reason
        self.diagnostics = diagnostics


def grade(
    exercise: Exercise,
    submission: Submission,
    options: Options = DEFAULTS,
    begun: Workshop | None = None,
    watcher: "Watcher | None" = None,
) -> Report:
    """Grade `submission`.

    `begun`: a workshop whose compilers run already; it is used if it fits, and closed in any case. `watcher` is told what
    happens as it happens.

    A failing or ungradable submission is a Report too, and so is a harness error that came twice. Raises UsageError for an
    unknown suffix or check, SetupError if this machine lacks what the language needs.
    """
    options = options._replace(seed=any_seed() if options.seed is None else options.seed)
    if begun and not begun.fits(exercise, submission, tier=options.tier, sanitize=options.sanitize):
        begun.close()
        begun = None
    workshop = begun or _workshop(exercise, submission, options, options.tier, "asked for")
    retried = False
    while True:
        job = Job(workshop, options, watcher)
        try:
            return job.run()
        except Unavailable as reason:
            if options.tier == PRIVATE or workshop.tier == SHARED:
                return job.report(HARNESS_ERROR, f"the {workshop.tier} tier cannot be had on this machine: {reason}")
            tier, why = SHARED, str(reason)
        except (HarnessError, OSError) as error:
            if retried:
                return job.report(HARNESS_ERROR, _trouble(error))
            tier, why = workshop.tier, workshop.tier_reason
            retried = True
        finally:
            job.close()
        workshop = _workshop(exercise, submission, options, tier, why)


def _workshop(
    exercise: Exercise, submission: Submission, options: Options, tier: str | None, tier_reason: str
) -> Workshop:
    """A workshop in `tier`. Raises HarnessError if the machine gives no room for it."""
    try:
        return Workshop(exercise, submission, tier=tier, tier_reason=tier_reason, sanitize=options.sanitize)
    except OSError as error:
        raise HarnessError(_trouble(error)) from error


def _trouble(error: Exception) -> str:
    """Trouble of our own in words: a full disk, say, is told by nothing but an OSError."""
    return f"this machine refused what grading needs: {error}" if isinstance(error, OSError) else str(error)


def seed_from(text: str) -> int:
    """The seed that somebody typed.

    Raises UsageError if it is none.
    """
    number = int(text) if text.isascii() and text.isdigit() else -1
    if not 0 <= number < 1 << 31:
        raise UsageError(f"{text!r} is no seed; a whole number from 0 to {(1 << 31) - 1} is one.")
    return number


def any_seed() -> int:
    """A seed where nobody asked for one."""
    return int.from_bytes(os.urandom(4), "little") >> 1


def is_offered(check: "Check", options: Options) -> bool:
    """Whether `check` may be run, and named, with these options."""
    return options.hidden or check.visibility == VISIBLE


def unknown_check(exercise: Exercise, slug: str, checks: "tuple[Check, ...]") -> UsageError:
    """What to say of a check that is not among `checks`, with the nearest name."""
    import difflib

    near = difflib.get_close_matches(slug, [c.slug for c in checks], n=1)
    advice = f"Did you mean {near[0]}?" if near else f"There is: {', '.join(c.slug for c in checks)}."
    return UsageError(f"{exercise.slug} has no check called {slug!r}. {advice}")


class Job:
    """One attempt to grade what a workshop builds: holds what must be given back at the end."""

    def __init__(self, workshop: Workshop, options: Options, watcher: Watcher | None = None) -> None:
        self.workshop = workshop
        self.watcher = watcher
        self.exercise = workshop.exercise
        self.submission = workshop.submission
        self.language = workshop.language
        self.options = options
        self.started = time.monotonic()
        self.sessions: list[Session] = []
        self.diagnostics: tuple[Diagnostic, ...] = ()
        self.heard = Heard()
        self.kept_back = 0

    def run(self) -> Report:
        """Grade.

        Raises Unavailable if the tier cannot be had, HarnessError for trouble of our own.
        """
        plain = self.workshop.build()
        sanitized = self.workshop.sanitized
        checks = self.chosen_checks()
        no_sanitizer = self.no_sanitizer(checks)
        if self.watcher:
            self.watcher.begun(checks)
        ordinary = tuple(c for c in checks if no_sanitizer or not c.sanitized)
        judges = [self.start(plain, ordinary, no_sanitizer)]
        second = self.start(sanitized, checks, "") if sanitized and not no_sanitizer else None
        if self.exercise.is_program:
            more = min(len(ordinary), BROKERS_FOR_A_PROGRAM - (1 if second else 0)) - 1
            judges += [self.start(plain, ordinary, no_sanitizer, beside=judges[0]) for _ in range(more)]
        try:
            self.wait_for(plain)
            for judge in judges:
                judge.go()
            if second and sanitized:
                self.wait_for(sanitized)
                second.go()
            self.collect(judges, second, checks)
        except Ungradable as error:
            self.diagnostics = self.diagnostics or error.diagnostics
            return self.diagnosed(self.report(UNGRADABLE, error.reason))
        return self.judge(checks, self.heard.results)

    def chosen_checks(self) -> "tuple[Check, ...]":
        """The exercise's checks for this language, or those asked for with what they need."""
        of_language = tuple(c for c in self.exercise.checks if not c.languages or self.language.name in c.languages)
        checks = tuple(c for c in of_language if is_offered(c, self.options))
        if not checks:
            raise UsageError(f"{self.exercise.slug} has no check that runs before it is graded.")
        if not self.options.only:
            self.kept_back = len(of_language) - len(checks)
            return checks
        wanted = set(self.options.only)
        for slug in wanted - {c.slug for c in checks}:
            raise unknown_check(self.exercise, slug, checks)
        needed = {slug for c in checks if c.slug in wanted for slug in c.needs}
        judged_by_all = any(c.sanitized or c.last for c in checks if c.slug in wanted)
        return tuple(c for c in checks if c.slug in wanted or c.slug in needed or judged_by_all)

    def no_sanitizer(self, checks: "tuple[Check, ...]") -> str:
        """Why the build with sanitizers is not judged; "" if it is."""
        if not self.options.sanitize:
            return "left out, as asked for (--no-sanitizer)"
        if not any(c.sanitized for c in checks):
            return "no check needs it"
        return self.language.can_sanitize()

    def start(
        self, build: "Build", checks: "tuple[Check, ...]", no_sanitizer: str, beside: "Session | None" = None
    ) -> "Session":
        """A broker for one build. `beside`: one of the same build, with which it divides the checks."""
        from .session import Plan  # late: the compiler is at work meanwhile
        from .turns import Turns

        seed = self.options.seed or 0
        session = self.open_session(
            Plan(
                checks=checks,
                name=self.exercise.function,
                parameters=None if self.exercise.is_program else len(self.exercise.parameters),
                launch=build.launch,
                tier=self.workshop.tier,
                folder=self.workshop.folder,
                seed=seed,
                interpreter=self.language.interpreter,
                recorded="recorder.so" in build.launch.files,
                sanitized=build.launch.sanitized,
                no_sanitizer=no_sanitizer,
                turns=beside.turns if beside else Turns(checks, seed),
                second=build.launch.sanitized or beside is not None,
            )
        )
        self.sessions.append(session)
        return session

    def open_session(self, plan: "Plan") -> "Session":
        """The broker that carries out `plan`."""
        from .session import Session

        return Session(plan)

    def wait_for(self, build: "Build") -> None:
        """Wait until it is built.

        Raises Ungradable if it does not compile.
        """
        built, found = build.wait()
        if not self.diagnostics:
            self.diagnostics = found
        if not built:
            first = next((d for d in found if d.severity == "error"), None)
            where = f"line {first.line}: " if first and first.line else ""
            what = f": {where}{first.message}{_advice(first.message, self.submission.file)}" if first else ""
            raise Ungradable("it does not compile" + what + self.wanted_signature(found), found)

    def wanted_signature(self, found: tuple[Diagnostic, ...]) -> str:
        """The prototype, if the compiler's complaint is about the function that is asked for."""
        wanted = self.exercise.prototype
        about = any(
            self.exercise.function in d.message or "prototype" in d.message for d in found if d.severity == "error"
        )
        return f"\nIt must be: {wanted}" if wanted and about else ""

    def collect(self, judges: "list[Session]", second: "Session | None", checks: "tuple[Check, ...]") -> None:
        """Hear all of them out.

        Raises Ungradable if the submission cannot be called.
        """
        try:
            self.heard.listen(judges, {c.slug for c in checks if c.last}, self.watcher)
            if second:
                self.heard.listen_for({c.slug for c in checks if c.sanitized}, second, self.watcher)
        except NotLoaded as how:
            line = self.language.lines_of(self.workshop.sandbox, [how.site]).get(how.site, 0) if how.site else 0
            raise self.not_loaded(how.kind, f"{line}: {how.text}" if line else how.text) from how

    def not_loaded(self, kind: int, text: str) -> Ungradable:
        """Why the built submission cannot be called, in words."""
        from .cell import protocol

        function = self.exercise.function
        if kind == protocol.NO_FUNCTION and self.exercise.is_program:
            return Ungradable("it has no main(): a whole program is asked for, which begins there")
        if kind == protocol.NO_FUNCTION:
            return self.no_function(function, text)
        line, _, what = text.partition(": ")
        number = int(line) if line.isascii() and line.isdigit() and len(line) < 10 else 0
        what = what if number or line == "0" else text
        if kind == protocol.BAD_SIGNATURE:
            reason = f"{function} cannot be called as {function}({', '.join(self.exercise.parameters)}): {what}"
        else:
            where = f"line {number}: " if number else ""
            reason = f"it cannot be loaded: {where}{what}{_advice(what, self.submission.file)}"
        return Ungradable(reason, (Diagnostic("error", number, 0, what),) if number else ())

    def no_function(self, function: str, kind: str) -> Ungradable:
        """There is nothing callable of that name: a misspelling, or something else that has it."""
        import difflib

        if kind:
            return Ungradable(f"its {function} is no function: it is of type {kind}")
        there = dict(self.language.functions_in(self.submission.text))
        near = difflib.get_close_matches(function, list(there), n=1, cutoff=0.6)
        near = near or [name for name in there if name.lower().replace("_", "") == function.replace("_", "")]
        if near:
            what = f"did you mean {function} instead of {near[0]}?"
            where = there[near[0]]
            return Ungradable(
                f"it has no function {function}; line {where}: {what}", (Diagnostic("error", where, 0, what),)
            )
        if f"def {function}" in self.submission.text:
            return Ungradable(f"its {function} is inside a class or another function; it must stand at the left margin")
        found = f"; it has {', '.join(there)}" if there else ""
        return Ungradable(f"it has no function {function}{found}")

    def judge(self, checks: "tuple[Check, ...]", raw: dict[str, dict[str, Any]]) -> Report:
        """The report of all results.

        Raises HarnessError if one is missing or is our own fault.
        """
        missing = [c.slug for c in checks if c.slug not in raw]
        if missing:
            raise HarnessError(f"no result came for {', '.join(missing)}")
        troubled = [r for r in raw.values() if r["outcome"] == HARNESS_ERROR]
        if troubled:
            raise HarnessError("; ".join(f"{r['slug']}: {r['message']}" for r in troubled))
        lines = self.lines(raw, {c.slug for c in checks if c.bonus})
        results = tuple(_result(check, raw, lines) for check in checks)
        counted = [r for r in results if not r.bonus and r.outcome != SKIPPED]
        if not counted:
            return self.report(HARNESS_ERROR, "not one of the checks could run here: " + results[0].message, results)
        outcome = PASSED if all(r.outcome == PASSED for r in counted) else FAILED
        report = self.report(outcome, "", results)
        if self.kept_back:
            report = report._replace(remarks=(*report.remarks, _words(self.kept_back)))
        return self.diagnosed(report) if outcome == FAILED else report

    def diagnosed(self, report: Report) -> Report:
        """The report with the misconceptions that it betrays."""
        from .diagnosis import diagnose  # late: a right submission needs none

        return report._replace(mistakes=diagnose(report, self.exercise))

    def lines(self, raw: dict[str, dict[str, Any]], bonus: set[str]) -> dict[int, int]:
        """Source lines of all call sites that will be shown; nobody needs those of a bonus that was not earned."""
        shown = [r for slug, r in raw.items() if slug not in bonus]
        sites = {call[1] for r in shown for call in r.get("calls", ())} | {r.get("crash_site", 0) for r in shown}
        sites |= {site for r in shown for _, site, _ in r.get("refused", ())}
        return self.language.lines_of(self.workshop.sandbox, sorted(sites - {0}))

    def report(self, outcome: str, reason: str, results: tuple[CheckResult, ...] = ()) -> Report:
        """A report with what is known by now."""
        return Report(
            exercise=self.exercise.slug,
            title=self.exercise.title,
            file=self.submission.file,
            content=self.submission.content,
            language=self.language.name,
            toolchain=self.language.toolchain(),
            tier=self.workshop.tier,
            tier_reason=self.workshop.tier_reason,
            seed=self.options.seed or 0,
            seconds=round(time.monotonic() - self.started, 4),
            outcome=outcome,
            reason=reason,
            diagnostics=self.diagnostics,
            results=results,
            output=self.heard.output,
            version=__version__,
            remarks=self.remarks(),
            hidden_output=self.heard.hidden_output,
            hidden_remarks=self.hidden_remarks(),
        )

    def remarks(self) -> tuple[str, ...]:
        """What a reader should know before all else."""
        starter = self.exercise.starter(os.path.splitext(self.submission.file)[1].lower())
        if starter and self.submission.content.split() == starter.split():
            return (f"This is still the file to begin with. Read statement.md, then fill in {self.exercise.function}.",)
        gaps = [f"On this machine {gap}." for gap in self.heard.gaps]
        return (*self.tried(self.heard.refused), *gaps)

    def hidden_remarks(self) -> tuple[str, ...]:
        """What whoever grades should know of the checks that the learner does not see."""
        told = self.tried(self.heard.refused)
        return tuple(remark for remark in self.tried(self.heard.hidden_refused) if remark not in told)

    def tried(self, refused: tuple[tuple[str, int, int], ...]) -> tuple[str, ...]:
        """What was refused, as a remark; none if nothing was."""
        lines = self.language.lines_of(self.workshop.sandbox, [site for _, site, _ in refused if site])
        said = _refusals(refused, lines)
        return (said,) if said else ()

    def close(self) -> None:
        """End what still runs and delete what was made."""
        for session in self.sessions:
            session.close()
        self.workshop.close()


def _advice(what: str, file: str) -> str:
    """What to do about a complaint that is easily misunderstood."""
    if "No such file or directory" in what or "No module named" in what or "relative import" in what:
        return f"\nOnly this one file is graded: put everything into {file}."
    if what.startswith(("SystemExit", "IndexError", "EOFError")):
        return '\nWhat shall run only when you start the file yourself belongs below: if __name__ == "__main__":'
    if "being loaded" in what:
        return "\nCode outside of functions, and constructors in C, run at that time."
    return ""


def _refusals(refused: tuple[tuple[str, int, int], ...], lines: dict[int, int]) -> str:
    """What was refused, in one sentence; "" if nothing was."""
    told = dict.fromkeys(
        f"{words} (line {line or lines[site]})" if line or site in lines else words for words, site, line in refused
    )
    return f"It tried to {', to '.join(told)}: not allowed here." if told else ""


def _words(number: int) -> str:
    """How many checks were kept back, as a remark."""
    if number == 1:
        return "1 more check runs only when it is graded."
    return f"{number} more checks run only when it is graded."


def _waits_for(check: "Check", raw: dict[str, dict[str, Any]]) -> str:
    """The failing check because of which `check` was not tried; "" if it was, or if that had another reason."""
    if raw[check.slug].get("tried") != "-":
        return ""
    return next((slug for slug in check.needs if slug in raw and raw[slug]["outcome"] != PASSED), "")


def _result(check: "Check", all_raw: dict[str, dict[str, Any]], lines: dict[int, int]) -> CheckResult:
    raw = all_raw[check.slug]
    calls = tuple(recorded(fields, lines) for fields in raw.get("calls", ()))
    crash = lines.get(raw.get("crash_site", 0), 0)
    got = raw.get("got", "")
    return CheckResult(
        slug=check.slug,
        title=check.title,
        outcome=raw["outcome"],
        points=check.points,
        bonus=check.bonus,
        hint=check.hint,
        arranged=tuple(raw.get("arranged", ())),
        tried=raw.get("tried", ""),
        expected=raw.get("expected", ""),
        got=f"{got} at line {crash}" if crash and got else got,
        message=" ".join(filter(None, (raw.get("message", ""), _refusals(raw.get("refused", ()), lines)))),
        calls=calls,
        calls_left_out=raw.get("left_out", 0),
        why=check.why,
        more=check.more,
        broke=raw["outcome"] == FAILED and (check.sanitized or raw.get("broke", False)),
        waits_for=_waits_for(check, all_raw),
        visibility=check.visibility,
    )


def recorded(fields: tuple[Any, ...], lines: dict[int, int]) -> RecordedCall:
    """A call as a broker tells it, with its source line; times are rounded to what was measured."""
    text, site, line, arranged, at, seconds, *parts = fields
    taken = None if seconds is None else round(seconds, 6)
    return RecordedCall(text, line or lines.get(site, 0), arranged, round(at, 6), taken, *parts)
