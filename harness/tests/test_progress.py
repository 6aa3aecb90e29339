"""What was graded is noted, and told again by `list` and `next`; a history in trouble is in nobody's way."""

import calendar
import fcntl
import json
import os
import re
import shutil
import subprocess
import sys
import threading
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from front_door import (
    COMMAND,
    Answer,
    Terminal,
    as_ordinary_user,
    assert_complains,
    assert_printable,
    changed,
    run,
    socklab,
)

from socklab import history

QUICK = ("--only", "open-port")
TITLE = "a port that somebody listens on is open"
VIENNA = {"TZ": "CET-1"}


class Diary:
    """A history of its own, and the commands that use it."""

    def __init__(self, top: Path) -> None:
        self.env: Mapping[str, str | None] = {"SOCKLAB_HISTORY": None, "XDG_STATE_HOME": str(top)}
        self.folder = top / "socklab"
        self.path = self.folder / "history.jsonl"
        self.cwd = top

    def socklab(self, *words: str | Path, env: Mapping[str, str | None] | None = None, **more: Any) -> Answer:
        """Run a command with this history."""
        return socklab(*words, **{"cwd": self.cwd, "env": {**self.env, **(env or {})}, **more})

    def hold(self, *lines: str | bytes | dict[str, Any]) -> None:
        """Let it have these lines, and no others."""
        self.folder.mkdir(parents=True, exist_ok=True)
        self.path.write_bytes(b"".join(as_bytes(line) + b"\n" for line in lines))

    def lines(self) -> list[dict[str, Any]]:
        """All its lines; there is no broken one."""
        return [json.loads(line) for line in self.path.read_bytes().splitlines()]

    def state(self) -> dict[str, Any]:
        """What `list` tells scripts of the exercise."""
        answer = self.socklab("list", "--format", "json")
        assert (answer.code, answer.err) == (0, "")
        return next(one for one in json.loads(answer.out)["exercises"] if one["exercise"] == "is-port-open")


def as_bytes(line: str | bytes | dict[str, Any]) -> bytes:
    """A line of the history."""
    text = json.dumps(line) if isinstance(line, dict) else line
    return text.encode() if isinstance(text, str) else text


def attempt(outcome: str = "failed", **changes: Any) -> dict[str, Any]:
    """A line as `check` writes it."""
    points = {"passed": 63, "failed": 41}.get(outcome, 0)
    return {
        "time": "2026-01-05T13:02:00Z",
        "exercise": "is-port-open",
        "language": "c",
        "file": "/nowhere/is_port_open.c",
        "sha256": "0" * 64,
        "outcome": outcome,
        "points": points,
        "possible": 63 if points else 0,
        "failed": ["open-port", "open-port-1"] if outcome == "failed" else [],
        "skipped": [],
        "only": [],
        "tier": "private",
        "seed": 7,
        "reason": "it does not compile: line 3: expected ';'" if outcome == "ungradable" else "",
    } | changes


@pytest.fixture
def diary(tmp_path: Path) -> Diary:
    """An empty history."""
    top = tmp_path / "state"
    top.mkdir()
    return Diary(top)


# -- what is noted ---------------------------------------------------------------------------------------------------


def test_each_graded_file_is_a_line(diary: Diary, right_c: Path, failing_c: Path, ungradable_c: Path) -> None:
    """With all that says what it was and how it went; a file that is not there is no attempt."""
    names = [right_c.name, failing_c.name, "absent.c", ungradable_c.name]
    before = int(time.time())
    assert diary.socklab("check", "is-port-open", "--seed", "7", *names, cwd=right_c.parent).code == 2
    right, failing, ungradable = diary.lines()
    assert [one["outcome"] for one in (right, failing, ungradable)] == ["passed", "failed", "ungradable"]
    for path, one in ((right_c, right), (failing_c, failing), (ungradable_c, ungradable)):
        digest = run("sha256sum", "--", str(path), cwd=diary.cwd).out.split()[0]
        assert (one["file"], one["sha256"]) == (str(path), digest)
        assert (one["exercise"], one["language"], one["seed"]) == ("is-port-open", "c", 7)
        assert one["tier"] in ("private", "shared")
        assert before <= calendar.timegm(time.strptime(one["time"], "%Y-%m-%dT%H:%M:%SZ")) <= time.time()
    assert right["points"] == right["possible"] == failing["possible"] > failing["points"]
    assert "open-port" in failing["failed"]
    assert right["failed"] == ungradable["failed"] == []
    assert "it does not compile" in ungradable["reason"]


