"""The learner's files through `socklab serve`: those of the command line, changed in either place, and nothing of them lost."""

import hashlib
import http.client
import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from front_door import as_ordinary_user, socklab
from serving import Server, lines, serve

C = "/api/files/is-port-open/c"
PYTHON = "/api/files/is-port-open/python"


def version(content: bytes) -> str:
    """What the server calls the version of these bytes."""
    return hashlib.sha256(content).hexdigest()


def save(server: Server, text: str, base: str, path: str = PYTHON) -> str:
    """Save a text, which has to go well; its version."""
    told = server.ask("PUT", path, {"text": text, "base": base})
    assert told.status == 200, told.body
    return told.json["version"]


# -- exercises -------------------------------------------------------------------------------------------------------


def test_every_exercise_is_told_with_how_far_it_is(served: Server, exercises: Path) -> None:
    """In their order; with the file of each language, and which comes next."""
    told = served.ask("GET", "/api/exercises").json
    assert {each["slug"] for each in told["exercises"]} == {
        path.parent.name for path in exercises.glob("*/exercise.toml")
    }
    first = told["exercises"][0]
    assert (told["language"], told["folder"], told["next"]) == ("en", str(served.folder), first["slug"])
    assert first["languages"] == [
        {"name": "c", "file": "is_port_open.c"},
        {"name": "python", "file": "is_port_open.py"},
    ]
    assert (first["state"], first["passed"], first["best"], first["chosen"]) == ("open", {}, None, "c")
    assert told["exercises"][1]["waits_for"]


def test_the_language_that_a_file_is_there_in_is_chosen(served: Server) -> None:
    """A folder that the command line began."""
    assert socklab("start", "is-port-open", "--lang", "python", cwd=served.folder).code == 0
    assert served.ask("GET", "/api/exercises").json["exercises"][0]["chosen"] == "python"


def test_a_statement_is_shown_as_html_and_its_checks_are_named(served: Server, exercises: Path) -> None:
    """Without its heading, which the title says; hidden checks are nobody's business."""
    for each in served.ask("GET", "/api/exercises").json["exercises"]:
        told = served.ask("GET", f"/api/exercises/{each['slug']}").json
        assert told["title"] == each["title"]
        assert told["statement"].startswith("<p>")
        assert "<script" not in told["statement"]
        assert len(told["checks"]) > 5
        assert {type(check["replayable"]) for check in told["checks"]} == {bool}


def test_markup_in_a_statement_is_text() -> None:
    """Whoever writes an exercise cannot put a script into the page by accident."""
    from socklab.editor.told import statement

    made = statement(
        "# title\n\n<script>alert(1)</script> <b>bold</b> [x](javascript:alert(1)) `a < b`\n\n| a |\n|---|\n| 1 |\n"
    )
    assert "<script" not in made
    assert "<b>" not in made
    assert "href" not in made
    assert "<code>a &lt; b</code>" in made
    assert "<td>1</td>" in made


def test_all_is_told_in_korean(tmp_path: Path) -> None:
    """Titles, statements and refusals; and the language is named."""
    with serve(tmp_path, "--lang", "ko") as server:
        told = server.ask("GET", "/api/exercises").json
        assert told["language"] == "ko"
        first = told["exercises"][0]
        for text in (
            first["title"],
            first["summary"],
            server.ask("GET", "/api/exercises/is-port-open").json["statement"],
        ):
            assert any("가" <= c <= "힣" for c in text)
        refused = server.ask("GET", "/api/exercises/none").json["error"]
        assert any("가" <= c <= "힣" for c in refused)


# -- reading and writing ---------------------------------------------------------------------------------------------


def test_nothing_is_written_before_the_first_edit(served: Server, exercises: Path) -> None:
    """Until then the starter is shown."""
    told = served.ask("GET", C).json
    starter = (exercises / "is-port-open" / "starter.c").read_text()
    assert (told["exists"], told["version"], told["attempts"]) == (False, "", [])
    assert told["text"] == told["starter"] == starter
    assert told["path"] == str(served.folder / told["name"])
    assert list(served.folder.iterdir()) == []


def test_the_first_edit_writes_the_file_and_the_header_that_it_includes(served: Server, exercises: Path) -> None:
    """What the learner's own compiler looks for; a header that is there stays as it is."""
    now = save(served, "int x;\n", "", C)
    assert (served.folder / "is_port_open.c").read_bytes() == b"int x;\n"
    assert now == version(b"int x;\n")
    header = served.folder / "is_port_open.h"
    assert header.read_bytes() == (exercises / "is-port-open" / "is_port_open.h").read_bytes()
    header.write_text("mine")
    (served.folder / "is_port_open.c").unlink()
    save(served, "int y;\n", "", C)
    assert header.read_text() == "mine"
    assert sorted(path.name for path in served.folder.iterdir()) == ["is_port_open.c", "is_port_open.h"]


