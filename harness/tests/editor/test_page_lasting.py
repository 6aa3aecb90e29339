"""What is typed is not lost: by a reload, by a server that dies, by another tab or program that writes the same file."""

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from front_door import listens, reports, wait_until
from paging import Learner
from playwright.sync_api import expect
from serving import Server, serve

Come = Callable[..., Learner]
Environment = dict[str, str | None]

MINE, THEIRS = "int mine;\n", "int theirs;\n"


@pytest.fixture
def at_work(served: Server, learner: Come) -> Learner:
    """A learner with the first exercise in C open."""
    who = learner(served)
    who.arrive("is-port-open", "c")
    return who


def kill(server: Server) -> None:
    """As when the machine takes it away, with no time to say goodbye."""
    server.process.kill()
    server.process.wait()


# -- one tab -----------------------------------------------------------------------------------------------------------


def test_nothing_is_written_before_something_is_typed(at_work: Learner) -> None:
    """To look at an exercise leaves no file behind; the first key does, with the header that a C file needs."""
    expect(at_work.page.locator("#file-state")).to_have_text("not written yet")
    assert list(at_work.server.folder.iterdir()) == []
    at_work.code.focus()
    at_work.page.keyboard.type("//")
    at_work.wait_for(at_work.on_disk.exists, "the file is written")
    expect(at_work.page.locator("#file-state")).to_have_text("saved")
    assert at_work.on_disk.read_text().startswith("//")


def test_the_command_line_and_the_page_have_the_same_file(at_work: Learner, solutions: Path) -> None:
    """What is saved here is graded there; what is written there is seen here, and progress is told in both."""
    right = (solutions / "right" / "blocking.c").read_text()
    at_work.write(right)
    at_work.expect_saved(right)
    [report] = reports(at_work.on_disk, cwd=at_work.server.folder)
    assert report["outcome"] == "passed"
    shutil.copyfile(solutions / "wrong" / "never-closes.c", at_work.on_disk)
    expect(at_work.code).to_contain_text("trusts the end of the function")
    at_work.run()
    expect(at_work.verdict).to_contain_text("Failed")


def test_a_reload_keeps_text_result_and_place(at_work: Learner, solutions: Path) -> None:
    """Also what was typed a moment before; and the token, which is not in the address any more."""
    at_work.run((solutions / "wrong" / "never-closes.c").read_text())
    at_work.code.focus()
    at_work.page.keyboard.press("Control+Home")
    at_work.page.keyboard.type("/* typed just now */\n")
    at_work.page.reload()
    at_work.wait_until_ready()
    assert at_work.server.token not in at_work.page.url
    expect(at_work.code).to_contain_text("/* typed just now */")
    expect(at_work.verdict).to_contain_text("Failed")
    expect(at_work.page.locator("#report")).to_contain_text("The socket is never closed")
    at_work.wait_for(lambda: at_work.on_disk.read_text().startswith("/* typed just now */"), "it is on disk as well")


def test_a_file_that_is_deleted_is_written_again(at_work: Learner) -> None:
    """It is said that it is gone, and the text stays."""
    at_work.write(MINE)
    at_work.expect_saved(MINE)
    at_work.on_disk.unlink()
    expect(at_work.notice("gone")).to_be_visible()
    at_work.code.focus()
    at_work.page.keyboard.type("//")
    at_work.wait_for(at_work.on_disk.exists, "it is there again")
    assert MINE.strip() in at_work.on_disk.read_text()


def test_a_file_that_is_no_text_is_left_alone(served: Server, learner: Come) -> None:
    """It is said, and nothing of it is touched."""
    content = b"\xff\xfe\x00binary"
    (served.folder / "is_port_open.py").write_bytes(content)
    who = learner(served)
    who.arrive("is-port-open", "c")
    who.page.get_by_role("radio", name="Python").check()
    expect(who.page.get_by_role("alert")).to_contain_text("is_port_open.py")
    expect(who.file_name).to_have_text("is_port_open.c")
    assert (served.folder / "is_port_open.py").read_bytes() == content


