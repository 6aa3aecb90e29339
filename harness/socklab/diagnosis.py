"""Which misconception fits what was seen: an exercise's mistakes.toml held against a report.

A mistake names conditions on outcomes, answers, recorded calls and the source; all must hold. Those that fit are ranked by
how much of what failed they explain and how particular their conditions are. At most two are named, and none where nothing
fits well: a wrong diagnosis costs a learner more than none.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterable, Iterator, Set
from typing import Any, NamedTuple

from .catalog import Exercise
from .errors import HarnessError
from .model import FAILED, PASSED, SKIPPED, CheckResult, Mistake, Report
from .slips import Slip, said_last, slip_in

MOST = 2
"""How many mistakes are named at most."""

_SHARED = os.path.join(os.path.dirname(os.path.abspath(__file__)), "mistakes")

_CLEAR = 0.75
"""What share of the failures the first mistake must explain to be named."""

_MOST_LINES = 4


class Rule(NamedTuple):
    """One mistake of mistakes.toml."""

    slug: str
    title: str
    explanation: str
    next: str
    when: tuple[str, ...]
    explains: tuple[str, ...]
    lines: str
    covers: tuple[str, ...]


class Facts:
    """A report as conditions look at it."""

    def __init__(self, report: Report, groups: dict[str, list[str]]) -> None:
        self.report = report
        self.results = {r.slug: r for r in report.results}
        self.groups = {"*": list(self.results)} | groups
        self.failed = [r for r in report.counted if r.outcome == FAILED and r.tried != "-"]
        self.source = _without_comments("\n".join(report.source), report.language)

    def named(self, words: str) -> list[CheckResult]:
        """The results of the checks and groups in `words`, as far as they were graded."""
        slugs = (slug for word in words.split() for slug in self.groups.get(word, [word]))
        return [self.results[slug] for slug in slugs if slug in self.results]

    def has_failed(self, result: CheckResult) -> bool:
        """Whether it was tried and failed."""
        return result in self.failed


Judge = Callable[[Facts, str], bool]


def _fails(facts: Facts, words: str) -> bool:
    graded = [r for r in facts.named(words) if r.outcome != SKIPPED]
    return bool(graded) and all(map(facts.has_failed, graded))


def _fails_any(facts: Facts, words: str) -> bool:
    return any(map(facts.has_failed, facts.named(words)))


def _passes(facts: Facts, words: str) -> bool:
    return all(r.outcome in (PASSED, SKIPPED) for r in facts.named(words))


def _passes_any(facts: Facts, words: str) -> bool:
    return any(r.outcome == PASSED for r in facts.named(words))


def _got(facts: Facts, words: str) -> bool:
    names, _, pattern = words.partition(" = ")
    graded = [r for r in facts.named(names) if r.outcome != SKIPPED]
    return bool(graded) and all(facts.has_failed(r) and _fits(r.got, pattern) for r in graded)


def _got_any(facts: Facts, words: str) -> bool:
    names, _, pattern = words.partition(" = ")
    return any(facts.has_failed(r) and _fits(r.got, pattern) for r in facts.named(names))


def _never_got(facts: Facts, words: str) -> bool:
    return not _got_any(facts, words)


def _said(facts: Facts, words: str) -> bool:
    names, _, pattern = words.partition(" = ")
    return any(facts.has_failed(r) and _fits(said_last(r), pattern) for r in facts.named(names))


def _call_in(facts: Facts, words: str) -> bool:
    names, _, pattern = words.partition(" = ")
    return any(_fits(call.text, pattern) for r in facts.named(names) for call in r.calls)


def _no_call_in(facts: Facts, words: str) -> bool:
    return not _call_in(facts, words)


def _call(facts: Facts, pattern: str) -> bool:
    return any(_fits(call.text, pattern) for r in facts.failed for call in r.calls)


def _no_call(facts: Facts, pattern: str) -> bool:
    return not _call(facts, pattern)


def _source(facts: Facts, pattern: str) -> bool:
    return re.search(pattern, facts.source, re.MULTILINE) is not None


def _no_source(facts: Facts, pattern: str) -> bool:
    return not _source(facts, pattern)


def _reason(facts: Facts, pattern: str) -> bool:
    return _fits(facts.report.reason.partition("\n")[0], pattern)


def _swapped(facts: Facts, _: str) -> bool:
    """Some connect() or bind() named the port that was asked for with its two bytes exchanged."""
    return any(_exchanged(asked) in named - {asked} for asked, named in _ports(facts.failed, "connect|bind"))


def _other_port(facts: Facts, words: str) -> bool:
    """Some connect() in these checks named neither the port that was asked for, nor that one with its bytes exchanged, nor 0."""
    failed = filter(facts.has_failed, facts.named(words))
    return any(named - {0, asked, _exchanged(asked)} for asked, named in _ports(failed, "connect"))


def _ports(results: Iterable[CheckResult], names: str) -> Iterator[tuple[int, set[int]]]:
    """For each check the port that was asked for, and those that calls of these names named."""
    call_to = re.compile(rf"(?:{names})\(\d+, [\d.]+:(\d+)\)")
    for result in results:
        asked = re.search(r"[( ](\d+)", result.tried)
        if asked and int(asked[1]) <= 0xFFFF:
            yield int(asked[1]), {int(named[1]) for call in result.calls if (named := call_to.match(call.text))}


def _exchanged(port: int) -> int:
    return (port & 0xFF) << 8 | port >> 8


_JUDGES: dict[str, Judge] = {
    "fails": _fails,
    "fails-any": _fails_any,
    "passes": _passes,
    "passes-any": _passes_any,
    "got": _got,
    "got-any": _got_any,
    "never-got": _never_got,
    "said": _said,
    "call-in": _call_in,
    "no-call-in": _no_call_in,
    "call": _call,
    "no-call": _no_call,
    "source": _source,
    "no-source": _no_source,
    "reason": _reason,
    "swapped": _swapped,
    "other-port": _other_port,
}

_WEIGHTS = {
    "passes": 0.5,
    "passes-any": 0.5,
    "never-got": 0.5,
    "no-source": 0.5,
    "no-call": 0.5,
    "no-call-in": 0.5,
    "source": 2.0,
    "call": 1.5,
    "call-in": 1.5,
    "other-port": 6.0,
}
"""How particular a condition is; 1 where nothing is said."""


def _fits(text: str, pattern: str) -> bool:
    """Whether `text` fits one of the alternatives `A|B`: `*` is any text, `<3..9>` a number of that range (open: `<3..>`)."""
    for alternative in pattern.split("|"):
        span = re.fullmatch(r"<(-?\d*)\.\.(-?\d*)>", alternative)
        if span and re.fullmatch(r"-?\d+", text):
            low, high = (int(bound) if bound else None for bound in span.groups())
            if (low is None or int(text) >= low) and (high is None or int(text) <= high):
                return True
        elif re.fullmatch(".*".join(map(re.escape, alternative.split("*"))), text, re.DOTALL):
            return True
    return False


def _without_comments(source: str, language: str) -> str:
    """The source with comments blanked, line for line: what stands there is no code."""
    pattern = r"#[^\n\"']*$" if language == "python" else r"/\*[\s\S]*?\*/|//[^\n]*"
    return re.sub(pattern, lambda found: re.sub(r"[^\n]", " ", found[0]), source, flags=re.MULTILINE)


def rules_of(exercise: Exercise) -> tuple[tuple[Rule, ...], dict[str, list[str]]]:
    """An exercise's mistakes, then those that it shares with others, and its groups of checks; none if it has no mistakes.toml.

    Raises HarnessError if a file is not what it should be.
    """
    content = exercise.read("mistakes.toml")
    if content is None:
        return (), {}
    table = _table(f"{exercise.folder}/mistakes.toml", content)
    rules = table.rules + tuple(rule for name in table.shared for rule in shared_rules(name))
    return rules, table.groups


def shared_rules(name: str) -> tuple[Rule, ...]:
    """The mistakes of `mistakes/NAME.toml` beside this module.

    Raises HarnessError if there is no such file.
    """
    path = os.path.join(_SHARED, f"{name}.toml")
    try:
        with open(path, "rb") as file:
            return _table(path, file.read()).rules
    except OSError as error:
        raise HarnessError(f"{path}: {error.strerror}") from error


class _Table(NamedTuple):
    """What such a file holds."""

    rules: tuple[Rule, ...]
    groups: dict[str, list[str]]
    shared: list[str]


def _table(path: str, content: bytes) -> _Table:
    import tomllib

    try:
        table = tomllib.loads(content.decode())
        return _Table(tuple(map(_rule, table["mistake"])), table.get("groups", {}), table.get("shared", []))
    except (UnicodeDecodeError, tomllib.TOMLDecodeError, KeyError, TypeError, ValueError) as error:
        raise HarnessError(f"{path}: {error}") from error


def _rule(row: dict[str, Any]) -> Rule:
    unknown = {condition.split()[0] for condition in row["when"]} - set(_JUDGES)
    if unknown or not row["when"]:
        raise ValueError(f"{row['slug']}: no such condition: {', '.join(sorted(unknown))}")
    texts = (row["slug"], row["title"], row["explanation"], row["try"])
    return Rule(*texts, tuple(row["when"]), tuple(row["explains"]), row.get("lines", ""), tuple(row.get("covers", ())))


def committed_by(rules: Iterable[Rule], file: str) -> list[Rule]:
    """The mistakes that a wrong solution, by its file's name, is meant to show."""
    stem = file.rpartition(".")[0]
    return [rule for rule in rules if rule.slug == stem or {stem, file} & set(rule.covers)]