def test_a_file_of_the_command_line_is_the_same_one(served: Server) -> None:
    """What `start` laid down is shown, and what is saved is what `check` reads."""
    assert socklab("start", "is-port-open", cwd=served.folder).code == 0
    file = served.folder / "is_port_open.c"
    told = served.ask("GET", C).json
    assert (told["exists"], told["version"]) == (True, version(file.read_bytes()))
    save(served, "int broken", told["version"], C)
    assert socklab("check", "is_port_open.c", cwd=served.folder).code == 3


def test_what_another_program_saved_is_not_written_over(served: Server) -> None:
    """The page is given the other text, and may then say that it wants its own."""
    base = save(served, "mine = 1\n", "")
    file = served.folder / "is_port_open.py"
    file.write_text("theirs = 1\n")
    told = served.ask("PUT", PYTHON, {"text": "mine = 2\n", "base": base})
    assert told.status == 409
    assert (told.json["text"], told.json["version"]) == ("theirs = 1\n", version(b"theirs = 1\n"))
    assert "is_port_open.py" in told.json["error"]
    assert file.read_text() == "theirs = 1\n"
    save(served, "mine = 2\n", told.json["version"])
    assert file.read_text() == "mine = 2\n"


def test_a_file_that_was_deleted_is_not_written_by_accident(served: Server, exercises: Path) -> None:
    """The page is told, with the version that there is none."""
    base = save(served, "mine = 1\n", "")
    (served.folder / "is_port_open.py").unlink()
    told = served.ask("PUT", PYTHON, {"text": "mine = 2\n", "base": base})
    assert (told.status, told.json["version"]) == (409, "")
    assert told.json["text"] == (exercises / "is-port-open" / "starter.py").read_text()
    save(served, "mine = 2\n", "")


def test_two_pages_cannot_write_over_each_other(served: Server) -> None:
    """The second one to save is told what the first one saved."""
    base = save(served, "a = 0\n", "")
    save(served, "a = 1\n", base)
    told = served.ask("PUT", PYTHON, {"text": "a = 2\n", "base": base})
    assert (told.status, told.json["text"]) == (409, "a = 1\n")


def test_a_text_that_is_there_already_is_no_conflict(served: Server) -> None:
    """Nor is it written once more: no other program is made to look."""
    base = save(served, "a = 1\n", "")
    file = served.folder / "is_port_open.py"
    before = file.stat()
    assert save(served, "a = 1\n", "some other version") == base
    after = file.stat()
    assert (after.st_mtime_ns, after.st_ino) == (before.st_mtime_ns, before.st_ino)


@pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf"])
@pytest.mark.parametrize("end", [b"\n", b"\r\n"])
def test_ends_of_lines_and_a_byte_order_mark_stay(served: Server, end: bytes, mark: bytes) -> None:
    """A page has neither; a file from another system keeps both."""
    file = served.folder / "is_port_open.py"
    file.write_bytes(mark + b"a = 1" + end + b"b = 2" + end)
    told = served.ask("GET", PYTHON).json
    assert told["text"] == "a = 1\nb = 2\n"
    assert save(served, told["text"], "any") == told["version"]
    save(served, "a = 1\nb = 3\n", told["version"])
    assert file.read_bytes() == mark + b"a = 1" + end + b"b = 3" + end


def test_mode_and_links_stay(served: Server, tmp_path: Path) -> None:
    """As an editor would have it; and nothing else is left in the folder."""
    elsewhere = tmp_path / "elsewhere.py"
    elsewhere.write_text("a = 1\n")
    elsewhere.chmod(0o750)
    link = served.folder / "is_port_open.py"
    link.symlink_to(elsewhere)
    save(served, "a = 2\n", version(b"a = 1\n"))
    assert link.is_symlink()
    assert elsewhere.read_text() == "a = 2\n"
    assert stat.S_IMODE(elsewhere.stat().st_mode) == 0o750
    assert [path.name for path in served.folder.iterdir()] == ["is_port_open.py"]


