"""Hidden checks: they count where a class is graded, and nothing of them shows where a learner looks."""

import html as entities
import json
import shutil
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
import sample
from front_door import Answer, Terminal, assert_refused, run
from front_door import socklab as command
from jsonschema import Draft202012Validator
from tiny_exercise import exercise, graded

import socklab
from socklab import catalog, dev
from socklab.batch.versions import exercise_version
from socklab.errors import HarnessError
from socklab.model import (
    AFTER_DUE,
    FAILED,
    HARNESS_ERROR,
    HIDDEN,
    PASSED,
    SKIPPED,
    UNGRADABLE,
    VISIBLE,
    CheckResult,
    Report,
)
from socklab.reports import json as as_json
from socklab.reports import named as format_named
from socklab.reports import names, terminal
from socklab.visibility import for_learner

PACKAGE = Path(socklab.__file__).parent
HEADER = "int tiny(int number);"

CHECKS = '''
@check(points=2, hint="Look at one.", why="w", more="m")
def one(program, scene):
    """one is answered with one"""
    expect(program.call(1)).to_return(1)


@check(points=1, hint="Look at two.", why="w", more="m", last=True)
def forbidden(program, scene):
    """nothing forbidden is tried"""
    expect(program).to_have_tried_nothing_forbidden()


@check(points=3, hint="LATER-HINT", why="LATER-WHY", more="LATER-MORE", visible=AFTER_DUE)
def later(program, scene):
    """LATER-TITLE"""
    expect(program.call(5)).to_return(1)
'''

HIDDEN_CHECKS = '''
from socklab.vocabulary import Program, Scene, check, expect


@check(points=4, hint="SECRET-HINT", why="SECRET-WHY", more="SECRET-MORE", needs=("one",))
def secret(program: Program, scene: Scene) -> None:
    """SECRET-TITLE"""
    expect(program.call(7)).to_return(1)


@check(points=1, hint="SECRET-HINT", bonus=True)
def secret_bonus(program: Program, scene: Scene) -> None:
    """SECRET-BONUS-TITLE"""
    expect(program.call(8)).to_return(1)
'''

MISTAKES = """
[[mistake]]
slug = "all-is-nothing"
title = "everything is answered with nothing"
explanation = "It is not."
try = "Look."
when = ["fails one"]
explains = ["*"]

[[mistake]]
slug = "SECRET-MISTAKE"
title = "SECRET-MISTAKE-TITLE"
explanation = "SECRET-MISTAKE-EXPLAINED"
try = "SECRET-TRY"
when = ["fails secret", "passes one"]
explains = ["secret", "later"]
"""

OF_SECRETS = ("secret", "SECRET", "called with 7", "called with 8", "tiny(7)", "tiny(8)", "signal")
"""What tells of a hidden check: its texts, its calls, what was printed or tried in it, and a mistake that it betrays."""

OF_LATER = ("later", "LATER", "called with 5", "tiny(5)")

PRINTS = """\
import os

def tiny(number):
    print("called with", number)
    if number == 7:
        try:
            os.kill(1, 0)
        except OSError:
            pass
    return 1 if number == 1 else 0
"""
"""Passes what is visible and nothing else; it prints and tries things where nobody sees it."""

RIGHT = "def tiny(number):\n    return 1\n"
WRONG = "def tiny(number):\n    print('called with', number)\n    return 0\n"
BROKEN = "def tiny(number:\n"


def none_of(words: tuple[str, ...], text: str) -> None:
    """None of `words` stands in `text`, however it is written there."""
    for each in (text, entities.unescape(text)):
        found = [word for word in words if word in each]
        assert not found, f"{found} in:\n{each}"


def tiny(folder: Path, checks: str = CHECKS, hidden: str = HIDDEN_CHECKS, mistakes: str = MISTAKES) -> catalog.Exercise:
    """An exercise with checks of all three kinds."""
    made = exercise(folder, "tiny", checks.replace("visible=AFTER_DUE", 'visible="after-due-date"'), HEADER)
    for name, text in (("hidden_checks.py", hidden), ("mistakes.toml", mistakes)):
        if text:
            Path(made.folder, name).write_text(text)
    return catalog.Exercise(made.folder)


# -- where a learner looks ---------------------------------------------------------------------------------------------