def test_it_is_for_its_owner_alone(diary: Diary, right_c: Path) -> None:
    """Neither folder nor file can be read by others."""
    diary.socklab("check", right_c, *QUICK)
    assert [path.stat().st_mode & 0o777 for path in (diary.folder, diary.path)] == [0o700, 0o600]


def test_it_is_where_the_standard_says(right_c: Path, tmp_path: Path) -> None:
    """Below the home folder, unless XDG_STATE_HOME is an absolute path."""
    for value in (None, "", "relative"):
        home = tmp_path / f"home {value}"
        env = {"HOME": str(home), "XDG_STATE_HOME": value, "SOCKLAB_HISTORY": None}
        assert socklab("check", right_c, *QUICK, cwd=tmp_path, env=env).code == 0
        assert (home / ".local" / "state" / "socklab" / "history.jsonl").exists()
    assert not (tmp_path / "relative").exists()


@pytest.mark.parametrize(
    "name", ['a "quoted" \\ name', "two\nlines", "größe", b"\xff".decode("utf-8", "surrogateescape")]
)
def test_any_name_can_be_noted_and_shown(name: str, diary: Diary, right_c: Path) -> None:
    """Names are bytes, and the history stays one line of JSON for each."""
    path = right_c.with_name(f"{name}.c")
    shutil.copy(right_c, path)
    diary.socklab("check", "is-port-open", path, *QUICK)
    assert [one["file"] for one in diary.lines()] == [str(path)]
    answer = diary.socklab("next")
    assert_printable(answer.out)
    assert "socklab check is-port-open" in answer.out


def test_a_grade_is_noted_though_nobody_reads_the_report(diary: Diary, right_c: Path) -> None:
    """`socklab check … | true`."""
    line = f"{' '.join(COMMAND)} check {right_c} --only open-port --format json | true"
    run("bash", "-c", line, cwd=diary.cwd, env=diary.env)
    assert len(diary.lines()) == 1


@pytest.mark.parametrize("value", ["off", "OFF", ""])
def test_it_can_be_turned_off(value: str, diary: Diary, right_c: Path) -> None:
    """Then nothing is noted, and nothing is looked up."""
    off = {"SOCKLAB_HISTORY": value}
    assert diary.socklab("check", right_c, *QUICK, env=off).code == 0
    assert not diary.folder.exists()
    diary.hold(attempt("passed"))
    assert "✓" not in diary.socklab("list", env=off).out
    assert "SOCKLAB_HISTORY=off" in diary.socklab("list", "--help").out


def test_the_pytest_plugin_notes_nothing(diary: Diary, right_c: Path) -> None:
    """It is an instructor's tool: what it grades is others' work."""
    words = ("-m", "pytest", "-q", "-p", "no:cacheprovider", "--submission", str(right_c))
    assert run(sys.executable, *words, cwd=right_c.parent, env=diary.env).code == 0
    assert not diary.folder.exists()


# -- trouble with it -------------------------------------------------------------------------------------------------

BROKEN = [
    b"",
    b"no JSON",
    b"\xff\xfe",
    b'{"time": "2026-01-05T13:0',
    b"[]",
    b"null",
    b"[" * 100_000,
    attempt() | {"time": "yesterday"},
    attempt() | {"points": "41"},
    attempt() | {"points": -1},
    attempt() | {"failed": "open-port"},
    attempt() | {"failed": [1]},
    attempt() | {"outcome": "splendid"},
    as_bytes(attempt()).replace(b"41", b"9" * 5000),
    {name: value for name, value in attempt().items() if name != "exercise"},
]