def test_a_link_to_nothing_is_no_file_yet(served: Server, tmp_path: Path) -> None:
    """The first edit writes where it leads."""
    (served.folder / "is_port_open.py").symlink_to(tmp_path / "later.py")
    assert served.ask("GET", PYTHON).json["exists"] is False
    save(served, "a = 1\n", "")
    assert (tmp_path / "later.py").read_text() == "a = 1\n"


@pytest.mark.parametrize("content", [b"caf\xe9 = 1\n", b"\xff\xfea\0", b"\x7fELF\0\0"])
def test_what_is_no_text_is_left_as_it_is(served: Server, content: bytes) -> None:
    """It cannot be edited here, and the page is told why."""
    file = served.folder / "is_port_open.py"
    file.write_bytes(content)
    assert "was left as it is" in served.ask("GET", PYTHON).json["error"]
    for base in ("", version(content)):
        told = served.ask("PUT", PYTHON, {"text": "x", "base": base})
        assert told.status == 409
        assert "was left as it is" in told.json["error"]
    assert file.read_bytes() == content
    file.unlink()
    assert served.ask("PUT", PYTHON, {"text": "a\0b", "base": ""}).status == 409
    assert not file.exists()


@pytest.mark.parametrize("kind", ["folder", "fifo", "device"])
def test_what_is_no_ordinary_file_is_not_touched(served: Server, kind: str) -> None:
    """And nobody waits for it: opening a FIFO to read it would."""
    path = served.folder / "is_port_open.py"
    {"folder": path.mkdir, "fifo": lambda: os.mkfifo(path), "device": lambda: path.symlink_to("/dev/zero")}[kind]()
    for told in (served.ask("GET", PYTHON), served.ask("PUT", PYTHON, {"text": "x", "base": ""})):
        assert told.status == 409
        assert "is_port_open.py" in told.json["error"]
    assert served.ask("GET", C).status == 200


def test_a_file_that_may_not_be_written_is_not_replaced(tmp_path: Path) -> None:
    """A rename would do it; an editor would not."""
    file = tmp_path / "is_port_open.py"
    file.write_text("a = 1\n")
    file.chmod(0o444)
    with serve(tmp_path, before=tuple(as_ordinary_user())) as server:
        told = server.ask("PUT", PYTHON, {"text": "a = 2\n", "base": version(b"a = 1\n")})
        assert told.status == 409
        assert "chmod u+w" in told.json["error"]
        file.chmod(0o200)
        assert "chmod u+r" in server.ask("GET", PYTHON).json["error"]
    file.chmod(0o600)
    assert file.read_text() == "a = 1\n"


def test_a_folder_that_goes_away_is_no_fault(served: Server) -> None:
    """What cannot be saved is said; the server goes on, and so does the file once the folder is back."""
    served.folder.rename(served.folder.with_name("moved"))
    told = served.ask("PUT", PYTHON, {"text": "a = 1\n", "base": ""})
    assert told.status == 409
    assert "cannot be written" in told.json["error"]
    served.folder.with_name("moved").rename(served.folder)
    save(served, "a = 1\n", "")


def test_a_text_that_is_too_large_for_a_submission_is_refused_in_its_words(served: Server) -> None:
    """The most that may be submitted may be saved, however JSON writes it."""
    told = served.ask("PUT", PYTHON, {"text": "\n" * 1_000_001, "base": ""})
    assert told.status == 413
    assert "a submission has at most 1,000,000" in told.json["error"]
    save(served, "\n" * 1_000_000, "")
    assert (served.folder / "is_port_open.py").stat().st_size == 1_000_000


@pytest.mark.parametrize("path", ["none/c", "is-port-open/rust", "is_port_open/c", "Is-Port-Open/c"])
def test_what_is_no_exercise_or_no_language_of_it_is_refused(served: Server, path: str) -> None:
    """404, and a sentence."""
    for method, body in (("GET", None), ("PUT", {"text": "x", "base": ""})):
        told = served.ask(method, f"/api/files/{path}", body)
        assert told.status == 404
        assert told.json["error"].endswith(".")
    assert served.ask("GET", "/api/exercises/none").status == 404


# -- differences -----------------------------------------------------------------------------------------------------


def test_differences_are_told_line_by_line(served: Server) -> None:
    """With what is on disk, and with the starter; an empty text has no lines."""
    save(served, "a\nb\nc\n", "")
    told = served.ask("POST", f"{PYTHON}/diff", {"with": "disk", "text": "a\nx\nc\nd"}).json["rows"]
    assert [(row["kind"], row["old"], row["new"], row["text"]) for row in told] == [
        (" ", 1, 1, "a"),
        ("-", 2, None, "b"),
        ("+", None, 2, "x"),
        (" ", 3, 3, "c"),
        ("+", None, 4, "d"),
    ]
    starter = served.ask("GET", PYTHON).json["starter"]
    told = served.ask("POST", f"{PYTHON}/diff", {"with": "starter", "text": starter}).json["rows"]
    assert {row["kind"] for row in told} == {" "}
    assert {
        row["kind"] for row in served.ask("POST", f"{PYTHON}/diff", {"with": "starter", "text": ""}).json["rows"]
    } == {"-"}