def diagnose(report: Report, exercise: Exercise) -> tuple[Mistake, ...]:
    """The mistakes that a report betrays, the one that explains most first; none if nothing fits well."""
    rules, groups = rules_of(exercise)
    facts = Facts(report, groups)
    if not facts.failed and not report.reason:
        return ()
    fitting = sorted((r for r in rules if holds(r, facts)), key=lambda rule: -score(rule, facts))
    named: list[Mistake] = []
    left = {r.slug for r in facts.failed}
    slip = slip_in(facts.failed, report.source)
    if slip and _share(slip.explains, report) >= _CLEAR and not any(_is_about(r, slip, facts) for r in fitting):
        named.append(slip.mistake)
        left -= slip.explains
    for rule in fitting:
        explained = left & explains(rule, facts)
        if explained if named else not left or _is_clear(rule, fitting, facts):
            named.append(Mistake(rule.slug, rule.title, rule.explanation, rule.next, _lines(rule, facts)))
            left -= explained
        if len(named) == MOST:
            break
    return tuple(named)


def _share(explained: Set[str], report: Report) -> float:
    """How much of what failed, or was not tried because of that, comes from these checks."""
    roots = [report.root(r).slug for r in report.counted if r.outcome == FAILED]
    return sum(slug in explained for slug in roots) / len(roots)