def test_lines_that_cannot_be_read_are_skipped(diary: Diary, right_c: Path) -> None:
    """Those before and after them count, and the next one is written as ever."""
    diary.hold(attempt("passed"), *BROKEN, attempt(language="python"))
    assert diary.state()["attempts"] == 2
    assert diary.socklab("check", right_c, *QUICK).err == ""
    assert diary.state()["attempts"] == 3


def test_a_line_of_a_later_version_is_read(diary: Diary) -> None:
    """It may have more in it."""
    diary.hold(attempt("passed", mood="good"))
    assert diary.state()["state"] == "passed"


def test_a_line_that_was_not_finished_spoils_no_other(diary: Diary, right_c: Path) -> None:
    """The disk was full, or an editor left out the last newline."""
    diary.folder.mkdir()
    diary.path.write_bytes(as_bytes(attempt()) + b"\n" + as_bytes(attempt())[:50])
    diary.socklab("check", right_c, *QUICK)
    assert diary.state()["attempts"] == 2


@pytest.mark.parametrize("obstacle", ["folder is read-only", "file is read-only", "no folder", "file is unreadable"])
def test_a_history_that_cannot_be_kept_is_in_nobodys_way(obstacle: str, diary: Diary, right_c: Path) -> None:
    """`check` says nothing of it; `list` and `next` do, in one line, and end well."""
    if obstacle == "no folder":
        diary.folder.write_text("a file")
    else:
        diary.hold(attempt("passed"))
    if obstacle == "folder is read-only":
        diary.path.unlink()
        diary.folder.chmod(0o500)
    elif obstacle != "no folder":
        diary.path.chmod(0o400 if obstacle == "file is read-only" else 0)
    try:
        checked = diary.socklab("check", right_c, *QUICK, before=as_ordinary_user())
        told = [diary.socklab(command, before=as_ordinary_user()) for command in ("list", "next")]
    finally:
        if diary.folder.is_dir():
            diary.folder.chmod(0o700)
    assert (checked.code, checked.err) == (0, "")
    assert "✓ passed" in checked.out
    for answer in told:
        assert_complains(answer, 0, str(diary.path), "your history cannot be")
        assert "-port-open" in answer.out or "socklab start" in answer.out
    assert ("✓" in told[0].out) == (obstacle == "file is read-only")


@pytest.mark.parametrize("kind", ["folder", "pipe", "device"])
def test_a_history_that_is_no_file_is_not_waited_for(kind: str, diary: Diary, right_c: Path) -> None:
    """Nobody may ever write into a pipe."""
    diary.folder.mkdir()
    {"folder": os.mkdir, "pipe": os.mkfifo, "device": lambda path: os.symlink("/dev/full", path)}[kind](diary.path)
    checked = diary.socklab("check", right_c, *QUICK, timeout=30)
    assert (checked.code, checked.err) == (0, "")
    assert_complains(diary.socklab("list", timeout=30), 0, str(diary.path))


# -- several at once, and many ---------------------------------------------------------------------------------------

MANY = """
import sys
from socklab import history
like = vars(history._read(sys.stdin.buffer.readline()))
for number in range(300):
    history.add([history.Attempt({**like, "seed": number, "file": sys.argv[1]})])
"""


def add_at_once(diary: Diary, *names: str) -> None:
    """A process for each name adds 300 lines that bear it."""
    argv = [sys.executable, "-c", MANY]
    running = [
        subprocess.Popen([*argv, name], env=changed(diary.env), stdin=subprocess.PIPE, cwd=Path(__file__).parents[1])
        for name in names
    ]
    for process in running:
        process.communicate(as_bytes(attempt("passed")) + b"\n", timeout=60)
        assert process.returncode == 0


