"""Runs through `socklab serve`: what they tell while they go on, one at a time, stopped wherever they are, right in the end."""

import json
import os
import shutil
import signal
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from front_door import SPINS, all_end, descendants, reports, socklab, started, wait_until, wait_until_busy
from serving import ADDRESS, Server, lines, serve

C, PYTHON = "/api/files/is-port-open/c", "/api/files/is-port-open/python"

RIGHT = (Path(__file__).parents[3] / "solutions" / "is-port-open" / "right" / "blocking.py").read_text()

SPINS_PY = "def is_port_open(port):\n    while True:\n        pass\n"


def wanted(text: str, lang: str = "python", base: str = "", **more: object) -> dict[str, object]:
    """What a page posts to have a text graded."""
    return {"exercise": "is-port-open", "lang": lang, "text": text, "base": base, **more}


@contextmanager
def running(server: Server, body: dict[str, object], path: str = "/api/runs") -> Iterator[Iterator[dict[str, Any]]]:
    """The events of a run, as they come; the page goes away when the block is left."""
    with server.asked("POST", path, body) as answer:
        assert answer.status == 200, answer.read()
        yield lines(answer)


def until(events: Iterator[dict[str, Any]], kind: str) -> dict[str, Any]:
    """The next event of a kind."""
    for event in events:
        if event["event"] == kind:
            return event
    raise AssertionError(f"the run ended without: {kind}")


def report_of(events: list[dict[str, Any]]) -> dict[str, Any]:
    """The one event with a report, before the end."""
    found = [event for event in events if event["event"] == "report"]
    assert len(found) == 1, events
    assert events[-1]["event"] == "ended"
    return found[0]


def current(server: Server, path: str = PYTHON) -> str:
    """The version on disk."""
    return server.ask("GET", path).json["version"]


# -- what is told ----------------------------------------------------------------------------------------------------


def test_a_run_tells_everything_in_order(served: Server, solutions: Path) -> None:
    """Its place in the queue, its begin, each check, the verdict and the end; the file is saved, and the attempt kept."""
    text = (solutions / "right" / "blocking.c").read_text()
    events = served.events("/api/runs", wanted(text, "c"))
    kinds = [event["event"] for event in events]
    assert kinds[:3] == ["queued", "started", "begun"]
    assert kinds[-2:] == ["report", "ended"]
    assert set(kinds[3:-2]) == {"ran"}
    assert events[0] == {"event": "queued", "id": events[1]["id"], "ahead": 0}
    assert {check["slug"] for check in events[2]["checks"]} == {
        event["slug"] for event in events if event["event"] == "ran"
    }
    assert events[-1] == {"event": "ended", "how": "done", "code": 0}
    told = report_of(events)
    assert told["report"]["outcome"] == "passed"
    assert (served.folder / "is_port_open.c").read_text() == text
    assert told["version"] == events[1]["version"] == current(served, C) == told["report"]["sha256"]
    assert (told["trouble"], told["marks"]) == ("", [])
    (attempt,) = told["attempts"]
    assert (attempt["outcome"], attempt["points"], attempt["whole"]) == ("passed", told["report"]["points"], True)
    assert served.ask("GET", f"{C}/attempts/{attempt['id']}").json == {"text": text}


def test_the_first_event_comes_long_before_the_last(served: Server) -> None:
    """While the run is under way, and goes on for as long as it likes."""
    with running(served, wanted(SPINS, "c")) as events:
        assert until(events, "begun")["checks"]
        assert until(events, "ran")["outcome"] == "failed"
        assert descendants(served.process.pid)


def test_the_verdict_is_that_of_check(served: Server, exercises: Path, tmp_path: Path) -> None:
    """Each check as the command line has it, with the same file and seed."""
    text = (exercises / "is-port-open" / "starter.c").read_text().replace("return -1", "return 0")
    told = report_of(served.events("/api/runs", wanted(text, "c")))["report"]
    (same,) = reports("is_port_open.c", "--seed", str(told["seed"]), cwd=served.folder)
    assert {each["slug"]: each["outcome"] for each in told["results"]} == {
        r["slug"]: r["outcome"] for r in same["results"]
    }
    assert (told["outcome"], told["points"]) == (same["outcome"], same["points"]) == ("failed", told["points"])


