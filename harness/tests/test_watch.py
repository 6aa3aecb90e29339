"""`socklab watch` at a terminal: a learner saves, and the next look at the screen is true."""

import json
import os
import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from front_door import SPINS, Terminal, assert_printable, assert_refused, reports, socklab, started, wait_until_busy

CTRL_C = "\x03"


@pytest.fixture
def wrong(exercises: Path) -> str:
    """A source that fails."""
    return (exercises / "is-port-open" / "starter.c").read_text()


@pytest.fixture
def right(solutions: Path) -> str:
    """A source that passes."""
    return (solutions / "right" / "blocking.c").read_text()


@pytest.fixture
def file(wrong: str, tmp_path: Path) -> Path:
    """The file that is watched; it fails at first."""
    path = tmp_path / "is_port_open.c"
    path.write_text(wrong)
    return path


@pytest.fixture
def watching(file: Path, tmp_path: Path) -> Iterator[Terminal]:
    """`socklab watch` at a terminal, with the first report shown."""
    with Terminal("watch", file.name, "--no-sanitizer", cwd=tmp_path) as terminal:
        terminal.wait_for_screen("✗ failed")
        yield terminal


def save_by_renaming(path: Path, text: str) -> None:
    """As most editors do."""
    new = path.with_name(".new")
    new.write_text(text)
    os.replace(new, path)


def test_it_grades_at_once_and_on_every_save(watching: Terminal, file: Path, right: str, wrong: str) -> None:
    """In place, as some editors save."""
    for text, verdict in ((right, "✓ passed"), (wrong, "✗ failed"), (right, "✓ passed")):
        file.write_text(text)
        watching.wait_for_screen(verdict)


def test_a_save_by_renaming_is_a_save(watching: Terminal, file: Path, right: str, wrong: str) -> None:
    """The file that is watched is another one afterwards, each time."""
    for text, verdict in ((right, "✓ passed"), (wrong, "✗ failed"), (right, "✓ passed")):
        save_by_renaming(file, text)
        watching.wait_for_screen(verdict)


def test_it_survives_a_syntax_error(watching: Terminal, file: Path, right: str) -> None:
    """The error is shown with its line, and the next save is graded."""
    file.write_text("int is_port_open(int port)\n{\n    return 1\n}\n")
    watching.wait_for_screen("! cannot be graded", "3 |     return 1")
    file.write_text(right)
    watching.wait_for_screen("✓ passed")


@pytest.mark.parametrize(
    ("content", "said"),
    [(b"", "the file is empty"), (b"\0", "binary"), (b"\xff", "not UTF-8")],
    ids=["empty", "binary", "not UTF-8"],
)
def test_it_survives_what_is_no_source(content: bytes, said: str, watching: Terminal, file: Path, right: str) -> None:
    """The line that `check` would print is shown, and the next save is graded."""
    file.write_bytes(content)
    watching.wait_for_screen("socklab: ", said)
    file.write_text(right)
    watching.wait_for_screen("✓ passed")


def test_it_survives_deletion_and_return_of_the_file(watching: Terminal, file: Path, right: str, wrong: str) -> None:
    """Twice, since the second time differs for whoever watches the file instead of its folder."""
    for text, verdict in ((right, "✓ passed"), (wrong, "✗ failed")):
        file.unlink()
        file.write_text(text)
        watching.wait_for_screen(verdict)


def test_it_says_that_the_file_is_gone(watching: Terminal, file: Path, tmp_path: Path) -> None:
    """And grades it when it comes back, if only just as it was."""
    away = tmp_path / "elsewhere" / file.name
    away.parent.mkdir()
    file.rename(away)
    watching.wait_for_screen("there is no such file", "watching; save the file to grade it again")
    away.rename(file)
    watching.wait_for_screen("✗ failed")


def test_it_survives_its_file_being_moved_away_and_back(watching: Terminal, file: Path, right: str) -> None:
    """A version control system switches branches like that."""
    away = file.with_name("away.c")
    file.rename(away)
    away.write_text(right)
    away.rename(file)
    watching.wait_for_screen("✓ passed")


def test_a_save_while_it_grades_is_not_lost(file: Path, right: str, tmp_path: Path) -> None:
    """Not even during the very first grading: the last screen is always about the last save."""
    file.write_text(SPINS)
    with Terminal("watch", file.name, cwd=tmp_path) as terminal:
        wait_until_busy(terminal.process, "runner")
        file.write_text(right)
        terminal.wait_for_screen("✓ passed")


def test_a_save_to_the_target_of_a_link_is_a_save(wrong: str, right: str, tmp_path: Path) -> None:
    """The file may lie in another folder than its name."""
    (tmp_path / "elsewhere").mkdir()
    target = tmp_path / "elsewhere" / "mine.c"
    target.write_text(wrong)
    (tmp_path / "is_port_open.c").symlink_to(target)
    with Terminal("watch", "is_port_open.c", "--no-sanitizer", cwd=tmp_path) as terminal:
        terminal.wait_for_screen("✗ failed")
        target.write_text(right)
        terminal.wait_for_screen("✓ passed")