class Lab:
    """A checkout of its own with the tiny exercise alone, and the command in it."""

    def __init__(self, top: Path) -> None:
        self.top = top
        self.here = top / "here"
        self.env: Mapping[str, str | None] = {
            "PYTHONPATH": str(top / "harness"),
            "PYTHONDONTWRITEBYTECODE": None,
            "PYTHONPYCACHEPREFIX": None,
            "SOCKLAB_HISTORY": None,
            "XDG_STATE_HOME": str(top / "state"),
        }
        shutil.copytree(PACKAGE, top / "harness" / "socklab", ignore=shutil.ignore_patterns("__pycache__", "exercises"))
        (top / "exercises").mkdir()
        self.exercise = tiny(top / "exercises")
        for kind, files in {
            "right": {"one.py": RIGHT},
            "wrong": {"all-is-nothing.py": WRONG, "only-hidden.py": PRINTS},
        }.items():
            folder = top / "solutions" / "tiny" / kind
            folder.mkdir(parents=True)
            for name, text in files.items():
                (folder / name).write_text(text)
        self.here.mkdir()
        for name, text in {"tiny.py": PRINTS, "wrong.py": WRONG, "broken.py": BROKEN}.items():
            (self.here / name).write_text(text)

    def __call__(self, *words: str) -> Answer:
        """Run the command."""
        return command(*words, cwd=self.here, env=self.env)

    @property
    def history(self) -> str:
        """All that was noted."""
        return (self.top / "state" / "socklab" / "history.jsonl").read_text()


@pytest.fixture(scope="module")
def lab(tmp_path_factory: pytest.TempPathFactory) -> Lab:
    """One for all, since nobody changes it."""
    return Lab(tmp_path_factory.mktemp("lab"))


@pytest.mark.parametrize("file", ["tiny.py", "wrong.py", "broken.py"])
@pytest.mark.parametrize("format", names())
def test_no_format_of_check_tells_of_a_hidden_check(lab: Lab, format: str, file: str) -> None:
    """Neither does the exit code: what is visible decides it. But that there is more is said."""
    answer = lab("check", "tiny", file, "--format", format, "--all", "--hints", "2")
    none_of((*OF_SECRETS, *OF_LATER), answer.out.replace("hidden_", "") + answer.err)
    assert answer.code == {"tiny.py": 0, "wrong.py": 1, "broken.py": 3}[file]
    if format in ("terminal", "html", "json", "markdown"):
        assert ("3 more checks run only when it is graded" in answer.out) is (file != "broken.py")


def test_with_hidden_all_are_run_and_marked(lab: Lab) -> None:
    """In each format; and the report says how to have them again."""
    texts = {name: lab("check", "tiny", "tiny.py", "--hidden", "--all", "--format", name).out for name in names()}
    assert "SECRET-TITLE (hidden)" in texts["terminal"]
    assert "LATER-TITLE (hidden until the due date)" in texts["terminal"]
    assert 'name="secret: SECRET-TITLE (hidden)"' in texts["junit"]
    assert "4 points, hidden</span>" in texts["html"]
    assert "3 points, hidden until the due date</span>" in texts["html"]
    assert "not earned, nothing lost, hidden</span>" in texts["html"]
    assert "--hidden</code>" in texts["html"]
    assert "What the program printed in hidden checks" in texts["html"]
    for text in (texts["html"], texts["terminal"]):
        assert "It tried to" in text
        assert "run only when it is graded" not in text
    content = json.loads(texts["json"])
    schema = json.loads((PACKAGE / "reports" / "report.schema.json").read_text())
    Draft202012Validator(schema).validate(content)
    (report,) = content["reports"]
    assert {each["slug"]: each["visibility"] for each in report["results"]} == {
        "one": VISIBLE,
        "forbidden": VISIBLE,
        "later": AFTER_DUE,
        "secret": HIDDEN,
        "secret-bonus": HIDDEN,
    }
    assert (report["outcome"], report["points"], report["possible"]) == (FAILED, 3, 10)
    assert report["mistakes"][0]["slug"] == "SECRET-MISTAKE"