def seeds(diary: Diary, name: str) -> list[int]:
    """The numbers of the lines that bear a name."""
    return [one["seed"] for one in diary.lines() if one["file"] == name]


def test_processes_that_write_at_once_lose_nothing(diary: Diary) -> None:
    """Each line is whole, and in each process's order."""
    add_at_once(diary, "a", "b", "c")
    assert [seeds(diary, name) for name in "abc"] == [list(range(300))] * 3


@pytest.fixture
def in_process(diary: Diary, monkeypatch: pytest.MonkeyPatch) -> None:
    """The history is used by this process itself, which has all the time in the world."""
    for name, value in {"SOCKLAB_HISTORY": "on", "XDG_STATE_HOME": str(diary.cwd)}.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setattr(history, "_PATIENCE", (10_000, 0.001))
    diary.hold("old")


@pytest.mark.usefixtures("in_process")
def test_a_line_is_not_written_into_a_file_that_was_replaced(diary: Diary, monkeypatch: pytest.MonkeyPatch) -> None:
    """It was cut after it was opened, and before it could be locked."""
    new = diary.folder / "new"
    new.touch()
    lock = history._locked

    def too_late(*words: int) -> bool:
        if new.exists():
            new.replace(diary.path)
        return lock(*words)

    monkeypatch.setattr(history, "_locked", too_late)
    line = history._read(as_bytes(attempt()))
    assert line
    history.add([line])
    assert diary.lines() == [attempt()]


@pytest.mark.usefixtures("in_process")
def test_whoever_waited_while_it_was_cut_writes_into_the_new_file(diary: Diary) -> None:
    """What is open by then is a file that nobody sees any more."""
    line = history._read(as_bytes(attempt()))
    assert line
    with diary.path.open("rb") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        writer = threading.Thread(target=history.add, args=([line],))
        writer.start()
        time.sleep(0.1)
        new = diary.folder / "new"
        new.touch()
        new.replace(diary.path)
    writer.join()
    assert diary.lines() == [attempt()]


def test_nothing_new_is_lost_while_the_history_is_cut(diary: Diary) -> None:
    """Two processes want to cut it at once."""
    old = attempt(file="old", failed=["x" * 700])
    diary.hold(*[old] * 1200)
    assert diary.path.stat().st_size > 1 << 20
    add_at_once(diary, "a", "b")
    assert [seeds(diary, name) for name in "ab"] == [list(range(300))] * 2
    assert diary.path.stat().st_size < 1 << 20
    assert os.listdir(diary.folder) == ["history.jsonl"]


def test_it_does_not_grow_without_bound(diary: Diary, right_c: Path) -> None:
    """The newest thousand stay; and whatever is older and says what was reached, so that nobody's pass is forgotten."""
    reached = [attempt("passed", seed=1), attempt(language="python", points=62, seed=2)]
    many = [attempt(seed=number, language="python") for number in range(10, 3010)]
    diary.hold(*reached, "broken", *many)
    assert diary.path.stat().st_size > 1 << 20
    diary.socklab("check", right_c, *QUICK)
    kept = diary.lines()
    assert [one["seed"] for one in kept[:2]] == [1, 2]
    assert [one["seed"] for one in kept[2:-1]] == list(range(3010 - 999, 3010))
    assert kept[-1]["file"] == str(right_c)
    assert diary.path.stat().st_mode & 0o777 == 0o600


def test_a_long_history_is_cut_by_its_size_too(diary: Diary, right_c: Path) -> None:
    """Else the next line would have it cut again."""
    diary.hold(*[attempt(failed=["x" * 5000])] * 300)
    diary.socklab("check", right_c, *QUICK)
    assert 1 << 18 < diary.path.stat().st_size < (1 << 19) + 6000


# -- list and next ---------------------------------------------------------------------------------------------------