# -- the server --------------------------------------------------------------------------------------------------------


def test_a_server_that_was_killed_and_started_again_gets_what_was_typed_meanwhile(
    folder: Path, environment: Environment, learner: Come
) -> None:
    """The page says that it is away, keeps the text, asks for the new address, and goes on."""
    with serve(folder, env=environment) as first:
        who = learner(first)
        who.arrive("is-port-open", "c")
        who.write(MINE)
        who.expect_saved(MINE)
        kill(first)
    expect(who.notice("away")).to_contain_text(f"socklab serve --port {first.port}")
    who.write(MINE + THEIRS)
    expect(who.page.locator("#file-state")).to_have_text("kept in this browser")
    with serve(folder, port=first.port, env=environment) as second:
        assert second.port == first.port
        expect(who.notice("stranger")).to_be_visible()
        expect(who.notice("away")).to_have_count(0)
        who.page.get_by_label("Address that socklab serve printed").fill(second.address)
        who.press("Go on", who.notice("stranger"))
        expect(who.notice("stranger")).to_have_count(0)
        who.expect_saved(MINE + THEIRS)
        who.run("int is_port_open(int port)\n{\n    return 1\n}\n")
        expect(who.verdict).to_contain_text("Ungradable")


def test_a_reload_while_the_server_is_away_loses_nothing(folder: Path, environment: Environment, learner: Come) -> None:
    """What the browser has kept is there again with the next server, and goes to the disk."""
    with serve(folder, env=environment) as first:
        who = learner(first)
        who.arrive("is-port-open", "c")
        who.write(MINE)
        who.expect_saved(MINE)
        kill(first)
    expect(who.notice("away")).to_be_visible()
    who.write(MINE + THEIRS)
    expect(who.page.locator("#file-state")).to_have_text("kept in this browser")
    who.page.goto("about:blank")
    with serve(folder, port=first.port, env=environment) as second:
        who.page.goto(f"{second.address}")
        who.wait_until_ready()
        who.page.evaluate("location.hash = 'is-port-open/c'")
        expect(who.code).to_contain_text("int theirs;")
        who.expect_saved(MINE + THEIRS)


def test_a_tab_that_was_closed_leaves_its_draft_to_the_next(
    folder: Path, environment: Environment, learner: Come
) -> None:
    """Nobody else has it, so whoever opens the file next gets it."""
    with serve(folder, env=environment) as first:
        who = learner(first)
        who.arrive("is-port-open", "c")
        kill(first)
        wait_until_gone(first.port, who)
        who.write(MINE)
        expect(who.page.locator("#file-state")).to_have_text("kept in this browser")
        next_one = learner(first, beside=who)
        who.page.close()
    with serve(folder, port=first.port, env=environment) as second:
        next_one.page.goto(second.address)
        next_one.wait_until_ready()
        next_one.page.evaluate("location.hash = 'is-port-open/c'")
        expect(next_one.code).to_contain_text("int mine;")
        next_one.expect_saved(MINE)


def wait_until_gone(port: int, who: Learner) -> None:
    """Wait until nobody listens there."""
    who.wait_for(lambda: not listens(port), "the server is gone")


def test_one_tab_that_has_the_new_address_helps_the_others(
    folder: Path, environment: Environment, learner: Come
) -> None:
    """Whoever opens the new address in a tab of its own has the old ones going on as well."""
    with serve(folder, env=environment) as first:
        old = learner(first)
        old.arrive("is-port-open", "c")
        kill(first)
    expect(old.notice("away")).to_be_visible()
    old.write(MINE)
    with serve(folder, port=first.port, env=environment) as second:
        expect(old.notice("stranger")).to_be_visible()
        learner(second, beside=old).arrive("is-port-open", "python")
        expect(old.notice("stranger")).to_have_count(0)
        old.expect_saved(MINE)