@pytest.mark.parametrize(
    "words",
    [
        ("check", "tiny", "tiny.py", "--only", "secret"),
        ("check", "tiny", "tiny.py", "--only", "secrt"),
        ("check", "tiny", "tiny.py", "--only", "later"),
        ("check", "tiny", "tiny.py", "--only", "zzzzz"),
        ("replay", "tiny", "secret", "tiny.py"),
        ("replay", "tiny", "secrt", "tiny.py"),
        ("scene", "tiny", "secret"),
        ("scene", "tiny", "zzzzz"),
    ],
    ids=" ".join,
)
def test_a_hidden_check_is_named_like_one_that_there_is_not(lab: Lab, words: tuple[str, ...]) -> None:
    """And no advice leads to it."""
    asked = words[-1] if words[0] != "replay" else words[2]
    answer = lab(*words)
    assert_refused(answer, 2, f"tiny has no check called '{asked}'.")
    none_of(("secret", "later"), answer.err.replace(f"'{asked}'", ""))


@pytest.mark.parametrize(
    "words", [("check", "tiny", "tiny.py", "--only", "secret"), ("replay", "tiny", "secret", "tiny.py")], ids=" ".join
)
def test_with_hidden_it_can_be_named(lab: Lab, words: tuple[str, ...]) -> None:
    """By whoever has it."""
    answer = lab(*words, "--hidden")
    assert (answer.code, answer.err) == (1, "")
    assert "✗ SECRET-TITLE (hidden)" in answer.out
    assert "It tried to" in answer.out


def test_watch_does_not_tell_of_them_either(lab: Lab) -> None:
    """Nor of a change in them; with --hidden it does."""
    with Terminal("watch", "tiny", "tiny.py", cwd=lab.here, env=lab.env) as watching:
        none_of((*OF_SECRETS, *OF_LATER), watching.wait_for_screen("✓ passed", "3 more checks run only"))
    with Terminal("watch", "tiny", "tiny.py", "--hidden", cwd=lab.here, env=lab.env) as watching:
        watching.wait_for_screen("✗ failed", "SECRET-TITLE (hidden)")


def test_the_history_knows_what_a_learner_knows(lab: Lab) -> None:
    """Even after whoever has the hidden checks has run them; so nothing of them comes up later."""
    (lab.here / "noted.py").write_text(PRINTS)
    (lab.here / "noted-wrong.py").write_text(WRONG)
    lab("check", "tiny", "noted.py", "--hidden")
    lab("check", "tiny", "noted-wrong.py", "--hidden")
    lines = [json.loads(line) for line in lab.history.splitlines()]
    (noted,) = (line for line in lines if line["file"].endswith("/noted.py"))
    (wrong,) = (line for line in lines if line["file"].endswith("noted-wrong.py"))
    assert (noted["outcome"], noted["points"], noted["possible"], noted["failed"]) == (PASSED, 3, 3, [])
    assert (wrong["outcome"], wrong["failed"]) == (FAILED, ["one"])
    for words in (("list",), ("list", "--format", "json"), ("next",)):
        none_of((*OF_SECRETS, *OF_LATER), lab(*words).out)


def test_the_pytest_plugin_has_only_visible_ones(lab: Lab) -> None:
    """They are what a learner's own run has."""
    words = ("-m", "pytest", "-v", "-p", "no:cacheprovider", "-p", "no:xdist", "--exercise", "tiny", "--submission")
    answer = run(sys.executable, *words, "wrong.py", cwd=lab.here, env=lab.env)
    assert "wrong.py::one FAILED" in answer.out
    none_of((*OF_SECRETS, *OF_LATER), answer.out + answer.err)


def test_nothing_of_them_is_left_in_the_exercises_folder(lab: Lab) -> None:
    """The cache that Python keeps of checks.py would hold their texts, were there one of hidden_checks.py."""
    lab("check", "tiny", "tiny.py", "--hidden")
    kept = [
        path for path in Path(lab.exercise.folder).rglob("*") if path.is_file() and b"SECRET-TITLE" in path.read_bytes()
    ]
    assert [path.name for path in kept] == ["hidden_checks.py"]
    assert list(Path(lab.exercise.folder).rglob("checks.*.pyc"))  # so there would be one, were it kept


# -- how they are run --------------------------------------------------------------------------------------------------


