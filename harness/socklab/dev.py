"""`socklab dev check`: proves that an exercise grades truthfully.

Each starter must fail, each right solution pass, each wrong one be caught and diagnosed as the mistake that it commits; each
check be failed by at least one wrong solution (or bonus check by a right or wrong one), each mistake have a witness. The
matrix of wrong solutions against checks shows which check catches what, and which would not be missed. Hidden checks are
proven with the others; and that nothing which learners have, or see, leads to one.
"""

import os
import zlib
from collections.abc import Sequence
from typing import NamedTuple

from . import catalog, submission
from .diagnosis import Rule, committed_by, rules_of
from .errors import SetupError, UsageError
from .grading import DEFAULTS, Options, grade
from .model import FAILED, HARNESS_ERROR, PASSED, UNGRADABLE, VISIBILITIES, VISIBLE, Report
from .visibility import seen_part

RIGHT, WRONG, STARTER = "right", "wrong", "starter"


class Proof(NamedTuple):
    """One solution of the bank and how it was graded."""

    kind: str
    path: str
    report: Report

    @property
    def holds(self) -> bool:
        """Whether it was graded as its place in the bank says."""
        caught = self.report.outcome in (FAILED, UNGRADABLE)
        return self.report.outcome == PASSED if self.kind == RIGHT else caught


def bank(exercise: catalog.Exercise) -> list[tuple[str, str]]:
    """All files that an exercise is proven with: (kind, path).

    Raises SetupError in an installation without solutions.
    """
    top = catalog.solutions_folder()
    if top is None:
        raise SetupError("solutions are not part of the installed package; run this in a checkout of socklab.")
    found = [
        (STARTER, os.path.join(exercise.folder, n))
        for n in sorted(os.listdir(exercise.folder))
        if n.startswith("starter.")
    ]
    for kind in (RIGHT, WRONG):
        folder = os.path.join(top, exercise.slug, kind)
        names = sorted(os.listdir(folder)) if os.path.isdir(folder) else []
        found += [(kind, os.path.join(folder, name)) for name in names if name.endswith((".c", ".py"))]
    return found


def grade_bank(
    exercise: catalog.Exercise,
    jobs: int | None = None,
    *,
    kinds: Sequence[str] = (STARTER, RIGHT, WRONG),
    options: Options = DEFAULTS,
) -> list[Proof]:
    """Grade the bank, or these `kinds` of it, `jobs` at once (default: two a processor, for grades also wait), in its order."""
    from concurrent.futures import ProcessPoolExecutor
    from multiprocessing import get_context

    entries = [(kind, path) for kind, path in bank(exercise) if kind in kinds]
    # Each grade forks many times, which takes the longer the more memory whoever calls this has: none of it comes along.
    with ProcessPoolExecutor(jobs or 2 * (os.cpu_count() or 1), get_context("spawn")) as pool:
        paths = [path for _, path in entries]
        reports = pool.map(_grade_one, [exercise.folder] * len(paths), paths, [options] * len(paths))
        return [Proof(kind, path, report) for (kind, path), report in zip(entries, reports, strict=True)]


def _grade_one(folder: str, path: str, options: Options) -> Report:
    seed = zlib.crc32(_short(path).encode()) >> 1  # the same each time, another for each file
    return grade(catalog.Exercise(folder), submission.read(path), options._replace(seed=seed, hidden=True))


def prove(slugs: Sequence[str], jobs: int | None = None) -> int:
    """Prove the exercises named (default: all) and print what was found; 0 if every proof holds, else 1."""
    if jobs is not None and jobs < 1:
        raise UsageError(f"--jobs {jobs}: at least 1 is needed.")
    exercises = [catalog.find(slug) for slug in slugs] or catalog.all_exercises()
    problems = 0
    for exercise in exercises:
        proofs = grade_bank(exercise, jobs)
        print(matrix(exercise, proofs))
        found = complaints(exercise, proofs)
        print(summary(exercise, proofs))
        for complaint in found:
            print(f"  ✗ {complaint}")
        problems += len(found)
    print("every proof holds" if not problems else f"{problems} proofs do not hold")
    return 1 if problems else 0


def summary(exercise: catalog.Exercise, proofs: Sequence[Proof]) -> str:
    """How many of each kind are as they should be."""
    parts: list[str] = []
    for kind, verb in ((STARTER, "fail"), (RIGHT, "pass"), (WRONG, "caught")):
        those = [p for p in proofs if p.kind == kind]
        parts.append(f"{kind} {sum(p.holds for p in those)}/{len(those)} {verb}")
    wrong = [p for p in proofs if p.kind == WRONG]
    rules, _ = rules_of(exercise)
    named = sum(bool(_recognised(rules, p)) for p in wrong)
    hidden = sum(_only_hidden_fail(p.report) for p in wrong)
    parts += [f"{hidden} of those by hidden checks alone"] if hidden else []
    parts.append(f"diagnosed {named}/{len(wrong)} by {len(rules)} mistakes")
    return f"{exercise.slug}: {', '.join(parts)}"


