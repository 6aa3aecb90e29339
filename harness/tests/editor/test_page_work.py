"""What a learner does at the page, from the starter to all green, in a real browser."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from front_door import SPINS, all_end, wait_until_busy
from paging import Learner
from playwright.sync_api import expect
from serving import Server

Come = Callable[..., Learner]

LEAKS = "never-closes.c"
"""A wrong solution: some checks fail, and a mistake is recognised in it."""


@pytest.fixture
def at_work(served: Server, learner: Come) -> Learner:
    """A learner with the first exercise in C open."""
    who = learner(served)
    who.arrive("is-port-open", "c")
    return who


def test_from_the_starter_to_all_green(at_work: Learner, solutions: Path) -> None:
    """The statement is read, the starter is run and fails, the answer is written and passes; the list knows it, and says what is next."""
    page = at_work.page
    expect(page.locator("h1")).to_have_text("Is anything listening?")
    expect(page.locator("#statement")).to_contain_text("What it answers")
    expect(page.locator("#path a[aria-current]")).to_contain_text("Is anything listening?")
    at_work.run()
    expect(at_work.verdict).to_contain_text("Failed")
    assert page.locator("#squares .failed").count() > 20
    assert "Fix this first" in page.locator("#report").inner_text()
    at_work.run((solutions / "right" / "blocking.c").read_text())
    expect(at_work.verdict).to_contain_text("Passed")
    assert page.locator("#squares .failed").count() == 0
    assert page.locator("#squares .passed").count() > 40
    expect(page.locator("#progress")).to_have_text("1 of 5 passed")
    expect(page.locator("#path .passed")).to_contain_text("Is anything listening?")
    page.get_by_role("link", name="Next: How does a client").click()
    expect(at_work.file_name).to_have_text(re.compile(r"tcp_client_connect\."))


def test_the_same_in_python(served: Server, learner: Come, solutions: Path) -> None:
    """The switch leads to another file with a starter of its own, and back again."""
    who = learner(served)
    who.arrive("is-port-open", "c")
    who.page.get_by_role("radio", name="Python").check()
    expect(who.file_name).to_have_text("is_port_open.py")
    expect(who.code).to_contain_text("def is_port_open")
    who.run((solutions / "right" / "blocking.py").read_text())
    expect(who.verdict).to_contain_text("Passed")
    who.page.go_back()
    expect(who.file_name).to_have_text("is_port_open.c")
    expect(who.code).to_contain_text("int is_port_open")


_WATCH = """() => {
    const report = document.querySelector("#report"), squares = document.querySelector("#squares");
    const place = () => `${report.getBoundingClientRect().top} ${squares.querySelectorAll("span").length}`;
    window.numbers = [];
    window.places = [place()];
    new MutationObserver(() => {
        window.numbers.push(squares.querySelectorAll(":is(.passed, .failed, .skipped)").length);
        window.places.push(place());
    }).observe(squares, { subtree: true, childList: true, attributes: true });
}"""
"""Notes at each change how many squares are filled, and where things stand."""


def test_checks_appear_one_by_one_and_nothing_jumps(at_work: Learner, solutions: Path) -> None:
    """While a run lasts, squares fill in their places, and the report before stays, dimmed, where it was."""
    page = at_work.page
    at_work.run((solutions / "wrong" / LEAKS).read_text())
    page.evaluate(_WATCH)
    at_work.run()
    numbers, places = page.evaluate("[window.numbers, window.places]")
    assert {0, 1} < set(numbers), "all are cleared, then the first one is seen before the others"
    assert len(set(places)) == 1, places
    assert page.locator("#report").get_attribute("aria-busy") == "false"


def test_what_is_wrong_is_seen_at_its_line(at_work: Learner, solutions: Path) -> None:
    """A mistake and the recorded calls are in the gutter; the mistake's line can be gone to, from the list and from the report."""
    page = at_work.page
    at_work.run((solutions / "wrong" / LEAKS).read_text())
    expect(page.locator(".mark-gutter .mistake")).to_have_count(1)
    assert page.locator(".mark-gutter .call").count() >= 1
    at_work.press("Line 20")
    expect(page.locator(".cm-activeLineGutter").first).to_have_text("20")
    page.locator("#report .code .row[data-line='18']").first.click()
    expect(page.locator(".cm-activeLineGutter").first).to_have_text("18")
    assert page.evaluate("document.activeElement.className").startswith("cm-content")