def test_the_visible_checks_run_as_if_there_were_no_others(tmp_path: Path) -> None:
    """The same ports in the same order, the same output, and a check that looks back sees the same; for each seed."""
    checks = CHECKS + "".join(
        f'''
@check(points=1, hint="Look.")
def open_{n}(program, scene):
    """port {n} is open"""
    with scene.listener() as peer:
        expect(program.call(peer.port)).to_return(2)
'''
        for n in range(5)
    )
    hidden = HIDDEN_CHECKS.replace("    expect(program.call(7))", "    with scene.listener(): expect(program.call(7))")
    made = tiny(tmp_path, checks, hidden)
    for seed in range(3):
        alone, among = (graded(made, ".py", PRINTS, seed=seed, hidden=hidden) for hidden in (False, True))
        seen = for_learner(among, made)
        assert [r._replace(calls=()) for r in seen.results] == [r._replace(calls=()) for r in alone.results]
        assert seen.output == alone.output
        assert seen.output.count("called with") == 6
        assert (seen.outcome, seen.points, seen.mistakes) == (alone.outcome, alone.points, alone.mistakes)
        assert next(r for r in seen.results if r.slug == "forbidden").outcome == PASSED


def test_memory_errors_of_hidden_checks_fail_no_visible_one(tmp_path: Path) -> None:
    """Whoever wants them to count writes a hidden check that looks back."""
    looks_back = '''

@check(points=1, hint="Look.", sanitized=True)
def {name}(program, scene):
    """{title}"""
    expect(program).to_have_no_memory_errors()
'''
    made = tiny(
        tmp_path,
        CHECKS + looks_back.format(name="memory", title="memory"),
        HIDDEN_CHECKS + looks_back.format(name="more_memory", title="MORE-SECRET"),
    )
    source = "#include <stdlib.h>\nint tiny(int n)\n{\n    char *p = calloc(4, 1);\n    int got = p && (n != 7 || !p[n]);\n    free(p);\n    return got;\n}\n"
    report = graded(made, ".c", source, sanitize=True, hidden=True)
    outcomes = {r.slug: r.outcome for r in report.results}
    assert (outcomes["memory"], outcomes["more-memory"]) == (PASSED, FAILED)


def test_what_is_tried_is_told_where_it_was(made: catalog.Exercise) -> None:
    """Once: what was refused in visible checks is no news of the hidden ones."""
    source = PRINTS.replace("if number == 7:", "if number in (1, 7):")
    source = source.replace("os.kill(1, 0)", "os.fork() if number == 1 else os.kill(1, 0)")
    report = graded(made, ".py", source, hidden=True)
    assert report.remarks == ("It tried to start another process (line 7): not allowed here.",)
    assert report.hidden_remarks == ("It tried to send a signal to process 1 (line 7): not allowed here.",)


def test_what_is_printed_late_is_told_where_it_belongs(tmp_path: Path) -> None:
    """C keeps what is printed until its buffer is full or the program ends: that is between the two, not after both."""
    source = '#include <stdio.h>\nint tiny(int number)\n{\n    printf("called with %d\\n", number);\n    return 1;\n}\n'
    report = graded(tiny(tmp_path), ".c", source, hidden=True)
    assert report.outcome == PASSED
    none_of((*OF_SECRETS, *OF_LATER), report.output)
    assert "called with 1" in report.output
    assert [word for word in ("called with 5", "called with 7") if word not in report.hidden_output] == []


def test_without_any_visible_check_a_learner_is_told_so(tmp_path: Path) -> None:
    """And no check is named."""
    made = tiny(tmp_path, "", HIDDEN_CHECKS)
    with pytest.raises(Exception, match="tiny has no check that runs before it is graded"):
        graded(made, ".py", RIGHT)
    assert graded(made, ".py", RIGHT, hidden=True).outcome == PASSED


# -- what a learner's view of a graded report holds ----------------------------------------------------------------------


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> catalog.Exercise:
    """The tiny exercise."""
    return tiny(tmp_path_factory.mktemp("tiny"))


def everything(report: Report) -> str:
    """All that any format says of a report, to its last byte."""
    formats = [format_named(name).render_many([report], hints=2) for name in names()]
    return "\n".join([*formats, terminal.render_many([report], everything=True, hints=2), repr(report)])


@pytest.mark.parametrize("source", [PRINTS, WRONG, RIGHT], ids=["only hidden ones fail", "all fail", "all pass"])
@pytest.mark.parametrize("due_passed", [False, True])
def test_no_byte_of_a_hidden_check_is_in_the_view(made: catalog.Exercise, source: str, due_passed: bool) -> None:
    """After the due date those of that kind are."""
    report = graded(made, ".py", source, hidden=True)
    view = for_learner(report, made, due_passed=due_passed)
    told = everything(view._replace(content=b"")).replace("hidden_", "")
    none_of(OF_SECRETS, told)
    if due_passed:
        assert "later" in {r.slug for r in view.results}
    else:
        none_of(OF_LATER, told)
    assert view.possible == (6 if due_passed else 3)
    assert view.points == sum(r.points for r in view.results if r.outcome == PASSED)
    number = 1 if due_passed else 2
    verb = "counts towards the points and is" if number == 1 else "count towards the points and are"
    assert view.remarks == (f"{number} more check{'s' * (number > 1)} {verb} not shown here.",)