def complaints(exercise: catalog.Exercise, proofs: Sequence[Proof]) -> list[str]:
    """What does not hold, in words."""
    found = [
        f"{_short(p.path)} is {p.kind} but was graded {p.report.outcome}: {reasons(p.report)}"
        for p in proofs
        if not p.holds
    ]
    failed = {(r.slug) for p in proofs for r in p.report.results if r.outcome == FAILED and r.tried != "-"}
    found += [
        f"check {c.slug} is failed by no solution: nothing shows that it can fail"
        for c in exercise.checks
        if c.slug not in failed
    ]
    return found + betrayals(exercise) + misdiagnoses(exercise, proofs)


def betrayals(exercise: catalog.Exercise) -> list[str]:
    """Checks that cannot be seen by those who need to, and hidden ones that are named where learners read."""
    by_slug = {check.slug: check for check in exercise.checks}
    found: list[str] = []
    for check in exercise.checks:
        for slug in check.needs:
            needed = by_slug.get(slug)
            if needed is None:
                found.append(f"check {check.slug} needs {slug}, and there is no such check")
            elif VISIBILITIES.index(needed.visibility) > VISIBILITIES.index(check.visibility):
                found.append(
                    f"check {check.slug} ({check.visibility}) needs {slug}, which is seen by fewer ({needed.visibility})"
                )
    if not any(check.visibility == VISIBLE for check in exercise.checks):
        found.append("no check is visible: learners cannot try anything")
    rules, groups = rules_of(exercise)
    conditions = (condition.split() for rule in rules for condition in (*rule.when, *rule.explains))
    named = {word for words in (*conditions, *groups.values()) for word in words}
    found += [
        f"mistakes.toml, which learners have, names {check.slug} of {catalog.HIDDEN_CHECKS}"
        for check in exercise.kept_from_learners()
        if check.slug in named
    ]
    return found


def misdiagnoses(exercise: catalog.Exercise, proofs: Sequence[Proof]) -> list[str]:
    """Wrong solutions that are not diagnosed as what they are, right ones that are at all, mistakes without a witness."""
    rules, _ = rules_of(exercise)
    found: list[str] = []
    witnessed: set[str] = set()
    for proof in proofs:
        named = [mistake.slug for mistake in proof.report.mistakes]
        recognised = _recognised(rules, proof)
        witnessed |= recognised
        if proof.kind == WRONG and not recognised and not _only_hidden_fail(proof.report):
            meant = sorted(rule.slug for rule in committed_by(rules, _short(proof.path)))
            wanted = " or ".join(meant) or "a mistake, but none has its name"
            found.append(
                f"{_short(proof.path)} is diagnosed as {' and '.join(named) or 'nothing'}, not as {wanted}: {reasons(proof.report)}"
            )
        elif proof.kind != WRONG and named:
            found.append(f"{_short(proof.path)} is {proof.kind}, but diagnosed as {' and '.join(named)}")
    return found + [f"mistake {rule.slug} has no witness" for rule in rules if rule.slug not in witnessed]


def _recognised(rules: Sequence[Rule], proof: Proof) -> set[str]:
    """The mistakes that a solution is meant to show and is diagnosed with."""
    meant = {rule.slug for rule in committed_by(rules, _short(proof.path))}
    return meant & {mistake.slug for mistake in proof.report.mistakes}


def _only_hidden_fail(report: Report) -> bool:
    """Whether learners see nothing wrong, and so no mistake either."""
    return report.outcome == FAILED and seen_part(report).outcome == PASSED


def reasons(report: Report) -> str:
    """Which checks failed, and what was got there: of what comes once in a hundred proofs, this is all that remains."""
    if report.outcome in (HARNESS_ERROR, UNGRADABLE):
        return report.reason
    failed = [r for r in report.counted if r.outcome == FAILED and r.tried != "-"]
    return ", ".join(f"{r.slug} ({r.got or r.message})" for r in failed) or "no check failed"


def matrix(exercise: catalog.Exercise, proofs: Sequence[Proof]) -> str:
    """Wrong solutions against checks: X failed, . passed, w not tried since another failed, - skipped or not for this language."""
    checks = [check for check in exercise.checks if not check.bonus]
    rows = [f"{exercise.slug}: wrong solutions (rows) against checks (columns)"]
    rows += [f"{'':<40} {'│' * number}╭ {check.slug}" for number, check in enumerate(checks)]
    for proof in proofs:
        if proof.kind != WRONG:
            continue
        marks = {
            r.slug: {PASSED: ".", FAILED: "w" if r.tried == "-" else "X"}.get(r.outcome, "-")
            for r in proof.report.results
        }
        line = "".join(marks.get(check.slug, "-") for check in checks)
        rows.append(f"{_short(proof.path)[:40]:<40} {line if proof.report.results else proof.report.outcome}")
    return "\n".join(rows)


def _short(path: str) -> str:
    return os.path.basename(path)