HARNESS_ERROR = attempt("harness-error", time="2026-01-07T13:02:00Z")
UNGRADABLE = attempt("ungradable", time="2026-01-07T13:02:00Z")
LATER = attempt(time="2026-01-07T13:02:00Z")
ONE_CHECK = attempt("passed", only=["open-port"], points=3, possible=3)


@pytest.mark.parametrize(
    ("lines", "state", "said"),
    [
        ([], "open", "· is-port-open open"),
        ([attempt()], "tried", "~ is-port-open tried, 41 of 63 points so far (5 Jan 2026, 14:02)"),
        ([attempt(points=60), LATER], "tried", "~ is-port-open tried, 60 of 63 points so far (5 Jan 2026, 14:02)"),
        ([attempt(), UNGRADABLE], "tried", "~ is-port-open tried, 41 of 63 points so far (5 Jan 2026, 14:02)"),
        ([attempt(), HARNESS_ERROR], "tried", "~ is-port-open tried, 41 of 63 points so far (5 Jan 2026, 14:02)"),
        ([UNGRADABLE], "tried", "~ is-port-open tried, not judged as a whole yet (7 Jan 2026, 14:02)"),
        ([HARNESS_ERROR], "tried", "~ is-port-open tried, not judged as a whole yet (7 Jan 2026, 14:02)"),
        ([ONE_CHECK], "tried", "~ is-port-open tried, not judged as a whole yet (5 Jan 2026, 14:02)"),
        ([attempt("passed"), attempt(), UNGRADABLE], "passed", "✓ is-port-open passed in c (5 Jan 2026, 14:02)"),
        (
            [attempt("passed"), attempt("passed", language="python", time="2026-07-31T23:30:00Z")],
            "passed",
            "✓ is-port-open passed in c (5 Jan 2026, 14:02), in python (1 Aug 2026, 00:30)",
        ),
    ],
    ids=[
        "nothing",
        "failed",
        "the best counts",
        "then ungradable",
        "then our fault",
        "ungradable",
        "our fault",
        "one check alone",
        "passed once",
        "in both languages",
    ],
)
def test_list_shows_how_far_one_is(lines: list[dict[str, Any]], state: str, said: str, diary: Diary) -> None:
    """In the user's own time; nothing that comes later lowers what was reached."""
    diary.hold(*lines)
    answer = diary.socklab("list", env=VIENNA)
    assert (answer.code, answer.err) == (0, "")
    rows = answer.out.splitlines()
    first = next(number for number, row in enumerate(rows) if " is-port-open " in row)
    assert " ".join([*rows[first].split()[:2], rows[first + 2].strip()]) == said
    told = diary.state()
    assert (told["state"], told["attempts"]) == (state, len(lines))


def test_list_tells_scripts_all_of_it(diary: Diary) -> None:
    """Times are UTC there."""
    diary.hold(attempt("passed", language="python"), attempt(time="2026-01-06T08:00:00Z"))
    told = diary.state()
    assert told["passed"] == {"python": "2026-01-05T13:02:00Z"}
    assert told["best"] == {"points": 63, "possible": 63, "time": "2026-01-05T13:02:00Z"}
    assert told["last"]["time"] == "2026-01-06T08:00:00Z"
    assert (told["title"], told["languages"]) == ("Is anything listening?", ["c", "python"])


def test_of_today_the_clock_is_enough(diary: Diary) -> None:
    """Told in a time zone in which it is noon, lest midnight come between."""
    now = time.gmtime()
    env = {"TZ": f"NOON{now.tm_hour - 12:+d}"}
    diary.hold(attempt("passed", time=time.strftime("%Y-%m-%dT%H:%M:%SZ", now)))
    assert f"passed in c (12:{now.tm_min:02})" in diary.socklab("list", env=env).out


def test_list_is_coloured_at_a_terminal_alone(diary: Diary) -> None:
    """As reports are."""
    diary.hold(attempt("passed"))
    with Terminal("list", cwd=diary.cwd, env=diary.env) as terminal:
        assert terminal.wait_for_end() == 0
    assert "\x1b[32m✓\x1b[0m is-port-open" in terminal.text
    assert "\x1b" not in diary.socklab("list").out


