"""`socklab grade` as an instructor types it: a class in, marks out, and nothing that anybody handed in vanishes."""

import csv
import io
import json
import os
import re
import shlex
import shutil
import signal
import sqlite3
from pathlib import Path
from typing import Any

import pytest
from classroom import lay, tarred, zip_bytes, zipped
from front_door import (
    SECONDS,
    SPINS,
    Answer,
    all_end,
    assert_complains,
    assert_printable,
    assert_refused,
    assert_wrong_usage,
    changed,
    descendants,
    socklab,
    started,
    wait_until,
    wait_until_busy,
)

from socklab.batch.outputs import csv as marks

EXERCISE = "is-port-open"
BROKEN = b"int is_port_open(int port)\n{\n    return 1\n}\n"
HEADER = (
    "student,exercise,verdict,points,possible,bonus,late,adjusted,name,email,note,file,origin,attempt,submitted,graded,"
    "seconds,sha256"
)


@pytest.fixture
def right(solutions: Path) -> dict[str, bytes]:
    """Right solutions by suffix."""
    return {suffix: (solutions / "right" / f"blocking{suffix}").read_bytes() for suffix in (".c", ".py")}


@pytest.fixture
def wrong(exercises: Path) -> bytes:
    """What fails soon: the file to begin with, in Python."""
    return (exercises / EXERCISE / "starter.py").read_bytes()


def grade(*words: str | Path, cwd: Path, env: dict[str, str | None] | None = None) -> Answer:
    """The command, quickly."""
    return socklab("grade", EXERCISE, "--no-sanitizer", *words, cwd=cwd, env=env)


def as_json(answer: Answer) -> dict[str, Any]:
    """What --format json said, with the results by student."""
    content = json.loads(answer.out)
    content["results"] = {each["student"]: each for each in content["results"]}
    return content


def table(text: str) -> list[dict[str, str]]:
    """The rows of a CSV."""
    return list(csv.DictReader(io.StringIO(text)))


# -- a class -----------------------------------------------------------------------------------------------------------


def test_a_class_is_graded_and_told(right: dict[str, bytes], wrong: bytes, tmp_path: Path) -> None:
    """Twelve people in a download with mishaps: verdicts, reasons, who is missing, what to do next, nothing left out."""
    people = ["Kim Minji", "Zoë", "Ольга", "محمد", "अनिल", "O'Brien"]
    files = {f"{name}/is_port_open.py": right[".py"] for name in people}
    files |= {"Ada/is_port_open.c": right[".c"], "Broken/is_port_open.c": BROKEN, "Lee/is_port_open.py": wrong}
    files |= {"Two/a.py": wrong, "Two/b.py": wrong, "notes.txt": b"hello"}
    week = zipped(tmp_path / "week.zip", files)
    (tmp_path / "class.csv").write_text("id,name\n" + "\n".join(f"{n},{n}" for n in [*people, "Gone", "Ada", "Lee", "Two", "Broken"]))  # fmt: skip
    answer = grade(week, "--roster", "class.csv", cwd=tmp_path)
    assert (answer.code, answer.err) == (0, "")
    again = f"socklab grade {EXERCISE} --no-sanitizer {week} --roster class.csv"
    for part in (
        "is-port-open: Is anything listening?\n",
        "11 students: 7 passed, 1 failed, 1 ungradable, 1 not graded, 1 missing\n9 submissions graded now\n",
        "  ! cannot be graded  0/",
        "Not graded, and why:\n",
        "notes.txt\n",
        "more than one file may be the submission: a.py, b.py. Keep one, or call it is_port_open.c",
        "Nothing was handed in by:\n  Gone\n",
        f"The marks are kept in gradebook.sqlite.\nMend what was not graded, then: {again}\n",
    ):
        assert part in answer.out, answer.out
    assert re.search(r"^  ✓ passed  (\d+)/\1  Ada$", answer.out, re.MULTILINE), answer.out
    second = grade(week, "--roster", "class.csv", cwd=tmp_path)
    assert second.out == answer.out.replace("9 submissions graded now", "0 submissions graded now, 9 unchanged")