def test_a_server_that_dies_in_a_run_is_said(at_work: Learner) -> None:
    """The run is not left hanging."""
    at_work.write("int is_port_open(int port) { for (;;) port++; }\n")
    at_work.begin()
    wait_until(lambda: at_work.page.locator("#squares span").count() > 0, at_work.server.process, "squares")
    kill(at_work.server)
    expect(at_work.page.locator("#report")).to_contain_text("The server went away while it was running")
    expect(at_work.notice("away")).to_be_visible()


# -- two who write the same file -----------------------------------------------------------------------------------------


def test_what_one_tab_saves_is_seen_in_the_other(at_work: Learner, learner: Come) -> None:
    """At once, without a question, in both directions; and undoing leads back."""
    other = learner(at_work.server, beside=at_work)
    other.arrive("is-port-open", "c")
    at_work.write(MINE)
    expect(other.code).to_have_text("int mine;")
    other.write(THEIRS)
    expect(at_work.code).to_have_text("int theirs;")
    at_work.code.focus()
    at_work.page.keyboard.press("Control+z")
    at_work.expect_saved(MINE)
    for who in (at_work, other):
        expect(who.notice("conflict")).to_have_count(0)


@pytest.fixture
def torn(at_work: Learner) -> Learner:
    """A learner who typed while another program wrote the same file."""
    at_work.write("int first;\n")
    at_work.expect_saved("int first;\n")
    at_work.page.context.set_offline(True)  # so that the two certainly meet
    at_work.write(MINE)
    at_work.on_disk.write_text(THEIRS)
    at_work.page.context.set_offline(False)
    expect(at_work.notice("conflict")).to_be_visible()
    assert at_work.on_disk.read_text() == THEIRS
    return at_work


def test_a_conflict_is_shown_and_can_be_looked_at(torn: Learner) -> None:
    """Nothing is written and nothing is run before the learner has decided."""
    torn.press("Show differences", torn.notice("conflict"))
    dialog = torn.page.get_by_role("dialog")
    expect(dialog.locator("tr.removed")).to_contain_text("int theirs;")
    expect(dialog.locator("tr.added")).to_contain_text("int mine;")
    torn.press("Close", dialog)
    torn.code.focus()
    torn.page.keyboard.press("Control+Enter")
    expect(torn.notice("conflict").get_by_role("button").first).to_be_focused()
    assert torn.on_disk.read_text() == THEIRS


@pytest.mark.parametrize(("choice", "stays", "aside"), [("Keep mine", MINE, THEIRS), ("Take the other", THEIRS, MINE)])
def test_whatever_is_chosen_the_other_is_not_lost(torn: Learner, choice: str, stays: str, aside: str) -> None:
    """It is set aside, and can be had back."""
    torn.press(choice, torn.notice("conflict"))
    expect(torn.notice("conflict")).to_have_count(0)
    expect(torn.code).to_have_text(stays.strip())
    torn.expect_saved(stays)
    torn.page.get_by_role("tab", name="Attempts").click()
    torn.press("Put into the editor", torn.page.locator("#attempts-aside"))
    torn.expect_saved(aside)


def test_a_conflict_outlives_a_reload(torn: Learner) -> None:
    """The draft is still there, and so is the question."""
    torn.page.reload()
    torn.wait_until_ready()
    expect(torn.notice("conflict")).to_be_visible()
    expect(torn.code).to_have_text("int mine;")
    assert torn.on_disk.read_text() == THEIRS


def test_two_who_wrote_the_same_are_not_asked(at_work: Learner) -> None:
    """There is nothing to decide."""
    at_work.write("int first;\n")
    at_work.expect_saved("int first;\n")
    at_work.page.context.set_offline(True)
    at_work.write(MINE)
    at_work.on_disk.write_text(MINE)
    at_work.page.context.set_offline(False)
    at_work.expect_saved(MINE)
    expect(at_work.notice("conflict")).to_have_count(0)