def test_the_verdict_and_the_mistakes_are_those_of_what_is_seen(made: catalog.Exercise) -> None:
    """A mistake that hidden checks alone betray is none; one that is seen anyway stays."""
    only_hidden = graded(made, ".py", PRINTS, hidden=True)
    assert (only_hidden.outcome, [m.slug for m in only_hidden.mistakes]) == (FAILED, ["SECRET-MISTAKE"])
    view = for_learner(only_hidden, made)
    assert (view.outcome, view.mistakes) == (PASSED, ())
    wrong = for_learner(graded(made, ".py", WRONG, hidden=True), made)
    assert (wrong.outcome, [m.slug for m in wrong.mistakes]) == (FAILED, ["all-is-nothing"])
    later = for_learner(only_hidden, made, due_passed=True)
    assert (later.outcome, later.mistakes) == (FAILED, ())


def test_a_view_can_be_viewed_again(made: catalog.Exercise) -> None:
    """Nothing is said twice, and as JSON it is the same; a report without hidden checks is its own view."""
    view = for_learner(graded(made, ".py", WRONG, hidden=True), made)
    assert for_learner(view, made) == view
    assert as_json.from_dict(as_json.as_dict(view), view.content) == view
    plain = graded(made, ".py", WRONG)
    assert for_learner(plain, made) == plain


def test_an_ungradable_submission_is_told_as_it_is(made: catalog.Exercise) -> None:
    """No check ran, so there is nothing to keep back."""
    report = graded(made, ".py", BROKEN, hidden=True)
    assert report.outcome == UNGRADABLE
    assert for_learner(report, made) == report


def test_the_reason_of_a_harness_error_is_for_whoever_grades(tmp_path: Path) -> None:
    """It names the check that our trouble was in."""
    trouble = '    raise OSError("SECRET-TROUBLE")\n'
    made = tiny(tmp_path, hidden=HIDDEN_CHECKS.replace("    expect(program.call(7)).to_return(1)\n", trouble))
    report = graded(made, ".py", PRINTS, hidden=True)
    assert (report.outcome, "secret" in report.reason) == (HARNESS_ERROR, True)
    view = for_learner(report, made)
    assert view.outcome == HARNESS_ERROR
    none_of(OF_SECRETS, everything(view._replace(content=b"")).replace("hidden_", ""))


SEEN = sample.LEAKS
SECRET = sample.CLOSED._replace(slug="secret", title="SECRET-TITLE", outcome=FAILED, points=4, visibility=HIDDEN)


def view_of(*results: CheckResult, outcome: str = FAILED, **facts: Any) -> Report:
    """A learner's view of such results of is-port-open."""
    return for_learner(sample.report(outcome, results=results, **facts), catalog.find("is-port-open"))


def test_what_waits_for_a_hidden_check_does_not_name_it() -> None:
    """dev check refuses such an exercise; if it is graded all the same, neither slug nor title come out."""
    waiting = SEEN._replace(slug="a", tried="-", message="Not tried: it says nothing as long as this fails: SECRET-TITLE.", waits_for="secret")  # fmt: skip
    chain = SEEN._replace(slug="b", tried="-", message="Not tried: it says nothing as long as this fails: a.", waits_for="a")  # fmt: skip
    view = view_of(SECRET, waiting, chain)
    none_of(("secret", "SECRET"), everything(view))
    assert [r.waits_for for r in view.results] == ["", "a"]
    assert as_json.as_dict(view)["to_fix"] == []
    shown = " ".join(terminal.render_many([view]).split())
    assert "2 checks: It says nothing as long as a check fails that is not shown here." in shown


def test_failures_that_follow_from_a_visible_one_stay_with_it() -> None:
    """Without the hidden ones among them."""
    waits = sample.WAITING
    view = view_of(SEEN, waits, waits._replace(slug="secret", title="SECRET-TITLE", visibility=HIDDEN))
    assert as_json.as_dict(view)["to_fix"] == [SEEN.slug]
    text = terminal.render_many([view], everything=True)
    assert "1 more check waits for this one" in text
    assert waits.title in text
    none_of(("secret", "SECRET"), everything(view))