def test_two_sources_are_two_attempts(right: dict[str, bytes], wrong: bytes, tmp_path: Path) -> None:
    """The best or the last one counts, as asked for; --regrade makes all grades anew."""
    lay(tmp_path / "first", {"kim.py": right[".py"], "lee.py": wrong})
    tarred(tmp_path / "second.tar.gz", {"kim/is_port_open.py": wrong, "lee/hw.zip": zip_bytes({"x.py": right[".py"]})})
    sources = ("first", "second.tar.gz", "--format", "json")
    best = as_json(grade(*sources, cwd=tmp_path))
    assert {who: (each["verdict"], each["attempt"]) for who, each in best["results"].items()} == {
        "kim": ("passed", 1),
        "lee": ("passed", 2),
    }
    last = as_json(grade(*sources, "--policy", "last", cwd=tmp_path))
    assert last["results"]["kim"]["verdict"] == "failed"
    assert last["results"]["kim"]["origin"] == "second.tar.gz: kim/is_port_open.py"
    assert last["run"] == {"handed_in": 4, "graded": 0, "unchanged": 4}
    anew = as_json(grade(*sources, "--regrade", cwd=tmp_path))
    assert anew["run"] == {"handed_in": 4, "graded": 4, "unchanged": 0, "failed": 2, "passed": 2}
    assert "graded 2 times" in anew["results"]["kim"]["note"]


def test_what_was_left_out_before_is_graded_again(right: dict[str, bytes], tmp_path: Path) -> None:
    """Without the build with sanitizers, then with it; the same once more is known, either way."""
    lay(tmp_path / "week", {"kim.c": right[".c"]})
    graded = []
    for words in (("--no-sanitizer",), (), (), ("--no-sanitizer",)):
        answer = socklab("grade", EXERCISE, "week", *words, "--format", "json", cwd=tmp_path)
        assert answer.code == 0, answer
        graded.append(json.loads(answer.out)["run"]["graded"])
    assert graded == [1, 1, 0, 0]


def test_being_late_costs_what_the_rule_says(right: dict[str, bytes], tmp_path: Path) -> None:
    """A nbgrader tree tells when something was handed in."""
    files = {f"submitted/kim/{EXERCISE}/is_port_open.py": right[".py"]}
    files |= {f"submitted/kim/{EXERCISE}/timestamp.txt": b"2026-03-02 10:00:00.000000 UTC"}
    lay(tmp_path, files)
    words = ("--due", "2026-03-01T23:59+09:00", "--late", "10% per day", "--format", "json")
    (kim,) = as_json(grade("submitted", *words, cwd=tmp_path))["results"].values()
    assert (kim["late"], kim["points"], kim["possible"]) == (True, 54.9, 61)
    assert "-10 %" in kim["note"]


def test_who_sets_a_date_hears_of_files_that_have_none(right: dict[str, bytes], tmp_path: Path) -> None:
    """A plain folder tells nothing of when; while the date is still to come there is nothing to say."""
    lay(tmp_path / "week", {"kim.py": right[".py"], "lee.py": right[".py"]})
    answer = grade("week", "--due", "2026-03-01T23:59+09:00", cwd=tmp_path)
    assert "2 files do not say when they were handed in: they count as in time" in answer.err
    assert "handed in" not in grade("week", "--due", "9000-01-01T00:00Z", cwd=tmp_path).err
    assert "handed in" not in grade("week", cwd=tmp_path).err


# -- outputs -----------------------------------------------------------------------------------------------------------