def test_a_compile_error_marks_its_line(at_work: Learner) -> None:
    """In the gutter, below the editor and in the report; the marks move with the text, and go once it compiles."""
    page = at_work.page
    at_work.run("int is_port_open(int port)\n{\n    return port\n}\n")
    expect(at_work.verdict).to_have_text(re.compile("Ungradable"))
    expect(page.locator(".mark-gutter .error")).to_have_attribute("title", re.compile("expected"))
    expect(page.locator("#marks li")).to_contain_text("Line 3")
    expect(page.locator(".cm-line.error")).to_have_text("    return port")
    page.keyboard.press("Control+Home")
    page.keyboard.type("/* above */\n")
    expect(page.locator(".cm-line.error")).to_have_text("    return port")
    at_work.run("int is_port_open(int port)\n{\n    return port;\n}\n")
    expect(page.locator(".mark-gutter .error")).to_have_count(0)


def test_an_endless_loop_is_stopped_and_nothing_goes_on(at_work: Learner) -> None:
    """Stop ends every process of the run; then the page is ready for the next one."""
    at_work.write(SPINS)
    at_work.begin()
    wait_until_busy(at_work.server.process, "runner")
    with all_end(at_work.server.process) as family:
        assert family
        at_work.page.keyboard.press("Control+.")
        expect(at_work.verdict).to_have_text("Stopped")
    expect(at_work.page.get_by_role("button", name="Run", exact=False).first).to_be_enabled()
    at_work.run("int is_port_open(int port)\n{\n    return 1\n}\n")
    expect(at_work.verdict).to_contain_text("Ungradable")


def test_leaving_the_page_stops_its_run(at_work: Learner) -> None:
    """Nobody waits for it any more."""
    at_work.write(SPINS)
    at_work.begin()
    wait_until_busy(at_work.server.process, "runner")
    with all_end(at_work.server.process) as family:
        assert family
        at_work.page.close()


def test_one_check_alone(at_work: Learner, solutions: Path) -> None:
    """Only it is run, the others keep what is known of them, and one press runs all again."""
    page = at_work.page
    at_work.run((solutions / "wrong" / LEAKS).read_text())
    failed = page.locator("#squares .failed").count()
    at_work.press("Run only this check", page.locator("#report .first"))
    expect(page.locator("#said")).to_contain_text("Only what you chose was run")
    assert page.locator("#squares .failed").count() == failed
    assert page.locator("#report section .check-title").count() < failed
    at_work.press("Run all checks")
    expect(page.locator("#said")).to_contain_text(f"{failed} of")


def test_a_check_is_replayed(at_work: Learner, solutions: Path) -> None:
    """What happens in it is told in a dialog, from which Esc leads back to the button."""
    page = at_work.page
    at_work.run((solutions / "wrong" / LEAKS).read_text())
    button = page.locator("#report .first").get_by_role("button", name="Replay")
    button.click()
    dialog = page.get_by_role("dialog")
    expect(dialog).to_contain_text("The replay has ended.")
    for words in ("arranged", "socket(AF_INET, SOCK_STREAM, 0)", "still open"):
        expect(dialog).to_contain_text(words)
    page.keyboard.press("Escape")
    expect(dialog).to_have_count(0)
    expect(button).to_be_focused()