@pytest.mark.parametrize(
    "kept", [{"outcome": SKIPPED, "message": "SECRET-REASON"}, {"bonus": True}, {"bonus": True, "outcome": PASSED}]
)
def test_what_does_not_count_is_not_said_to(kept: dict[str, Any]) -> None:
    """A hidden check that was skipped, or a bonus: there is no remark, and no bonus point without its check."""
    view = view_of(sample.OPEN, SECRET._replace(**kept), outcome=PASSED)
    assert (view.outcome, view.remarks, view.bonus_points) == (PASSED, (), 0)
    none_of(("secret", "SECRET"), everything(view))


def test_where_nothing_is_seen_the_verdict_stays() -> None:
    """It is all that there is to say."""
    assert view_of(SECRET).outcome == FAILED
    assert view_of(sample.PRIVILEGED, SECRET).outcome == FAILED


def test_other_remarks_stay() -> None:
    """Those of visible checks; the others go with what they are about."""
    view = view_of(SEEN, SECRET, remarks=("It tried to x.",), hidden_remarks=("SECRET",), hidden_output="SECRET")
    assert view.remarks == ("It tried to x.", "1 more check counts towards the points and is not shown here.")
    none_of(("SECRET",), everything(view))
    assert (
        for_learner(sample.report(UNGRADABLE, hidden_output="SECRET"), catalog.find("is-port-open")).hidden_output == ""
    )


# -- who writes exercises ----------------------------------------------------------------------------------------------


def test_dev_check_proves_hidden_checks_too(lab: Lab) -> None:
    """A solution that only they catch needs no mistake, for its author would never read of one."""
    answer = lab("dev", "check", "tiny")
    assert "╭ secret\n" in answer.out
    assert "wrong 2/2 caught, 1 of those by hidden checks alone" in answer.out
    complaints = [line for line in answer.out.splitlines() if "✗" in line]
    assert [line for line in complaints if "only-hidden" in line] == []
    assert "  ✗ mistakes.toml, which learners have, names secret of hidden_checks.py" in complaints
    assert "  ✗ check forbidden is failed by no solution: nothing shows that it can fail" in complaints


def test_dev_check_refuses_what_would_betray_a_hidden_check(tmp_path: Path) -> None:
    """A visible check that waits for a hidden one, one that waits for none at all, and an exercise without visible ones."""
    needing = CHECKS.replace('hint="Look at one."', 'hint="Look at one.", needs=("secret", "nothing")')
    found = dev.betrayals(tiny(tmp_path, needing, mistakes=""))
    assert found == [
        "check one (visible) needs secret, which is seen by fewer (hidden)",
        "check one needs nothing, and there is no such check",
    ]
    assert dev.betrayals(tiny(tmp_path, "", mistakes="", hidden=HIDDEN_CHECKS.replace('needs=("one",)', ""))) == [
        "no check is visible: learners cannot try anything"
    ]


@pytest.mark.parametrize(
    ("hidden", "said"),
    [
        (HIDDEN_CHECKS.replace("def secret(", "def one("), "more than one check is called one"),
        ("def x(:", "hidden_checks.py cannot be loaded: SyntaxError"),
        ("import nothing_like_that", "hidden_checks.py cannot be loaded: ModuleNotFoundError"),
        (HIDDEN_CHECKS.replace("bonus=True", "visible='never'"), "secret-bonus has visible='never'; it must be True"),
    ],
)
def test_a_file_of_hidden_checks_that_cannot_be_used_is_refused(hidden: str, said: str, tmp_path: Path) -> None:
    """With its name and what is wrong."""
    with pytest.raises(HarnessError, match=said):
        _ = tiny(tmp_path, hidden=hidden).checks


def test_hidden_checks_are_part_of_the_exercise_s_version(tmp_path: Path) -> None:
    """What was graded with others is graded again."""
    versions = [exercise_version(tiny(tmp_path, hidden=text)) for text in (HIDDEN_CHECKS, HIDDEN_CHECKS + "\n")]
    Path(tmp_path, "tiny", "hidden_checks.py").unlink()
    assert len({*versions, exercise_version(tiny(tmp_path, hidden=""))}) == 3
    assert [c.visibility for c in tiny(tmp_path, hidden="").checks] == [VISIBLE, VISIBLE, AFTER_DUE]