def test_a_file_in_a_folder_that_tools_ignore_is_watched(wrong: str, right: str, tmp_path: Path) -> None:
    """Who names a file wants it watched, wherever it lies."""
    folder = tmp_path / ".venv" / "node_modules"
    folder.mkdir(parents=True)
    file = folder / "is_port_open.c"
    file.write_text(wrong)
    with Terminal("watch", file, "--no-sanitizer", cwd=tmp_path) as terminal:
        terminal.wait_for_screen("✗ failed")
        file.write_text(right)
        terminal.wait_for_screen("✓ passed")


def test_it_shows_as_many_hints_as_were_asked_for(file: Path, tmp_path: Path) -> None:
    """As `check` does."""
    with Terminal("watch", file.name, "--no-sanitizer", "--hints", "2", cwd=tmp_path) as terminal:
        screen = terminal.wait_for_screen("✗ failed", "    hint 2  ")
    assert "--hints 2" not in screen


def test_each_report_has_the_screen_to_itself(watching: Terminal, file: Path, right: str) -> None:
    """The old one is cleared away, so that the first line is the verdict."""
    file.write_text(right)
    screen = watching.wait_for_screen("✓ passed")
    assert "✗ failed" not in screen
    assert "is_port_open.c" in screen.splitlines()[0]


def test_ctrl_c_is_a_good_end(watching: Terminal) -> None:
    """Exit code 0 and no traceback."""
    watching.type(CTRL_C)
    assert watching.wait_for_end() == 0
    assert "stopped" in watching.screens[-1]


def test_ctrl_c_while_it_grades_is_a_good_end_too(file: Path, tmp_path: Path, temporary: Path) -> None:
    """Whoever stops watching does not care what it is busy with; nothing is left behind."""
    file.write_text(SPINS)
    with Terminal("watch", file.name, cwd=tmp_path, env={"TMPDIR": str(temporary)}) as terminal:
        wait_until_busy(terminal.process, "runner")
        terminal.type(CTRL_C)
        assert terminal.wait_for_end() == 0
    assert os.listdir(temporary) == []


def test_ctrl_c_after_several_saves_is_a_good_end(watching: Terminal, file: Path, right: str) -> None:
    """The end is as good later."""
    file.write_text(right)
    watching.wait_for_screen("✓ passed")
    watching.type(CTRL_C)
    assert watching.wait_for_end() == 0


# -- what changed ----------------------------------------------------------------------------------------------------

ALWAYS_CLOSED = "int is_port_open(int port)\n{\n    (void)port;\n    return 0;\n}\n"
ALWAYS_OPEN = ALWAYS_CLOSED.replace("0;", "1;")
NO_SOURCE = "int is_port_open(int port)\n{\n    return 1\n}\n"
OPEN = "a port that somebody listens on is open"


def changed_to(terminal: Terminal, *parts: str) -> str:
    """The words between report and last line of the next screen that has all of `parts` in it."""
    screen = terminal.wait_for_screen(*parts)
    return " ".join(screen.partition("all on 127.0.0.1")[2].partition("watching;")[0].replace("\x1b[0m", "").split())


def noted(state: Path) -> list[dict[str, Any]]:
    """The lines of the history."""
    return [json.loads(line) for line in (state / "socklab" / "history.jsonl").read_text().splitlines()]


def note(state: Path, *lines: dict[str, Any]) -> None:
    """Let these be the lines of the history."""
    (state / "socklab" / "history.jsonl").write_text("".join(json.dumps(line) + "\n" for line in lines))


@pytest.fixture
def remembered(tmp_path: Path) -> dict[str, str | None]:
    """An environment with a history of its own, in tmp_path/state."""
    return {"SOCKLAB_HISTORY": None, "XDG_STATE_HOME": str(tmp_path / "state"), "TZ": "CET-1"}


def test_each_further_grade_says_what_changed(watching: Terminal, file: Path, right: str, wrong: str) -> None:
    """The first has nothing to be compared with; also with the history turned off, as in all these tests."""
    assert changed_to(watching, "✗ failed") == ""
    file.write_text(right)
    told = changed_to(watching, "✓ passed")
    assert re.fullmatch(rf"\d+ more pass: {OPEN}(; [^;]+){{2}}; and \d+ more", told)
    file.write_text(right + "\n")
    assert changed_to(watching, "nothing changed") == "nothing changed"
    file.write_text(wrong)
    told = changed_to(watching, "✗ failed")
    assert re.fullmatch(rf"\d+ newly fail: {OPEN}(; [^;]+){{2}}; and \d+ more", told)


def test_better_here_and_worse_there_is_said_at_once(file: Path, tmp_path: Path) -> None:
    """Both are named."""
    file.write_text(ALWAYS_OPEN)
    with Terminal("watch", file.name, "--no-sanitizer", cwd=tmp_path) as terminal:
        terminal.wait_for_screen("✗ failed")
        file.write_text(ALWAYS_CLOSED)
        told = changed_to(terminal, "now passing")
    assert re.fullmatch(r"\d+ more pass(es)?, \d+ newly fails?: .+ now passing: .+", told)


