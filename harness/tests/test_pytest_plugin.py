"""`pytest --submission FILE`: the checks of an exercise as tests, with the messages of the report."""

import re
import shutil
import sys
from pathlib import Path

import pytest
from front_door import Answer, reports, run, socklab

GREEDY = """

open("imported", "w").close()


def test_of_my_own():
    assert False


class TestMine:
    def test_more(self):
        assert False
"""
"""What pytest would import and run, were it not told that the file is a submission."""


def pytested(*words: str | Path, cwd: Path) -> Answer:
    """Run pytest to its end."""
    return run(sys.executable, "-m", "pytest", "-p", "no:cacheprovider", "-p", "no:xdist", *map(str, words), cwd=cwd)


def counts(answer: Answer) -> dict[str, int]:
    """What pytest's last line counts."""
    return {
        what: int(number)
        for number, what in re.findall(r"(\d+) (passed|failed|skipped|error)", answer.out.splitlines()[-1])
    }


@pytest.mark.parametrize("suffix", [".c", ".py"])
@pytest.mark.usefixtures("right_c", "right_py")
def test_a_right_file_passes(suffix: str, tmp_path: Path) -> None:
    """One item a check; a bonus that is not earned is skipped."""
    name = f"is_port_open{suffix}"
    answer = pytested("-v", "--submission", name, cwd=tmp_path)
    results = reports(name, cwd=tmp_path)[0]["results"]
    assert answer.code == 0, answer.out
    assert [r["slug"] for r in results if f"{name}::{r['slug']} " not in answer.out] == []
    assert sum(counts(answer).values()) == len(results)
    assert counts(answer)["passed"] >= sum(not r["bonus"] for r in results)


def test_a_failing_check_shows_the_message_of_the_report(solutions: Path, tmp_path: Path) -> None:
    """Word for word what `socklab check` says of it, and nothing of the harness's insides."""
    shutil.copyfile(solutions / "wrong" / "invalid-port-is-closed.c", tmp_path / "is_port_open.c")
    answer = pytested("--submission", "is_port_open.c", "--socklab-seed", "7", cwd=tmp_path)
    shown = socklab("check", "is_port_open.c", "--seed", "7", "--all", cwd=tmp_path).out
    results = reports("is_port_open.c", "--seed", "7", cwd=tmp_path)[0]["results"]
    failed = [r for r in results if r["outcome"] == "failed" and not r["bonus"] and r["tried"] != "-"]
    shown = shown.replace("\n    --hints 2 gives a second hint", "")  # pytest has no such option
    blocks = [part.removeprefix("First thing to fix\n") for part in shown.split("\n\n") if "    hint " in part]
    assert failed
    assert len(blocks) == len(failed)
    assert answer.code == 1
    assert [block for block in blocks if block not in answer.out] == []
    assert "pytest_plugin.py" not in answer.out.partition("short test summary")[0]


@pytest.mark.parametrize("file", ["failing_c", "right_c"])
def test_pytest_and_check_agree(file: str, request: pytest.FixtureRequest, tmp_path: Path) -> None:
    """As many fail here as there."""
    path: Path = request.getfixturevalue(file)
    answer = pytested("--submission", path.name, "--exercise", "is-port-open", "--socklab-seed", "7", cwd=tmp_path)
    results = reports("is-port-open", path.name, "--seed", "7", cwd=tmp_path)[0]["results"]
    failed = sum(r["outcome"] == "failed" and not r["bonus"] for r in results)
    assert (answer.code, counts(answer).get("failed", 0)) == (1 if failed else 0, failed)


def test_one_check_can_be_chosen(right_c: Path, tmp_path: Path) -> None:
    """By its name, as pytest's -k takes it."""
    answer = pytested("--submission", right_c.name, "-k", "stale-errno", cwd=tmp_path)
    assert (answer.code, counts(answer)) == (0, {"passed": 1})