def test_marks_as_csv(right: dict[str, bytes], tmp_path: Path) -> None:
    """Exact columns, one line a student, formulas and control characters harmless; the reasons are on standard error."""
    lay(tmp_path / "week", {"kim.py": right[".py"], "empty.py": b"", "odd\x1b[2J.txt": b"x"})
    roster = 'id,name,email\nkim,"=HYPERLINK(""x"")",@kim\nempty,+1,\n-9,"-9\x1b[31m",\n'
    (tmp_path / "class.csv").write_text(roster)
    answer = grade("week", "--roster", "class.csv", "--format", "csv", cwd=tmp_path)
    assert answer.code == 0
    assert answer.out.split("\r\n")[0] == HEADER
    kim, empty, nobody = table(answer.out)
    assert (kim["name"], kim["email"]) == ('\'=HYPERLINK("x")', "'@kim")
    assert {name: kim[name] for name in ("student", "exercise", "verdict", "points", "possible", "late", "adjusted")} == {
        "student": "kim",
        "exercise": EXERCISE,
        "verdict": "passed",
        "points": "61",
        "possible": "61",
        "late": "no",
        "adjusted": "",
    }  # fmt: skip
    assert (kim["file"], kim["origin"], kim["attempt"], kim["submitted"]) == ("kim.py", "week/kim.py", "1", "")
    assert (len(kim["sha256"]), kim["graded"][-1], float(kim["seconds"]) > 0) == (64, "Z", True)
    assert (empty["name"], empty["verdict"]) == ("'+1", "missing")
    assert empty["note"] == "Not graded: week/empty.py: the file is empty."
    assert (nobody["student"], nobody["name"]) == ("'-9", "'-9\\x1b[31m")
    assert nobody["note"] == "Nothing was handed in."
    assert "odd\\x1b[2J.txt" in answer.err
    assert_printable(answer.out.replace("\r", "") + answer.err)


@pytest.mark.parametrize("text", ["=1", "+1", "-1", "@x", "\tx", "\rx", "\nx", "＝1"])
def test_no_cell_is_a_formula(text: str) -> None:
    """Whatever spreadsheets compute."""
    assert marks.harmless(text) == f"'{text}"
    assert marks.harmless(f"a{text}") == f"a{text}"


def test_numbers_are_no_texts() -> None:
    """A loss of points is a number, and stays one."""
    assert marks.cell("a\x1b[2J\n.c") == "a\\x1b[2J\\x0a.c"
    assert [marks.cell(value) for value in (-2, -1.5, None, True, "-2")] == ["-2", "-1.5", "", "yes", "'-2"]


def test_output_goes_where_it_shall(right: dict[str, bytes], tmp_path: Path) -> None:
    """With a byte order mark if Excel is to read it; the page for people is shown all the same."""
    lay(tmp_path / "week", {"kim.py": right[".py"]})
    answer = grade("week", "--format", "csv", "--bom", "--output", "marks.csv", cwd=tmp_path)
    assert (answer.code, answer.err) == (0, "wrote marks.csv\n")
    assert "1 student: 1 passed\n" in answer.out
    assert (tmp_path / "marks.csv").read_bytes().startswith(b"\xef\xbb\xbfstudent,exercise,")


def test_marks_as_json(right: dict[str, bytes], tmp_path: Path) -> None:
    """All of it, and nothing else on standard output."""
    lay(tmp_path / "week", {"kim.py": right[".py"], "notes.txt": b"x"})
    content = as_json(grade("week", "--format", "json", "--gradebook", "marks.sqlite", cwd=tmp_path))
    kim = content["results"].pop("kim")
    assert content == {
        "schema": 1,
        "exercise": EXERCISE,
        "title": "Is anything listening?",
        "policy": "best",
        "due": None,
        "gradebook": "marks.sqlite",
        "run": {"handed_in": 1, "graded": 1, "unchanged": 0, "passed": 1},
        "results": {},
        "troubles": [
            {
                "origin": "week/notes.txt",
                "student": None,
                "reason": "it is no source file and its name is no student's",
            }
        ],
    }
    assert {*kim} == {*HEADER.split(",")}
    assert (kim["verdict"], kim["points"], kim["adjusted"], kim["late"]) == ("passed", 61, None, False)


