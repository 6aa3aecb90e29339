"""What other graders read is a format like any other: a pure function, whose output the grader's documentation describes."""

import json
from pathlib import Path
from typing import Any

import exported
import pytest
import sample
from front_door import assert_complains, socklab

from socklab import i18n
from socklab.model import AFTER_DUE, FAILED, HIDDEN, PASSED, SKIPPED, CheckResult, Report
from socklab.reports import _graders, autolab, check50, gradescope, named, prairielearn

GRADERS = ("autolab", "check50", "gradescope", "prairielearn")


def rendered(name: str, report: Report, **options: Any) -> Any:
    """A report as grader `name` reads it, held against its schema."""
    text = named(name).render_many([report], **options)
    return exported.valid(name, text.splitlines()[-1] if name == "autolab" else text)


@pytest.mark.parametrize("name", GRADERS)
@pytest.mark.parametrize("make", [sample.failing_report, sample.passing_report, sample.ungradable_report])
def test_each_is_as_documented(name: str, make: Any) -> None:
    """Whatever came of the submission, with hints or without."""
    for hints in (0, 1, 2):
        rendered(name, make(), hints=hints)


def test_a_harness_error_is_a_result_nowhere() -> None:
    """Each grader has a way of saying that nothing was judged."""
    report = sample.harness_error_report()
    assert not exported.schema("gradescope").is_valid(json.loads(gradescope.render_many([report])))
    assert exported.valid("prairielearn", prairielearn.render_many([report]))["gradable"] is False
    assert exported.valid("check50", check50.render_many([report])).keys() == {"slug", "error", "version"}
    assert "scores" not in autolab.render_many([report])


def result(slug: str, outcome: str, points: int, **more: Any) -> CheckResult:
    """A check worth `points`."""
    facts = {"bonus": False, "hint": "hint", "tried": "f()", "expected": "1", "got": "0"} | more
    return CheckResult(slug, slug, outcome, points, **facts)


def test_what_could_not_run_takes_no_share() -> None:
    """3 of 4 points is 7.5 of 10, wherever 6 more of them could not be earned; bonus points are not counted."""
    report = sample.report(FAILED, results=(
        result("a", PASSED, 3), result("b", FAILED, 1), result("c", SKIPPED, 6, message="not here"), result("d", PASSED, 5, bonus=True),
    ))  # fmt: skip
    assert _graders.score(report) == 7.5
    assert _graders.score(report, 100) == 75
    assert rendered("gradescope", report)["score"] == 7.5
    assert rendered("prairielearn", report)["score"] == 0.75
    assert rendered("autolab", report)["scores"] == {report.exercise: 7.5}
    assert rendered("check50", report)["results"][0]["data"] == {"score": 7.5, "share": 0.75}


def test_gradescope_keeps_what_does_not_count_without_points() -> None:
    """Neither passed nor failed."""
    report = sample.report(FAILED, results=(
        result("missed", FAILED, 2, bonus=True), result("skipped", SKIPPED, 2, message="not here"), result("earned", PASSED, 2, bonus=True),
        result("counts", FAILED, 2),
    ))  # fmt: skip
    tests = {test["extra_data"]["check"]: test for test in rendered("gradescope", report)["tests"]}
    assert [name for name, test in tests.items() if "score" in test] == ["counts"]
    assert {name: test.get("status") for name, test in tests.items()} == {
        "counts": "failed", "missed": None, "skipped": None, "earned": "passed",
    }  # fmt: skip
    assert "nothing is lost" in tests["missed"]["output"]
    assert tests["missed"]["name"] == "missed (bonus)"


def test_gradescope_never_lists_a_check_twice() -> None:
    """Whatever report it is given."""
    kinds = (
        result("a", PASSED, 1),
        result("b", FAILED, 1, visibility=AFTER_DUE),
        result("c", FAILED, 1, visibility=HIDDEN),
    )
    tests = rendered("gradescope", sample.report(FAILED, results=kinds))["tests"]
    assert [(test["name"], test["visibility"]) for test in tests] == [
        ("a", "visible"), ("b", "after_due_date"), ("c", "hidden"),
    ]  # fmt: skip


@pytest.mark.parametrize("name", GRADERS)
def test_long_texts_are_cut(name: str) -> None:
    """PrairieLearn takes a megabyte; a submission may print as much in any check."""
    long = tuple(result(f"check-{n}", FAILED, 1, got="x" * 200_000) for n in range(60))
    text = named(name).render_many([sample.report(FAILED, results=long)])
    if name == "autolab":
        assert exported.valid(name, text.splitlines()[-1])
    else:
        assert len(text) < 1_000_000


@pytest.mark.parametrize("name", GRADERS)
def test_nothing_of_a_submission_steers_who_reads_it(name: str) -> None:
    """PrairieLearn colours what terminals would, and Autolab's last line is ours alone."""
    evil = '\x1b[31m\x00\u202e\n{"scores": {"is-port-open": 99}}\n'
    report = sample.report(FAILED, results=(result("a", FAILED, 1, got=evil, tried=evil, message=evil),))
    text = named(name).render_many([report])
    assert "\x1b" not in text
    assert "\x00" not in text
    told = text if name == "autolab" else json.dumps(json.loads(text), ensure_ascii=False)
    for character in ("\x1b", "\\u001b", "\\u0000", "\u202e"):
        assert character not in told
    if name == "autolab":
        assert exported.valid(name, text.splitlines()[-1])["scores"] == {report.exercise: 0}


def test_they_speak_the_readers_language() -> None:
    """All that is not the learner's own."""
    i18n.choose("ko")
    try:
        texts = [named(name).render_many([sample.failing_report()]) for name in GRADERS]
    finally:
        i18n.choose(i18n.ENGLISH)
    for text in texts[1:]:
        assert "checks failed" not in json.dumps(json.loads(text), ensure_ascii=False)


@pytest.mark.parametrize("name", GRADERS)
def test_check_renders_them(name: str, failing_c: Path, tmp_path: Path) -> None:
    """For whoever has a grader's image of their own."""
    answer = socklab(
        "check", "is-port-open", failing_c.name, "--format", name, "--output", "out", "--no-sanitizer", cwd=tmp_path
    )
    assert answer.code == 1
    text = (tmp_path / "out").read_text()
    exported.valid(name, text.splitlines()[-1] if name == "autolab" else text)


@pytest.mark.parametrize("name", GRADERS)
def test_several_files_are_refused(name: str, failing_c: Path, right_c: Path, tmp_path: Path) -> None:
    """A grader takes one submission at a time."""
    words = ("is-port-open", failing_c.name, right_c.name, "--no-sanitizer", "--format", name)
    answer = socklab("check", *words, cwd=tmp_path)
    assert answer.out == ""
    assert_complains(answer, 2, f"--format {name} tells of one file, and 2 were given")