def test_every_check_can_be_found_and_run(at_work: Learner) -> None:
    """The list below the report names all of them, before anything was run too."""
    page = at_work.page
    page.get_by_role("tab", name="Result").click()
    expect(page.locator("#no-result")).to_be_visible()
    page.locator("#checks-summary").click()
    row = page.locator("#checks-list li", has_text="a port that somebody listens on is open")
    at_work.press("Run only this check", row)
    expect(row).to_contain_text("Failed")


def test_attempts_are_kept_compared_and_taken_back(at_work: Learner, solutions: Path) -> None:
    """Each graded text is listed with what came of it; the last one is compared with the editor; an older one comes back, undoably."""
    page = at_work.page
    wrong = (solutions / "wrong" / LEAKS).read_text()
    right = (solutions / "right" / "blocking.c").read_text()
    at_work.run(wrong)
    at_work.run(right)
    at_work.write(right.replace("int fd, result, saved;", "int fd, result, saved; /* mine */"))
    page.get_by_role("tab", name="Attempts").click()
    expect(page.locator("#attempts-graded li")).to_have_count(2)
    expect(page.locator("#attempts-graded li").first).to_contain_text("Passed")
    at_work.press("Differences from the last attempt")
    dialog = page.get_by_role("dialog")
    expect(dialog.locator("tr.added")).to_have_count(1)
    expect(dialog.locator("tr.added")).to_contain_text("/* mine */")
    expect(dialog.locator("tr.removed")).to_have_count(1)
    at_work.press("Close", dialog)
    at_work.press("Put into the editor", page.locator("#attempts-graded li").nth(1))
    at_work.expect_saved(wrong)
    at_work.press("Undo", at_work.notice("replaced"))
    expect(at_work.code).to_contain_text("/* mine */")


def test_the_starter_comes_back_and_can_be_undone(at_work: Learner, exercises: Path) -> None:
    """By the button, by the editor's own undo, and from what was set aside."""
    page = at_work.page
    starter = (exercises / "is-port-open" / "starter.c").read_text()
    at_work.write("int mine;\n")
    at_work.expect_saved("int mine;\n")
    at_work.press("Reset")
    at_work.expect_saved(starter)
    at_work.code.focus()
    page.keyboard.press("Control+z")
    at_work.expect_saved("int mine;\n")
    page.get_by_role("tab", name="Attempts").click()
    expect(page.locator("#attempts-aside li")).to_have_count(1)
    at_work.press("Reset")
    at_work.expect_saved(starter)
    at_work.press("Put into the editor", page.locator("#attempts-aside"))
    at_work.expect_saved("int mine;\n")


def test_the_file_can_be_downloaded(at_work: Learner) -> None:
    """As it stands in the editor, by its name."""
    at_work.write("int mine;\n")
    with at_work.page.expect_download() as found:
        at_work.press("Download")
    assert found.value.suggested_filename == "is_port_open.c"
    assert Path(found.value.path()).read_text() == "int mine;\n"


def test_hints_come_one_at_a_time(at_work: Learner, solutions: Path) -> None:
    """The first one is in view, the second one is unfolded by whoever wants it."""
    at_work.run((solutions / "wrong" / LEAKS).read_text())
    hints = at_work.page.locator("#report .first .hint")
    expect(hints.nth(0)).to_contain_text("Walk each way out")
    second = hints.nth(1)
    expect(second.locator("p")).to_be_hidden()
    second.locator("summary").click()
    expect(second.locator("p")).to_be_visible()


def test_a_call_and_its_line_mark_one_another(at_work: Learner, solutions: Path) -> None:
    """Pointing at a line of the code marks the call that it made, and the other way round."""
    page = at_work.page
    at_work.run((solutions / "wrong" / LEAKS).read_text())
    step = page.locator("#report .first .step[data-line='25']").first
    row = page.locator("#report .first .row[data-line='25']").first
    row.hover()
    expect(step).to_have_class(re.compile("linked"))
    step.hover()
    expect(row).to_have_class(re.compile("linked"))
    page.mouse.move(0, 0)
    expect(row).not_to_have_class(re.compile("linked"))