def test_next_begins_with_the_first_exercise(diary: Diary) -> None:
    """Nothing is noted yet."""
    answer = diary.socklab("next")
    assert (answer.code, answer.err) == (0, "")
    title, state, command = answer.out.splitlines()
    assert title == "is-port-open: Is anything listening?"
    assert state == "Not begun yet; about 45 minutes."
    assert command.split() == ["socklab", "start", "is-port-open"]


@pytest.mark.parametrize(
    ("line", "said"),
    [
        (attempt(), f"41 of 63 points, first to fix: {TITLE}"),
        (attempt(failed=["gone-meanwhile"]), "41 of 63 points, first to fix: gone-meanwhile"),
        (attempt("ungradable"), "it does not compile: line 3: expected ';'"),
        (attempt("harness-error"), "the grader failed; no points are lost by this."),
        (attempt(only=["open-port"], failed=["open-port"]), f"first to fix: {TITLE}"),
        (ONE_CHECK, "passes what --only asked for; the other checks are next."),
        (attempt("ungradable", reason="\x1b[2J"), "\\x1b[2J"),
    ],
    ids=["failed", "unknown check", "ungradable", "our fault", "one check fails", "one check passes", "not ours"],
)
def test_next_goes_on_with_what_was_tried(line: dict[str, Any], said: str, diary: Diary, right_c: Path) -> None:
    """The file, what is first to be mended, and a command that can be copied as it stands."""
    diary.hold(line | {"file": str(right_c)})
    answer = diary.socklab("next", cwd=right_c.parent)
    assert (answer.code, answer.err) == (0, "")
    assert_printable(answer.out)
    assert answer.out.splitlines()[1:] == [f"{right_c}: {said}", "  socklab check is_port_open.c"]


def test_next_goes_on_with_the_last_file_that_was_judged(diary: Diary, right_c: Path, failing_c: Path) -> None:
    """A grade that failed by our own fault says nothing about a file."""
    diary.hold(attempt(file="/nowhere"), attempt(file=str(failing_c)), HARNESS_ERROR | {"file": str(right_c)})
    assert f"{failing_c}: 41 of 63" in diary.socklab("next").out


@pytest.mark.parametrize("name", ["my own.c", "-x.c", "$(touch done).c"])
def test_the_command_of_next_can_be_copied(name: str, diary: Diary, right_c: Path) -> None:
    """Whatever the file is called, and from wherever one is."""
    path = right_c.rename(right_c.with_name(name))
    diary.hold(attempt(file=str(path)))
    for folder in (path.parent, diary.cwd):
        command = diary.socklab("next", cwd=folder).out.splitlines()[2].strip().removeprefix("socklab")
        answer = run("bash", "-c", f"{' '.join(COMMAND)} {command} --only open-port", cwd=folder, env=diary.env)
        assert (answer.code, answer.err) == (0, "")
        assert not (folder / "done").exists()


def test_next_starts_again_what_is_no_longer_there(diary: Diary) -> None:
    """In the same language."""
    diary.hold(attempt(file="/nowhere/is_port_open.py", language="python"))
    rows = diary.socklab("next").out.splitlines()
    assert rows[1] == "/nowhere/is_port_open.py: 41 of 63 points, but the file is no longer there."
    assert rows[2].split() == "socklab start is-port-open --lang python".split()


def test_next_is_kind_when_all_is_done(diary: Diary, exercises: Path) -> None:
    """There may be more exercises some day."""
    names = sorted(path.parent.name for path in exercises.glob("*/exercise.toml"))
    diary.hold(*[attempt("passed", exercise=name) for name in names])
    answer = diary.socklab("next")
    assert (answer.code, answer.err) == (0, "")
    assert re.match("Well done: every exercise is passed", answer.out)