def test_an_ungradable_file_shows_the_reason(ungradable_c: Path, tmp_path: Path) -> None:
    """One item that fails with it."""
    answer = pytested("--submission", ungradable_c.name, "--exercise", "is-port-open", cwd=tmp_path)
    assert (answer.code, counts(answer)) == (1, {"failed": 1})
    assert "it does not compile: line 3: expected" in answer.out


@pytest.mark.parametrize(
    ("words", "said"), [(("is_port_open.c",), "no such file"), (("folder",), "folder: that is a folder")]
)
def test_what_is_no_file_is_wrong_usage(words: tuple[str, ...], said: str, tmp_path: Path) -> None:
    """Said before anything is collected, with pytest's code for it."""
    (tmp_path / "folder").mkdir()
    answer = pytested("--submission", *words, cwd=tmp_path)
    assert answer.code == pytest.ExitCode.USAGE_ERROR
    assert said in answer.err


@pytest.mark.parametrize(
    ("name", "content", "words", "said"),
    [
        ("mine.c", b"int x;\n", ("--exercise", "is-port-opne"), "Did you mean is-port-open?"),
        ("mine.c", b"int x;\n", (), "its name does not say which exercise it is for"),
        ("is_port_open.c", b"", (), "the file is empty"),
        ("is_port_open.c", b"\0", (), "this is a binary file"),
        ("is_port_open.rs", b"x", (), ".c or .py"),
    ],
    ids=["misspelt exercise", "no exercise", "empty", "binary", "unknown suffix"],
)
def test_what_cannot_be_graded_is_said_without_our_insides(
    name: str, content: bytes, words: tuple[str, ...], said: str, tmp_path: Path
) -> None:
    """The line that `socklab check` would print, and no source of ours around it."""
    (tmp_path / name).write_bytes(content)
    answer = pytested("--submission", name, *words, cwd=tmp_path)
    assert answer.code not in (0, pytest.ExitCode.NO_TESTS_COLLECTED, pytest.ExitCode.INTERNAL_ERROR)
    assert said in answer.out + answer.err
    for inside in ("pytest_plugin.py", "catalog.py", "submission.py", "grading.py"):
        assert inside not in answer.out + answer.err


@pytest.mark.parametrize("seed", ["-5", "x", str(2**31)])
def test_a_bad_seed_is_refused_as_check_refuses_it(seed: str, right_c: Path, tmp_path: Path) -> None:
    """The same range in both places."""
    answer = pytested("--submission", right_c.name, "--socklab-seed", seed, cwd=tmp_path)
    assert answer.code == pytest.ExitCode.USAGE_ERROR
    assert seed in answer.err


@pytest.mark.parametrize("name", ["test_is_port_open.py", "is_port_open_test.py", "is_port_open.py"])
def test_a_submission_that_looks_like_tests_is_never_imported(name: str, right_py: Path, tmp_path: Path) -> None:
    """It is untrusted: it runs in its cell, and nowhere else."""
    source = right_py.read_text() + GREEDY
    right_py.unlink()
    folder = tmp_path / "mine"
    folder.mkdir()
    (folder / name).write_text(source)
    answer = pytested("--submission", folder / name, "--exercise", "is-port-open", cwd=tmp_path)
    assert not (tmp_path / "imported").exists()
    assert (answer.code, counts(answer).get("failed", 0)) == (0, 0), answer.out


def test_without_a_submission_pytest_is_as_ever(tmp_path: Path) -> None:
    """The plugin is silent in projects that do not use it."""
    (tmp_path / "test_other.py").write_text("def test_it():\n    assert True\n")
    answer = pytested(cwd=tmp_path)
    assert (answer.code, counts(answer)) == (0, {"passed": 1})


def test_its_options_are_in_pytests_help(tmp_path: Path) -> None:
    """Under a heading of their own."""
    answer = pytested("--help", cwd=tmp_path)
    for option in ("--submission", "--exercise", "--socklab-seed"):
        assert option in answer.out
