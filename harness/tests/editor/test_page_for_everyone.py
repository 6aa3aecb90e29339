"""The page for every reader: by ear, by keyboard, in the dark, on a narrow screen, in Korean, and without its editor."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from paging import Learner
from playwright.sync_api import Page, expect
from serving import Server, serve

Come = Callable[..., Learner]

BROKEN = "int is_port_open(int port)\n{\n    return port\n}\n"
ENDLESS = (
    "int is_port_open(int port)\n{\n    volatile int more = 1;\n    while (more)\n        ;\n    return port;\n}\n"
)


def violations(page: Page) -> list[tuple[str, list[str]]]:
    """What axe-core has to say of the page as it is."""
    found = Axe().run(page).response["violations"]
    return [(rule["id"], [node["html"][:200] for node in rule["nodes"]]) for rule in found]


def sideways(page: Page) -> tuple[int, list[str]]:
    """How wide the page is, and what of it is seen beyond its edge. The editor scrolls by itself."""
    beyond = """[...document.querySelectorAll("main > *, main section > *, #report *:not(svg *), .notice, dialog[open] > *")]
        .filter(each => each.checkVisibility() && each.getBoundingClientRect().right > innerWidth + 1)
        .map(each => each.outerHTML.slice(0, 200))"""
    return page.evaluate("document.documentElement.scrollWidth"), page.evaluate(beyond)


@pytest.mark.parametrize(("scheme", "width"), [("light", 1400), ("dark", 1400), ("light", 400), ("dark", 400)])
def test_axe_finds_nothing(served: Server, learner: Come, solutions: Path, scheme: str, width: int) -> None:
    """At the start, with an error, during a run, with a report unfolded, with attempts, differences, a replay and notices."""
    who = learner(served, scheme=scheme, width=width)
    who.arrive("is-port-open", "c")
    page = who.page
    assert violations(page) == []
    show(page, "Code")
    who.run(BROKEN)
    assert violations(page) == []
    show(page, "Code")
    assert violations(page) == []
    who.write(ENDLESS)
    who.begin()
    show(page, "Result")
    expect(page.locator("#report.stale")).to_be_visible()
    assert violations(page) == []
    who.press("Stop")
    expect(page.locator("body.busy")).to_have_count(0)
    show(page, "Code")
    who.run((solutions / "wrong" / "never-closes.c").read_text())
    page.evaluate("document.querySelectorAll('details').forEach(each => each.open = true)")
    expect(page.locator("#checks-list button").first).to_be_visible()
    assert violations(page) == []
    page.locator("#report .first").get_by_role("button", name="Replay").click()
    expect(page.get_by_role("dialog")).to_contain_text("The replay has ended.")
    assert violations(page) == []
    page.keyboard.press("Escape")
    page.get_by_role("tab", name="Attempts").click()
    who.press("Differences from the starter")
    expect(page.get_by_role("dialog").locator("tr.added").first).to_be_visible()
    assert violations(page) == []
    page.keyboard.press("Escape")
    show(page, "Code")
    page.context.set_offline(True)
    who.write("int mine;\n")
    who.on_disk.write_text("int theirs;\n")
    page.context.set_offline(False)
    expect(who.notice("conflict")).to_be_visible()
    assert violations(page) == []


def show(page: Page, name: str) -> None:
    """Press a tab, where it is one."""
    tab = page.get_by_role("tab", name=name)
    if tab.is_visible():
        tab.click()


def test_a_narrow_screen_needs_no_sideways_scrolling(served: Server, learner: Come, solutions: Path) -> None:
    """At 400 pixels one thing is seen at a time, all of it fits, and Run stays within reach."""
    who = learner(served, width=400)
    who.arrive("is-port-open", "c")
    page = who.page
    assert sideways(page) == (400, [])
    show(page, "Code")
    who.write((solutions / "wrong" / "never-closes.c").read_text())
    assert sideways(page) == (400, [])
    page.locator("#run").click()
    expect(who.verdict).to_contain_text("Failed")
    expect(page.get_by_role("tab", name="Result")).to_have_attribute("aria-selected", "true")
    page.evaluate("document.querySelectorAll('details').forEach(each => each.open = true)")
    assert sideways(page) == (400, [])
    box = page.locator("#run").bounding_box()
    assert box
    assert box["y"] + box["height"] <= 900
    show(page, "Attempts")
    assert sideways(page) == (400, [])
    who.press("Differences from the starter")
    expect(page.get_by_role("dialog")).to_be_visible()
    assert sideways(page) == (400, [])


def tab_to(page: Page, place: str) -> None:
    """Press Tab until the focus is at `place`, a selector."""
    for _ in range(200):
        if page.locator(f"{place}:focus").count():
            return
        if page.locator(".cm-content:focus").count():
            page.keyboard.press("Escape")
        page.keyboard.press("Tab")
    raise AssertionError(f"Tab does not lead to {place}")


def test_the_keyboard_alone_does_everything(served: Server, learner: Come, solutions: Path) -> None:
    """From the address bar to a passed exercise: skipping, typing, leaving the editor, running, reading, unfolding, the next exercise."""
    who = learner(served)
    who.arrive("is-port-open", "c")
    page = who.page
    page.keyboard.press("Tab")
    expect(page.get_by_role("button", name="Skip to the code")).to_be_focused()
    expect(page.get_by_role("button", name="Skip to the code")).to_be_in_viewport()
    page.keyboard.press("Enter")
    expect(who.code).to_be_focused()
    page.keyboard.press("Control+a")
    page.keyboard.press("Backspace")
    page.keyboard.type("x")
    page.keyboard.press("Home")
    page.keyboard.press("Tab")  # indents
    expect(who.code).to_be_focused()
    expect(who.code).to_have_text("    x")
    page.keyboard.press("Escape")
    page.keyboard.press("Tab")
    expect(who.code).not_to_be_focused()
    who.write((solutions / "wrong" / "never-closes.c").read_text())
    page.keyboard.press("Escape")
    page.keyboard.press("Shift+Tab")
    expect(who.code).not_to_be_focused()
    page.evaluate("document.activeElement.blur()")
    tab_to(page, "#run")
    page.keyboard.press("Enter")
    expect(who.verdict).to_contain_text("Failed")
    tab_to(page, "#tab-result")
    page.keyboard.press("ArrowLeft")
    expect(page.locator("#tab-statement")).to_be_focused()
    expect(page.locator("#statement")).to_be_visible()
    page.keyboard.press("End")
    expect(page.locator("#attempts")).to_be_visible()
    page.keyboard.press("ArrowLeft")
    tab_to(page, "#report details.hint > summary")
    page.keyboard.press("Enter")
    expect(page.locator("#report details.hint > p").first).to_be_visible()
    tab_to(page, "#report .step")
    page.keyboard.press("Enter")
    expect(who.code).to_be_focused()
    page.keyboard.press("Escape")
    page.keyboard.press("Tab")
    tab_to(page, "#languages input:checked")
    page.keyboard.press("ArrowRight")
    expect(who.file_name).to_have_text("is_port_open.py")
    page.evaluate("document.activeElement.blur()")
    tab_to(page, "#path a[data-slug='echo-server']")
    page.keyboard.press("Enter")
    expect(page.locator("h1")).to_have_text("Who waits for whom?")


def test_results_are_announced_once(served: Server, learner: Come, solutions: Path) -> None:
    """That it runs, and how it went with what to fix first: not each check."""
    who = learner(served)
    who.arrive("is-port-open", "c")
    who.page.evaluate("""() => {
        window.heard = [];
        new MutationObserver(() => window.heard.push(document.getElementById("announce").textContent))
            .observe(document.getElementById("announce"), { childList: true, characterData: true, subtree: true });
    }""")
    who.run((solutions / "wrong" / "never-closes.c").read_text())
    heard = who.page.evaluate("window.heard.filter(Boolean)")
    assert heard[0] == "Running …"
    assert re.fullmatch(r".*Failed · \d+ of \d+ points\. First to fix: nothing is left open .*", heard[-1])
    assert len(heard) == 2
    assert who.page.locator("#announce").get_attribute("aria-live") == "polite"


def test_what_a_screen_reader_is_told(served: Server, learner: Come) -> None:
    """Landmarks, one heading of the first rank, and names for whatever can be used."""
    who = learner(served)
    who.arrive("is-port-open", "c")
    page = who.page
    assert page.locator("h1").count() == 1
    for role, name in (
        ("navigation", "Exercises"),
        ("main", None),
        ("banner", None),
        ("tablist", "Views"),
        ("region", "Code"),
    ):
        expect(page.get_by_role(role, **({"name": name} if name else {}))).to_have_count(1)
    expect(who.code).to_have_accessible_name("Code: is_port_open.c")
    expect(who.code).to_have_accessible_description(re.compile("Esc, then Tab leaves the editor"))
    expect(page.get_by_role("group", name="Language").get_by_role("radio", name="C", exact=True)).to_be_checked()
    expect(page.locator("#run")).to_have_attribute("aria-keyshortcuts", "Control+Enter")


def test_nothing_moves(served: Server, learner: Come, solutions: Path) -> None:
    """There is no transition, so none that somebody would have to ask to be spared."""
    who = learner(served)
    moving = "[...document.querySelectorAll('body *')].filter(e => parseFloat(getComputedStyle(e).transitionDuration) > 0).length"
    who.arrive("is-port-open", "c")
    assert who.page.evaluate(moving) == 0
    who.run((solutions / "wrong" / "never-closes.c").read_text())
    assert who.page.evaluate(moving) == 0


def test_the_page_speaks_korean(
    folder: Path, environment: dict[str, str | None], learner: Come, solutions: Path
) -> None:
    """All that the page says, the statement and the report; the language is declared; code and names stay."""
    with serve(folder, "--lang", "ko", env=environment) as server:
        who = learner(server)
        who.arrive("is-port-open", "c")
        page = who.page
        expect(page.locator("html")).to_have_attribute("lang", "ko")
        who.run((solutions / "wrong" / "never-closes.c").read_text())
        expect(who.verdict).to_contain_text("실패")
        page.evaluate("document.querySelectorAll('details').forEach(each => each.open = true)")
        seen = page.evaluate("""() => [...document.querySelectorAll("button, [role=tab], summary, h1, h2, h3, #said, #file-state, #keys, .facts, label")]
            .filter(each => each.checkVisibility() && !each.closest("code, .cm-editor"))
            .map(each => each.innerText.trim()).filter(Boolean)""")
        assert len(seen) > 100
        english = [
            each
            for each in seen
            if not re.search("[가-힣]", each) and not re.fullmatch(r"C|Python|is_port_open\.c|[\W\d]+", each)
        ]
        assert english == []
        assert violations(page) == []


def test_without_codemirror_there_is_a_plain_field(served: Server, learner: Come, solutions: Path) -> None:
    """It is said with what mends it, and everything else works: saving, running, going to a line, undoing."""
    who = learner(served)
    who.page.route("**/assets/**", lambda route: route.fulfill(status=404, body="Not Found"))
    who.arrive("is-port-open", "c")
    page = who.page
    expect(who.notice("plain")).to_contain_text("socklab doctor")
    expect(who.code).to_have_attribute("spellcheck", "false")
    assert violations(page) == []
    who.code.fill(BROKEN)
    page.keyboard.press("Control+Enter")
    expect(who.verdict).to_contain_text("Ungradable")
    who.press("Line 3")
    selected = (
        "document.activeElement.value.slice(document.activeElement.selectionStart, document.activeElement.selectionEnd)"
    )
    assert page.evaluate(selected) == "    return port"
    who.press("Reset")
    expect(who.code).to_have_value(re.compile("your code goes here"))
    who.code.focus()
    page.keyboard.press("Control+z")
    expect(who.code).to_have_value(BROKEN)
    who.expect_saved(BROKEN)
    who.on_disk.write_text("int theirs;\n")
    expect(who.code).to_have_value("int theirs;\n")
    page.keyboard.press("Tab")
    expect(who.code).not_to_be_focused()