def test_what_is_ours_is_no_trouble(right: dict[str, bytes], tmp_path: Path) -> None:
    """Gradebook, roster and marks may lie in the folder that is graded."""
    lay(tmp_path, {"kim.py": right[".py"], "class.csv": b"id,name\nkim,Kim\n"})
    words = (".", "--roster", "class.csv", "--output", "marks.json", "--format", "json")
    for _ in range(2):
        assert grade(*words, cwd=tmp_path).code == 0
        assert json.loads((tmp_path / "marks.json").read_text())["troubles"] == []


# -- being stopped -----------------------------------------------------------------------------------------------------


@pytest.fixture
def hanging_class(right: dict[str, bytes], wrong: bytes, tmp_path: Path) -> Path:
    """Two that are graded soon, then two that keep workers busy."""
    return lay(
        tmp_path / "week", {"a.py": right[".py"], "b.py": wrong, "y.c": SPINS.encode(), "z.c": SPINS.encode() + b"\n"}
    )


def grades(path: Path) -> list[tuple[str, str]]:
    """What the gradebook holds."""
    if not path.exists():
        return []
    with sqlite3.connect(path) as book:
        try:
            return sorted(book.execute("SELECT student, outcome FROM grade"))
        except sqlite3.Error:
            return []


@pytest.mark.parametrize("to_all", [False, True], ids=["to the command", "to all in the terminal"])
def test_ctrl_c_ends_all_and_says_how_to_go_on(
    to_all: bool, hanging_class: Path, tmp_path: Path, temporary: Path
) -> None:
    """Exit code 130; nothing runs or lies around; the command that it names goes on with what is left."""
    words = ("grade", EXERCISE, "week", "--no-sanitizer", "--workers", "2")
    with started(*words, cwd=tmp_path, env={"TMPDIR": str(temporary)}) as process:
        wait_until(lambda: len(grades(tmp_path / "gradebook.sqlite")) == 2, process, "two grades")
        wait_until_busy(process, "runner")
        with all_end(process) as family:
            assert family
            os.kill(-process.pid if to_all else process.pid, signal.SIGINT)
            out, err = process.communicate(timeout=SECONDS)
    assert (process.returncode, out) == (130, "")
    command = shlex.join(("socklab", *words))
    assert err == f"stopped\n2 of 4 done, and kept in gradebook.sqlite. To go on: {command}\n"
    assert os.listdir(temporary) == []
    shutil.copyfile(hanging_class / "a.py", hanging_class / "y.py")
    os.unlink(hanging_class / "y.c")
    os.unlink(hanging_class / "z.c")
    content = as_json(socklab(*shlex.split(command)[1:], "--format", "json", cwd=tmp_path))
    assert content["run"] == {"handed_in": 3, "graded": 1, "unchanged": 2, "passed": 1}


@pytest.mark.parametrize("ending", [signal.SIGTERM, signal.SIGKILL])
def test_whatever_ends_the_command_ends_its_workers(
    ending: signal.Signals, hanging_class: Path, tmp_path: Path, temporary: Path
) -> None:
    """Even where it can do nothing about it; what was graded is kept."""
    with started("grade", EXERCISE, "week", "--no-sanitizer", cwd=tmp_path, env={"TMPDIR": str(temporary)}) as process:
        wait_until(lambda: len(grades(tmp_path / "gradebook.sqlite")) == 2, process, "two grades")
        wait_until_busy(process, "runner")
        with all_end(process):
            process.send_signal(ending)
            _, err = process.communicate(timeout=SECONDS)
    assert process.returncode in (128 + ending, -ending)
    assert "Traceback" not in err
    assert os.listdir(temporary) == []
    assert [who for who, _ in grades(tmp_path / "gradebook.sqlite")] == ["a", "b"]  # the others were not waited for


def test_a_killed_worker_is_replaced(right: dict[str, bytes], tmp_path: Path, temporary: Path) -> None:
    """What it had is graded all the same."""
    lay(tmp_path / "week", {"kim.py": right[".py"], "lee.py": right[".py"] + b"#"})
    words = ("grade", EXERCISE, "week", "--no-sanitizer", "--workers", "1", "--format", "json")

    def busy() -> set[int]:
        """Workers that have started something."""
        family = descendants(process.pid)
        return {each.pid for each in family if each.parent == process.pid} & {each.parent for each in family}

    with started(*words, cwd=tmp_path, env={"TMPDIR": str(temporary)}) as process:
        wait_until(lambda: bool(busy()), process, "a worker at work")
        for worker in busy():
            os.kill(worker, signal.SIGKILL)
        out, _ = process.communicate(timeout=SECONDS)
    assert process.returncode == 0
    assert [each["verdict"] for each in json.loads(out)["results"]] == ["passed", "passed"]
    assert os.listdir(temporary) == []