def test_a_report_is_a_fragment_without_script_or_style(served: Server) -> None:
    """What the page's policy would refuse anyway; its sheet is served beside it, for the same class."""
    told = report_of(served.events("/api/runs", wanted("def is_port_open(port):\n    return 0\n")))
    for part in ("<script", "<style", " style=", " onclick", "javascript:"):
        assert part not in told["html"]
    kind = told["html"].split('class="socklab ')[1].split('"')[0]
    assert f".{kind} {{" in served.ask("GET", "/static/report.css").body.decode()
    assert f'data-check="{told["report"]["to_fix"][0]}"' in told["html"]
    assert "socklab check is-port-open" in told["html"]


def test_markup_in_a_submission_stays_text(served: Server) -> None:
    """In the fragment."""
    told = report_of(
        served.events("/api/runs", wanted("def is_port_open(port):\n    raise ValueError('<img src=x onerror=y>')\n"))
    )
    assert "<img" not in told["html"]


def test_compiler_messages_are_marks(served: Server) -> None:
    """Errors and warnings, each at its line; nothing was run."""
    told = report_of(served.events("/api/runs", wanted("int is_port_open(int port)\n{\n    return 1\n}\n", "c")))
    assert told["report"]["outcome"] == "ungradable"
    assert [(mark["line"], mark["kind"]) for mark in told["marks"]] == [(3, "error"), (1, "warning")]
    assert "expected" in told["marks"][0]["text"]
    assert told["attempts"][0]["outcome"] == "ungradable"


def test_mistakes_and_recorded_calls_are_marks(served: Server, solutions: Path) -> None:
    """Of the check to mend first."""
    text = (solutions / "wrong" / "missing-htons.c").read_text()
    told = report_of(served.events("/api/runs", wanted(text, "c")))
    lines_of = {kind: [mark["line"] for mark in told["marks"] if mark["kind"] == kind] for kind in ("mistake", "call")}
    assert lines_of["mistake"]
    source = text.splitlines()
    assert any("connect(" in source[line - 1] for line in lines_of["call"])
    assert any("connect(" in mark["text"] for mark in told["marks"] if mark["kind"] == "call")


def test_one_check_can_be_run_alone(served: Server) -> None:
    """Such an attempt says nothing about the whole."""
    events = served.events("/api/runs", wanted(RIGHT, only=["closed-port"]))
    told = report_of(events)
    slugs = [each["slug"] for each in told["report"]["results"]]
    assert "closed-port" in slugs
    assert len(slugs) < 5, "it, and what it needs"
    assert told["report"]["outcome"] == "passed"
    assert told["attempts"][0]["whole"] is False


def test_all_is_told_in_the_language_that_is_spoken(tmp_path: Path) -> None:
    """Titles, fragment, marks, and what cannot be graded."""
    with serve(tmp_path, "--lang", "ko") as server:
        events = server.events("/api/runs", wanted("def is_port_open(port):\n    return 1\n"))
        texts = [check["title"] for check in events[2]["checks"]] + [report_of(events)["html"]]
        texts += [
            event["message"]
            for event in server.events("/api/runs", wanted(" ", base=current(server)))
            if event["event"] == "error"
        ]
        body = {"exercise": "is-port-open", "lang": "python", "check": "closed-port"}
        save(server, "def is_port_open(port):\n    return 1\n")
        texts.append("".join(event.get("text", "") for event in server.events("/api/replays", body)))
        for text in texts:
            assert any("가" <= c <= "힣" for c in text), text


def save(server: Server, text: str) -> None:
    """Save a text, whatever is there."""
    assert server.ask("PUT", PYTHON, {"text": text, "base": current(server)}).status == 200


def test_what_cannot_even_be_read_is_an_error_in_one_line(served: Server) -> None:
    """An empty file; no path of ours is in it."""
    events = served.events("/api/runs", wanted(" \n"))
    (error,) = [event for event in events if event["event"] == "error"]
    assert error["exit_code"] == 3
    assert error["message"].startswith("is_port_open.py: the file is empty.")
    assert events[-1]["event"] == "ended"


# -- files, history, attempts ----------------------------------------------------------------------------------------


