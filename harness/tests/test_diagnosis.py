"""Diagnosis: a mistake is named where it fits, and none where nothing does. The bank's proofs are in test_bank.py."""

from pathlib import Path

import pytest

from socklab import catalog, diagnosis, submission
from socklab.errors import HarnessError
from socklab.grading import Options, grade
from socklab.model import FAILED, PASSED, SKIPPED, CheckResult, RecordedCall, Report

EXERCISE = catalog.find("is-port-open")
RULES, GROUPS = diagnosis.rules_of(EXERCISE)


def result(
    slug: str, outcome: str = FAILED, got: str = "", *calls: str, tried: str = "is_port_open(80)"
) -> CheckResult:
    """A check's result with recorded calls, as far as conditions look at it."""
    recorded = tuple(RecordedCall(text, 7, False, 0.0, 0.0) for text in calls)
    return CheckResult(slug, slug, outcome, 1, False, "", tried=tried, got=got, calls=recorded)


def report(*results: CheckResult, source: str = "", language: str = "c", reason: str = "") -> Report:
    """A report of results."""
    return Report(
        "is-port-open", "", "x.c", source.encode(), language, "", "private", "", 1, 0.1, FAILED, reason, results=results
    )


def holds(condition: str, seen: Report) -> bool:
    """Whether one condition holds."""
    facts = diagnosis.Facts(seen, {"all": ["a", "b", "c"]})
    return diagnosis.holds(RULES[0]._replace(when=(condition,)), facts)


A1, B_PASSED, C_SKIPPED = result("a", got="1"), result("b", PASSED), result("c", SKIPPED)
SEEN = report(A1, B_PASSED, C_SKIPPED)


@pytest.mark.parametrize(
    ("condition", "expected"),
    [
        ("fails a", True),
        ("fails a c", True),  # what was skipped says nothing
        ("fails c", False),
        ("fails a b", False),
        ("fails-any all", True),
        ("passes b c", True),
        ("passes a", False),
        ("passes-any all", True),
        ("got a = 1", True),
        ("got a = 0|1", True),
        ("got a = 0", False),
        ("got all = 1", False),  # b has passed
        ("got-any all = 1", True),
        ("never-got all = 0", True),
        ("got a = <1..3>", True),
        ("got a = <2..>", False),
        ("got a = <..-1>", False),
        ("no-call connect(*", True),
    ],
)
def test_conditions_look_at_outcomes_and_answers(condition: str, expected: bool) -> None:
    """What a skipped check would have said is not known."""
    assert holds(condition, SEEN) is expected


def test_conditions_look_at_recorded_calls_of_failed_checks() -> None:
    """`*` is any text; brackets and dots are themselves."""
    seen = report(
        result("a", FAILED, "1", "connect(3, 127.0.0.1:80) = -1 EINPROGRESS", "poll(fd 3: POLLOUT, 10 ms) = 1"),
        result("b", FAILED, "1", "close(3) = 0"),
    )
    assert holds("call connect(*EINPROGRESS", seen)
    assert not holds("call connect(*1270001*", seen)
    assert holds("call nothing(*|poll(*", seen)
    assert holds("call-in a = poll(*", seen)
    assert holds("no-call-in b = poll(*", seen)
    assert not holds("no-call close(*", seen)


def test_conditions_look_at_what_a_program_wrote_last() -> None:
    """Of checks that failed alone, and not at what else is known of them."""
    said = A1._replace(message="Only 3 of 4 came. It said last: TypeError: no bytes (line 3)")
    seen = report(said, B_PASSED._replace(message="It said last: bye"))
    assert holds("said a = TypeError: *", seen)
    assert not holds("said a = Only*", seen)
    assert not holds("said b = bye", seen)


def test_a_port_with_its_bytes_exchanged_is_noticed() -> None:
    """80 is 20480 with its bytes exchanged; 0x1111 looks the same both ways, so nothing follows from it."""
    assert holds("swapped port", report(result("a", FAILED, "0", "connect(3, 127.0.0.1:20480) = -1 ECONNREFUSED")))
    assert not holds("swapped port", report(result("a", FAILED, "0", "connect(3, 127.0.0.1:80) = -1 ECONNREFUSED")))
    same = result("a", FAILED, "0", "connect(3, 127.0.0.1:4369) = 0", tried="is_port_open(4369)")
    assert not holds("swapped port", report(same))