# -- refusals ----------------------------------------------------------------------------------------------------------


def test_the_shared_tier_has_to_be_asked_for(right: dict[str, bytes], tmp_path: Path) -> None:
    """Without bubblewrap nothing is graded, with --tier shared it is."""
    programs = lay(tmp_path / "bin", {})
    for name in ("gcc", "as", "ld"):
        (programs / name).symlink_to(f"/usr/bin/{name}")
    lay(tmp_path / "week", {"kim.py": right[".py"]})
    env: dict[str, str | None] = {"PATH": str(programs)}
    assert_refused(grade("week", cwd=tmp_path, env=env), 4, "bubblewrap is not installed", "--tier shared")
    content = as_json(grade("week", "--tier", "shared", "--format", "json", cwd=tmp_path, env=env))
    assert (content["run"]["graded"], content["results"]["kim"]["verdict"]) == (1, "passed")


@pytest.mark.parametrize(
    ("words", "parts"),
    [
        (("nowhere",), ("nowhere: there is no such folder or file",)),
        (("week", "--workers", "0"), ("--workers 0", "from 1 to 256")),
        (("week", "--due", "2026-03-01"), ("time zone",)),
        (("week", "--late", "a lot"), ("no part of a late rule",)),
        (("week", "--roster", "none.csv"), ("the roster cannot be read",)),
        (("week", "--gradebook", "week"), ("that is a folder",)),
        (("week", "--output", "none/marks.csv"), ("there is no folder",)),
    ],
)
def test_what_cannot_be_is_refused_before_anything_is_graded(
    words: tuple[str, ...], parts: tuple[str, ...], right: dict[str, bytes], tmp_path: Path
) -> None:
    """In one line that says what to do."""
    lay(tmp_path / "week", {"kim.py": right[".py"]})
    assert_refused(grade(*words, cwd=tmp_path), 2, *parts)
    assert grades(tmp_path / "gradebook.sqlite") == []


def test_words_that_are_wrong_are_refused(tmp_path: Path) -> None:
    """An unknown exercise with the nearest name; no source; no format of that name."""
    assert_complains(socklab("grade", "is-port-opne", ".", cwd=tmp_path), 2, "Did you mean is-port-open?")
    assert_wrong_usage(socklab("grade", EXERCISE, cwd=tmp_path), "SOURCE")
    assert_wrong_usage(grade(".", "--format", "xls", cwd=tmp_path), "'xls'", "csv", "json", "terminal")


def test_nothing_found_is_no_success(tmp_path: Path) -> None:
    """The page says what there was instead."""
    lay(tmp_path / "week", {"notes.txt": b"x"})
    answer = grade("week", cwd=tmp_path)
    assert answer.code == 2
    assert "notes.txt" in answer.out
    assert "0 submissions graded now" in answer.out


def test_sources_may_stand_after_options(right: dict[str, bytes], tmp_path: Path) -> None:
    """As everywhere."""
    lay(tmp_path, {"one/kim.py": right[".py"], "two/lee.py": right[".py"]})
    answer = socklab("grade", EXERCISE, "one", "--no-sanitizer", "--format", "json", "two", cwd=tmp_path)
    assert [*as_json(answer)["results"]] == ["kim", "lee"]


def test_help_has_examples(tmp_path: Path) -> None:
    """And the exit codes."""
    answer = socklab("grade", "--help", cwd=tmp_path, env=dict(changed()))
    for part in ("--roster class.csv", "at most 50%", "goes on", "130 after Ctrl-C"):
        assert part in answer.out