def test_a_run_saves_as_an_edit_does(served: Server) -> None:
    """And does nothing where the file is another one by now."""
    file = served.folder / "is_port_open.py"
    file.write_text("theirs = 1\n")
    told = served.ask("POST", "/api/runs", wanted("mine = 1\n"))
    assert (told.status, told.json["text"]) == (409, "theirs = 1\n")
    assert file.read_text() == "theirs = 1\n"


def test_what_was_posted_is_graded_whatever_is_saved_meanwhile(served: Server, solutions: Path) -> None:
    """While it waits in the queue, from another page or another program."""
    right = (solutions / "right" / "blocking.py").read_text()
    with running(served, wanted(SPINS, "c")) as first:
        until(first, "begun")
        with running(served, wanted(right)) as second:
            assert until(second, "queued")["ahead"] == 1
            save(served, "changed = 1\n")
            stop(served, "1")
            told = until(second, "report")
            assert told["report"]["outcome"] == "passed"
            assert told["version"] != current(served)
            assert served.ask("GET", f"{PYTHON}/attempts/{told['attempts'][0]['id']}").json["text"] == right
    assert (served.folder / "is_port_open.py").read_text() == "changed = 1\n"


def test_runs_are_noted_in_the_history_as_check_notes_them(tmp_path: Path, solutions: Path) -> None:
    """With the learner's own file; the page tells how far it is then, and so does `socklab next`."""
    env = {"SOCKLAB_HISTORY": "on", "XDG_STATE_HOME": str(tmp_path / "state")}
    folder = tmp_path / "mine"
    folder.mkdir()
    with serve(folder, env=env) as server:
        report_of(server.events("/api/runs", wanted("def is_port_open(port):\n    return 0\n")))
        first = server.ask("GET", "/api/exercises").json
        assert (first["exercises"][0]["state"], first["next"], first["trouble"]) == ("tried", "is-port-open", "")
        assert first["exercises"][0]["best"]["points"] > 0
        assert first["exercises"][0]["chosen"] == "python"
        text = (solutions / "right" / "blocking.py").read_text()
        report_of(server.events("/api/runs", wanted(text, base=current(server))))
        then = server.ask("GET", "/api/exercises").json
        assert then["exercises"][0]["state"] == "passed"
        assert list(then["exercises"][0]["passed"]) == ["python"]
        assert then["next"] != "is-port-open"
    noted = [json.loads(line) for line in (tmp_path / "state" / "socklab" / "history.jsonl").read_text().splitlines()]
    assert [(one["outcome"], one["file"]) for one in noted] == [
        (o, str(folder / "is_port_open.py")) for o in ("failed", "passed")
    ]


def test_attempts_are_kept_once_and_not_for_ever(tmp_path: Path) -> None:
    """The same text again takes the place of the last; more than fifty are too many; and no other program sees them."""
    from socklab.editor.attempts import KEPT, Attempts
    from socklab.reports.json import from_dict

    with serve(tmp_path) as server:
        text = "def is_port_open(port):\n    return 0\n"
        first = report_of(server.events("/api/runs", wanted(text, only=["closed-port"])))
        again = report_of(server.events("/api/runs", wanted(text, base=current(server), only=["closed-port"])))
        assert len(again["attempts"]) == 1
        assert again["attempts"][0]["id"] > first["attempts"][0]["id"]
        attempts = Attempts(str(tmp_path), "is_port_open.py")
        made = from_dict(first["report"])
        for number in range(KEPT + 5):
            attempts.keep(f"a = {number}\n".encode(), made, whole=True)
        kept = server.ask("GET", PYTHON).json["attempts"]
        assert len(kept) == KEPT
        assert server.ask("GET", f"{PYTHON}/attempts/{kept[0]['id']}").json["text"] == f"a = {KEPT + 4}\n"
        rows = server.ask("POST", f"{PYTHON}/diff", {"with": kept[0]["id"], "text": "a = 1\n"}).json["rows"]
        assert [row["kind"] for row in rows] == ["-", "+"]
    assert (tmp_path / ".socklab" / ".gitignore").read_text() == "*\n"
    assert sorted(path.name for path in tmp_path.iterdir()) == [".socklab", "is_port_open.py"]