def test_it_says_when_a_file_compiles_again(watching: Terminal, file: Path, right: str, wrong: str) -> None:
    """Compared with the last one that did."""
    file.write_text(NO_SOURCE)
    assert changed_to(watching, "cannot be graded") == "it no longer compiles"
    file.write_text(NO_SOURCE + "\n")
    assert changed_to(watching, "nothing changed") == "nothing changed"
    file.write_text(wrong.replace("is_port_open", "is_port_opened"))
    assert changed_to(watching, "another reason") == "it still cannot be graded, for another reason"
    file.write_text(wrong)
    assert changed_to(watching, "✗ failed") == "it can be graded again: nothing changed"
    file.write_text(NO_SOURCE)
    watching.wait_for_screen("cannot be graded")
    file.write_text(right)
    assert re.match(rf"it compiles again: \d+ more pass: {OPEN}; ", changed_to(watching, "✓ passed"))


def test_a_file_that_never_compiled_is_compared_with_nothing(file: Path, right: str, tmp_path: Path) -> None:
    """Then the points are told."""
    file.write_text(NO_SOURCE)
    with Terminal("watch", file.name, "--no-sanitizer", cwd=tmp_path) as terminal:
        assert changed_to(terminal, "cannot be graded") == ""
        file.write_text(right)
        assert re.fullmatch(r"it compiles now: (\d+) of \1 points", changed_to(terminal, "✓ passed"))


def test_the_first_grade_is_compared_with_the_last_one_of_the_same_file(
    file: Path, solutions: Path, remembered: dict[str, str | None], tmp_path: Path
) -> None:
    """As noted by `check` or an earlier `watch`; others' files, parts of the exercise and our own faults are no matter."""
    shutil.copyfile(solutions / "wrong" / "access-denied-is-closed.c", file)
    results = reports(file.name, "--no-sanitizer", cwd=tmp_path, env=remembered)[0]["results"]
    now = noted(tmp_path / "state")[0]
    first = next(r for r in results if r["slug"] == now["failed"][0])
    passing = [r for r in results if r["outcome"] == "passed" and not r["bonus"]][:2]
    before = [*now["failed"][1:], *(r["slug"] for r in passing)]
    last = now | {"time": "2026-01-05T13:02:00Z", "failed": before}
    no_matter = [{"file": "/other.c"}, {"only": ["open-port"]}, {"outcome": "harness-error"}, {"exercise": "other"}]
    note(tmp_path / "state", now, last, *[now | {"failed": []} | each for each in no_matter])
    with Terminal("watch", file.name, "--no-sanitizer", cwd=tmp_path, env=remembered) as terminal:
        told = changed_to(terminal, "✗ failed")
        assert told.startswith(f"since 5 Jan 2026, 14:02: 2 more pass, 1 newly fails: {first['title']} now passing: ")
        assert told.endswith(f"now passing: {passing[0]['title']}; {passing[1]['title']}")
        file.write_text(file.read_text() + "\n")
        assert changed_to(terminal, "nothing changed") == "nothing changed"
    lines = noted(tmp_path / "state")[6:]
    assert [(one["file"], one["failed"]) for one in lines] == [(str(file), now["failed"])] * 2


def test_a_broken_history_is_in_nobodys_way(file: Path, remembered: dict[str, str | None], tmp_path: Path) -> None:
    """It watches as if there were none."""
    (tmp_path / "state" / "socklab" / "history.jsonl").mkdir(parents=True)
    with Terminal("watch", file.name, "--no-sanitizer", cwd=tmp_path, env=remembered) as terminal:
        assert changed_to(terminal, "✗ failed") == ""
        file.write_text(file.read_text() + "\n")
        assert changed_to(terminal, "nothing changed") == "nothing changed"


# -- what it refuses, and pipes --------------------------------------------------------------------------------------


def test_into_a_pipe_it_writes_plain_text(file: Path, right: str, tmp_path: Path) -> None:
    """Nothing is cleared where there is no screen."""
    shown = ""
    with started("watch", file.name, "--no-sanitizer", cwd=tmp_path) as process:
        assert process.stdout
        while "Ctrl-C to stop" not in shown:
            shown += process.stdout.readline()
    assert "✗ failed" in shown
    assert_printable(shown)


def test_it_watches_one_file_at_a_time(file: Path, tmp_path: Path) -> None:
    """Two are refused, with their number."""
    shutil.copy(file, tmp_path / "other.c")
    with started("watch", "is-port-open", file.name, "other.c", cwd=tmp_path) as process:
        out, err = process.communicate(timeout=60)
    assert (process.returncode, out, err.count("\n")) == (2, "", 1)
    assert "one file at a time; 2 were named" in err


def test_it_refuses_a_file_that_is_not_there(tmp_path: Path) -> None:
    """Before it begins to watch, a name that leads nowhere is more likely a typo."""
    assert_refused(socklab("watch", "is_port_open.c", cwd=tmp_path), 2, "is_port_open.c: there is no such file")