def test_more_than_can_be_compared_is_refused(served: Server) -> None:
    """Differences of much take longer than anybody waits; and of no attempt there are none."""
    assert served.ask("POST", f"{PYTHON}/diff", {"with": "starter", "text": "a\nb\n" * 20_000}).status == 413
    for which in ("20260101T000000.000Z_passed_1-of-1", "../../is_port_open", "", "."):
        assert served.ask("POST", f"{PYTHON}/diff", {"with": which, "text": "x"}).status == 404
    assert served.ask("GET", f"{PYTHON}/attempts/..%2f..%2fis_port_open").status == 404


# -- what changes ----------------------------------------------------------------------------------------------------


@contextmanager
def changes(server: Server) -> Iterator[Iterator[dict[str, Any]]]:
    """What a page is told of the folder from now on, after what it is told first."""
    with server.asked("GET", "/api/changes") as answer:
        assert answer.getheader("content-type") == "application/x-ndjson"
        told = lines(answer)
        assert next(told) == {"event": "alive"}
        yield told


def changed(told: Iterator[dict[str, Any]], content: bytes | None, lang: str = "python") -> None:
    """Wait until it is told that a file has this content now."""
    wanted = "" if content is None else version(content)
    for event in told:
        if event == {"event": "changed", "slug": "is-port-open", "lang": lang, "version": wanted}:
            return
    raise AssertionError("the stream ended")


def test_what_another_page_saved_is_told(served: Server) -> None:
    """To every page, at once."""
    with changes(served) as one, changes(served) as other:
        save(served, "a = 1\n", "")
        changed(one, b"a = 1\n")
        changed(other, b"a = 1\n")


def test_what_another_program_does_is_told(served: Server) -> None:
    """However it saves: in place, by renaming a new file over the old one; and that a file is gone."""
    file = served.folder / "is_port_open.py"
    with changes(served) as told:
        file.write_text("a = 1\n")
        changed(told, b"a = 1\n")
        new = served.folder / "new"
        new.write_text("a = 2\n")
        new.rename(file)
        changed(told, b"a = 2\n")
        file.unlink()
        changed(told, None)


def test_what_changes_behind_a_link_is_told(served: Server, tmp_path: Path) -> None:
    """The kernel tells of no event in the folder then."""
    (tmp_path / "elsewhere.py").write_text("a = 1\n")
    (served.folder / "is_port_open.py").symlink_to(tmp_path / "elsewhere.py")
    with changes(served) as told:
        changed(told, b"a = 1\n")
        (tmp_path / "elsewhere.py").write_text("a = 2\n")
        changed(told, b"a = 2\n")


def test_what_changed_while_nobody_listened_is_told_first(served: Server) -> None:
    """A page that was asleep, or whose server was started anew."""
    with changes(served) as told:
        save(served, "a = 1\n", "")
        changed(told, b"a = 1\n")
    save(served, "a = 2\n", version(b"a = 1\n"))
    with changes(served) as told:
        changed(told, b"a = 2\n")


def test_pages_that_go_away_leave_nothing_behind(served: Server) -> None:
    """Not even a descriptor."""
    descriptors = Path(f"/proc/{served.process.pid}/fd")
    with changes(served) as told:
        save(served, "a = 1\n", "")
        changed(told, b"a = 1\n")
        before = len(list(descriptors.iterdir()))
        for _ in range(20):
            with changes(served):
                pass
        # Each was told that it is heard before it left: what follows is told after the server has seen all of them leave.
        base = version(b"a = 1\n")
        for number in range(200):
            base = save(served, f"a = {number}\n", base)
            if len(list(descriptors.iterdir())) <= before + 1:
                break
        else:
            pytest.fail("connections stay open")


def test_a_page_that_reads_nothing_holds_nobody_up(served: Server) -> None:
    """The stream is put aside for it."""
    with served.asked("GET", "/api/changes") as silent:
        assert isinstance(silent, http.client.HTTPResponse)
        base = ""
        for number in range(50):
            base = save(served, f"a = {number}\n", base)