def test_an_attempt_that_cannot_be_kept_keeps_nobody_from_being_graded(served: Server) -> None:
    """A file is where the folder would be; the page is told."""
    (served.folder / ".socklab").write_text("mine")
    told = report_of(served.events("/api/runs", wanted(RIGHT, only=["closed-port"])))
    assert told["report"]["outcome"] == "passed"
    assert "could not be kept" in told["trouble"]
    assert told["attempts"] == []


def test_what_lies_in_the_learners_folder_is_nobodys_module_and_no_word(tmp_path: Path) -> None:
    """A file of theirs called socket.py, or as an exercise is called."""
    folder = tmp_path / "mine"
    folder.mkdir()
    for name in ("socket.py", "json.py"):
        (folder / name).write_text("raise SystemExit('taken for the real one')\n")
    (folder / "is-port-open").write_text("a program")
    with started("serve", str(folder), "--port", "0", "--no-open", cwd=tmp_path) as process:
        assert process.stdout
        found = ADDRESS.search(process.stdout.readline())
        assert found
        server = Server(process, folder, found[0], int(found[1]), found[2])
        told = report_of(server.events("/api/runs", wanted(RIGHT, only=["closed-port"])))
        assert told["report"]["outcome"] == "passed"


# -- stopping --------------------------------------------------------------------------------------------------------


def stop(server: Server, number: str) -> None:
    """Press Stop."""
    assert server.ask("POST", f"/api/runs/{number}/stop", {}).status == 204


@pytest.mark.parametrize(("lang", "text", "busy"), [("c", SPINS, "runner"), ("python", SPINS_PY, "python3.")])
def test_stop_ends_everything(served: Server, lang: str, text: str, busy: str) -> None:
    """Whatever the submission does; and there is no verdict."""
    with running(served, wanted(text, lang)) as events:
        until(events, "begun")
        wait_until_busy(served.process, busy)
        with all_end(served.process) as family:
            assert len(family) > 2
            stop(served, "1")
            rest = list(events)
    assert rest[-1] == {"event": "ended", "how": "stopped"}
    assert [event for event in rest if event["event"] in ("report", "error")] == []
    stop(served, "1")  # once more is no error
    assert descendants(served.process.pid) == []


def test_a_run_that_waits_can_be_stopped(served: Server) -> None:
    """Those behind it move up, and the one before it goes on."""
    with (
        running(served, wanted(SPINS, "c")) as first,
        running(served, wanted("a = 1\n")) as second,
        running(
            served, {"exercise": "is-port-open", "lang": "python", "check": "closed-port"}, "/api/replays"
        ) as third,
    ):
        until(first, "begun")
        assert [until(each, "queued")["ahead"] for each in (second, third)] == [1, 2]
        stop(served, "2")
        assert list(second) == [{"event": "ended", "how": "stopped"}]
        assert until(third, "queued")["ahead"] == 1
        assert until(first, "ran")
        stop(served, "1")
        assert until(third, "started")["id"] == "3"


def test_whoever_goes_away_stops_what_they_asked_for(served: Server) -> None:
    """A tab that is closed leaves nothing behind, and the next one in the queue has its turn."""
    with running(served, wanted(RIGHT)):
        pass
    with running(served, wanted(SPINS, "c")) as events:
        until(events, "begun")
        wait_until_busy(served.process, "runner")
        with running(served, wanted("a = 1\n", base=current(served))) as second:
            assert until(second, "queued")["ahead"] >= 1
        family = descendants(served.process.pid)
        assert family
    wait_until(lambda: descendants(served.process.pid) == [], served.process, "all of it ended")
    told = report_of(served.events("/api/runs", wanted("b = 1\n", base=current(served))))
    assert told["report"]["outcome"] == "ungradable"


def test_there_is_no_stopping_what_there_never_was(served: Server) -> None:
    """404, and a sentence."""
    for number in ("1", "0", "-1", "x", "%D9%A1", "9" * 5000):
        told = served.ask("POST", f"/api/runs/{number}/stop", {})
        assert told.status == 404
        assert "no run" in told.json["error"]