def test_a_port_that_nobody_asked_for_is_noticed() -> None:
    """Where it alone is contacted, too; 0 and a port with its bytes exchanged are other mistakes."""
    for port, other in ((81, True), (8080, True), (80, False), (20480, False), (0, False)):
        seen = report(result("a", FAILED, "0", f"connect(3, 127.0.0.1:{port}) = -1 ECONNREFUSED"))
        assert holds("other-port a", seen) == other, port
        assert not holds("other-port b", seen)
    beyond = result("a", FAILED, "0", "connect(3, 127.0.0.1:4464) = 0", tried="is_port_open(70000)")
    assert not holds("other-port a", report(beyond))


def test_what_stands_in_a_comment_is_no_code() -> None:
    """A learner may write about strerror() without using it."""
    assert holds("source strerror", report(A1, source="x = strerror(errno);"))
    assert not holds("source strerror", report(A1, source="/* strerror()\n is for people */ int x; // strerror\n"))
    assert not holds("source OSError", report(A1, source="x = 1  # OSError\n", language="python"))


def test_nothing_is_named_where_little_is_explained() -> None:
    """One rule that explains a tenth of the failures is no diagnosis."""
    others = [result(check.slug, got="7") for check in EXERCISE.checks if not check.bonus]
    assert diagnosis.diagnose(report(*others), EXERCISE) == ()


def test_lines_of_the_learners_are_pointed_at(solutions: Path) -> None:
    """The close() after which errno is read."""
    path = solutions / "wrong" / "errno-read-after-close.c"
    found = grade(EXERCISE, submission.read(str(path)), Options(sanitize=False)).mistakes
    assert [mistake.slug for mistake in found] == ["errno-read-after-close"]
    assert ["close(" in path.read_text().splitlines()[line - 1] for line in found[0].lines] == [True]


def test_an_ungradable_file_can_be_diagnosed(solutions: Path) -> None:
    """async def is a misconception too."""
    report = grade(EXERCISE, submission.read(str(solutions / "wrong" / "async-def.py")), Options())
    assert [mistake.slug for mistake in report.mistakes] == ["gives-no-plain-answer"]


def test_there_are_enough_mistakes_and_their_texts_are_whole() -> None:
    """At least 35; two sentences explain, and nothing gives the solution's code away."""
    assert len(RULES) >= 35
    slugs = {check.slug for check in EXERCISE.checks}
    for rule in RULES:
        assert rule.explanation.count(". ") >= 1, rule.slug
        assert rule.explanation.endswith("."), rule.slug
        assert rule.next, rule.slug
        assert not rule.title.endswith("."), rule.slug
        assert ";\n" not in rule.explanation + rule.next, rule.slug
        for condition in rule.when:
            kind, _, words = condition.partition(" ")
            if kind.startswith(("fails", "passes", "got", "never-got", "said")):
                names = words.partition(" = ")[0].split()
                assert set(names) <= {*slugs, *GROUPS, "*"}, f"{rule.slug}: {condition}"
    assert all(set(members) <= slugs for members in GROUPS.values())


@pytest.mark.parametrize(
    "content",
    [
        "mistake = 3",
        "[[mistake]]\nslug = 'x'",
        "not toml",
        "[[mistake]]\nslug='x'\ntitle='t'\nexplanation='e'\ntry='n'\nwhen=['guesses x']\nexplains=[]",
    ],
)
def test_a_broken_file_of_mistakes_is_our_fault(content: str, tmp_path: Path) -> None:
    """It is said with the file's name, and is nobody's failure."""
    (tmp_path / "mistakes.toml").write_text(content)
    with pytest.raises(HarnessError, match=r"mistakes\.toml"):
        diagnosis.rules_of(catalog.Exercise(str(tmp_path)))


def test_an_exercise_has_the_mistakes_that_it_shares(tmp_path: Path) -> None:
    """After its own; a name that nobody knows is our fault."""
    own = "[[mistake]]\nslug='x'\ntitle='t'\nexplanation='e'\ntry='n'\nwhen=['fails a']\nexplains=[]"
    exercise = catalog.Exercise(str(tmp_path))
    (tmp_path / "mistakes.toml").write_text(f"shared = ['connecting']\n{own}")
    slugs = [rule.slug for rule in diagnosis.rules_of(exercise)[0]]
    assert slugs == ["x", *(rule.slug for rule in diagnosis.shared_rules("connecting"))]
    assert "missing-htons" in slugs
    (tmp_path / "mistakes.toml").write_text(f"shared = ['cooking']\n{own}")
    with pytest.raises(HarnessError, match=r"cooking\.toml: No such file"):
        diagnosis.rules_of(exercise)