def _is_about(rule: Rule, slip: Slip, facts: Facts) -> bool:
    """Whether a mistake accounts for all that a slip does, and its conditions ask for such an exception as an answer."""
    conditions = (condition.partition(" ") for condition in rule.when)
    patterns = (words.partition(" = ")[2] for kind, _, words in conditions if kind in ("got", "got-any", "said"))
    return slip.explains <= explains(rule, facts) and any(_fits(slip.raised, pattern) for pattern in patterns)


def holds(rule: Rule, facts: Facts) -> bool:
    """Whether all conditions of a mistake hold."""
    return all(_JUDGES[kind](facts, words) for kind, _, words in (c.partition(" ") for c in rule.when))


def explains(rule: Rule, facts: Facts) -> set[str]:
    """The failed checks that a mistake accounts for."""
    patterns = [slug for word in rule.explains for slug in facts.groups.get(word, [word])]
    return {r.slug for r in facts.failed if any(_fits(r.slug, pattern) for pattern in patterns)}


def score(rule: Rule, facts: Facts) -> float:
    """How well a mistake fits: what it explains of the failures, how little beyond, how particular its conditions are."""
    explained = explains(rule, facts)
    coverage = len(explained) / len(facts.failed) if facts.failed else 1.0
    weight = sum(_WEIGHTS.get(condition.split()[0], 1.0) for condition in rule.when)
    expected = [r for word in rule.explains for r in facts.named(word) if r.outcome != SKIPPED]
    precision = len(explained) / len(expected) if expected and "*" not in rule.explains else 0.5
    return 3 * coverage + min(precision, 1.0) + 0.3 * weight


def _is_clear(rule: Rule, fitting: list[Rule], facts: Facts) -> bool:
    """Whether it explains most of the failures, alone or with one more mistake."""
    left = {r.slug for r in facts.failed} - explains(rule, facts)
    return any(len(left - explains(other, facts)) <= (1 - _CLEAR) * len(facts.failed) for other in fitting)


def _lines(rule: Rule, facts: Facts) -> tuple[int, ...]:
    """The learner's lines to look at: of recorded calls that fit, or of the source."""
    kind, _, words = rule.lines.partition(" ")
    found: Iterable[int] = ()
    if kind == "source":
        found = (n for n, line in enumerate(facts.source.split("\n"), 1) if re.search(words, line))
    elif rule.lines == "raise":
        found = (int(n) for r in facts.failed for n in re.findall(r" at line (\d+)", r.got))
    elif rule.lines:
        found = (call.line for r in facts.failed for call in r.calls if call.line and _fits(call.text, rule.lines))
    return tuple(sorted(set(found)))[:_MOST_LINES]