def test_a_grader_that_dies_is_told_and_the_next_run_goes_on(served: Server) -> None:
    """Killed by the machine, for want of memory say."""
    with running(served, wanted(SPINS, "c")) as events:
        until(events, "begun")
        (child,) = [each for each in descendants(served.process.pid) if each.parent == served.process.pid]
        os.kill(child.pid, signal.SIGKILL)
        error = until(events, "error")
        assert "ended without a report" in error["message"]
        assert error["exit_code"] == 4
        assert until(events, "ended") == {"event": "ended", "how": "done", "code": 128 + signal.SIGKILL}
    told = report_of(served.events("/api/runs", wanted(RIGHT, only=["closed-port"])))
    assert told["report"]["outcome"] == "passed"


# -- many ------------------------------------------------------------------------------------------------------------


def test_a_page_that_reads_slowly_holds_up_no_run(served: Server) -> None:
    """Its own goes on to its end, though it reads nothing of megabytes, and so does the next one."""
    loud = f'#warning "{"x" * 100}"\n' * 8000 + SPINS  # each is told three times
    with served.asked("POST", "/api/runs", wanted(loud, "c")) as unread:
        told = report_of(served.events("/api/runs", wanted("def is_port_open(port):\n    return 0\n")))
        assert told["report"]["outcome"] == "failed"
        late = unread.read()
    assert len(late) > 2_000_000, "more than the kernel keeps for a reader"
    assert json.loads(late.splitlines()[-1]) == {"event": "ended", "how": "done", "code": 1}


def test_twenty_at_once_are_each_told_the_right_verdict(served: Server, solutions: Path) -> None:
    """One after the other, whoever asked first; each of its own text, though all save the same file."""
    right = (solutions / "right" / "blocking.py").read_text()
    barrier = threading.Barrier(20)

    def post(number: int) -> tuple[str, str]:
        text = f"{right}\n# page {number}\n" if number % 2 else f"def is_port_open(port):\n    return {number}\n"
        barrier.wait()
        while True:
            told = served.ask("GET", PYTHON).json["version"]
            with served.asked("POST", "/api/runs", wanted(text, base=told)) as answer:
                if answer.status == 200:
                    events = list(lines(answer))
                    break
                assert answer.status == 409
        found = report_of(events)
        kept = served.ask("GET", f"{PYTHON}/attempts/{found['attempts'][0]['id']}").json["text"]
        assert kept == text
        return found["report"]["outcome"], "passed" if number % 2 else "failed"

    with ThreadPoolExecutor(20) as pages:
        for outcome, expected in pages.map(post, range(20)):
            assert outcome == expected


# -- replays ---------------------------------------------------------------------------------------------------------


def test_a_replay_is_told_line_by_line(served: Server, right_py: Path) -> None:
    """As `socklab replay` tells it, of the file on disk."""
    shutil.copy(right_py, served.folder)
    body = {"exercise": "is-port-open", "lang": "python", "check": "closed-port"}
    events = served.events("/api/replays", body)
    assert [event["event"] for event in events[:2]] == ["queued", "started"]
    assert events[-1] == {"event": "ended", "how": "done", "code": 0}
    told = [event["text"] for event in events if event["event"] == "line"]
    same = socklab("replay", "is-port-open", "closed-port", "is_port_open.py", cwd=served.folder).out.splitlines()
    assert told[0] == same[0]
    assert any("connect(" in line for line in told)
    assert any("passed" in line for line in told[-6:])


def test_a_replay_that_cannot_be_is_told_why(served: Server) -> None:
    """There is no file yet; a check that cannot be replayed; one that there is not."""
    body = {"exercise": "is-port-open", "lang": "c", "check": "closed-port"}
    events = served.events("/api/replays", body)
    assert events[-1]["code"] == 2
    assert "no such file" in events[-2]["text"]
    save_c = served.ask("PUT", C, {"text": SPINS, "base": ""})
    assert save_c.status == 200
    events = served.events("/api/replays", {**body, "check": "memory"})
    assert "arranges nothing itself" in events[-2]["text"]
    assert served.ask("POST", "/api/replays", {**body, "check": "none"}).status == 404


def test_a_replay_can_be_stopped(served: Server) -> None:
    """As a run can."""
    assert served.ask("PUT", C, {"text": SPINS, "base": ""}).status == 200
    with running(served, {"exercise": "is-port-open", "lang": "c", "check": "closed-port"}, "/api/replays") as events:
        until(events, "line")
        with all_end(served.process):
            stop(served, "1")
            assert until(events, "ended") == {"event": "ended", "how": "stopped"}
