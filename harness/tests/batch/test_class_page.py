"""The page of a class, in a browser wherever a browser decides; and that nobody is named where nobody shall be."""

import json
import re
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import pytest
import sample
from axe_playwright_python.sync_playwright import Axe
from classroom import lay
from front_door import SECONDS, assert_printable
from lab_of_its_own import HOSTILE, RIGHT, ROSTER, WORK, WRONG, Lab, journal, told_of
from markupsafe import escape
from playwright.sync_api import Browser, Page, expect

from socklab import catalog, i18n
from socklab.batch import outputs
from socklab.batch.gradebook import Gradebook
from socklab.batch.outputs import html
from socklab.batch.outputs._overview import Overview
from socklab.batch.people import Student
from socklab.batch.told import Told
from socklab.catalog import Exercise
from socklab.model import Mistake
from socklab.reports.json import as_dict

EXERCISE = "is-port-open"
CLASS = ("--format", "html", "--output", "class.html")
FRAME = "new Promise(seen => requestAnimationFrame(() => setTimeout(seen)))"


@pytest.fixture(scope="module")
def lab(tmp_path_factory: pytest.TempPathFactory) -> Lab:
    """A class of twelve with their pages, graded; and what is nobody's."""
    lab = Lab(tmp_path_factory.mktemp("lab"))
    words = lab.hand_in(WORK, ROSTER)
    lay(lab.folder / "week", {"notes.txt": b"x"})
    answer = lab.grade(*words, *CLASS, "--feedback", "their pages")
    assert (answer.code, answer.err) == (0, "wrote class.html\nwrote 11 pages into their pages\n")
    assert_printable(answer.out)
    return lab


@pytest.fixture
def show(lab: Lab, browser: Browser) -> Iterator[Callable[..., Page]]:
    """Opens the page of the class."""
    pages: list[Page] = []

    def open_page(scheme: str = "light", width: int = 1280, *, script: bool = True) -> Page:
        page = browser.new_page(
            viewport={"width": width, "height": 900}, color_scheme=scheme, java_script_enabled=script
        )
        pages.append(page)
        page.goto((lab.folder / "class.html").as_uri())
        return page

    yield open_page
    for page in pages:
        page.close()


def column(page: Page, at: int) -> list[str]:
    """What stands in a column of the matrix, from above, once it is sorted."""
    expect(page.locator(".box [aria-busy]")).to_have_count(0)
    cells = page.locator(f".box tbody tr:not([hidden]) > :nth-child({at + 1})")
    return [text.strip() for text in cells.all_text_contents()]


def head(page: Page, at: int) -> Any:
    """The head of a column."""
    return page.locator(".box thead th").nth(at)


# -- what it says ------------------------------------------------------------------------------------------------------


def test_counts_stand_at_the_top(show: Callable[..., Page]) -> None:
    """Everybody is in one of them."""
    counts = {" ".join(each.split()) for each in show().locator(".counts > div").all_inner_texts()}
    assert counts == {"Students 12", "Passed 3", "Failed 6", "Ungradable 1", "Not graded 1", "Missing 1"}


def test_points_are_spread_in_a_picture_that_can_be_read_out(show: Callable[..., Page]) -> None:
    """Its text has each number that it shows."""
    page = show()
    assert page.locator(".spread desc").text_content() == "0–9%: 1; 20–29%: 3; 60–69%: 3; 100%: 3"
    assert page.locator(".spread text:not(.label)").all_text_contents() == ["1", "3", "3", "3"]
    assert "10 students were graded. The median is 64%" in page.locator("#points").inner_text()


def test_what_fails_most_comes_first(show: Callable[..., Page]) -> None:
    """How many failed, how many did not get to it, of what it is worth; hidden checks are marked."""
    rows = [" ".join(row.split()) for row in show().locator(".failing tbody tr").all_inner_texts()]
    assert rows[0] == "4 – 44% belated: below nothing it is the same less-belated hidden until the due date 4"
    assert "3 – 33% twice a number is two times it doubles 2" in rows
    assert "2 – 22% clandestine: nought stays nought nought-clandestine hidden 3" in rows


def test_who_needs_a_look_stands_apart_with_reasons(show: Callable[..., Page]) -> None:
    """What cannot be graded, what nobody could take for a submission, and who is missing."""
    text = show().locator("#look").inner_text()
    assert "Broken Berta, twice.py: it cannot be loaded: line 1" in text.partition("Not graded, and why")[0]
    assert "Empty Ernest, week/s10/twice.py: the file is empty" in text
    assert "week/notes.txt: it is no source file" in text
    assert text.split("\n")[-3:] == ["Missing", "", "Missing Max"]


def test_times_are_told(show: Callable[..., Page]) -> None:
    """How long grading took."""
    assert re.search(r"Grading one took .* \(the median\), at most .* in all", show().locator("#points").inner_text())


def test_the_matrix_has_everybody_and_each_check(show: Callable[..., Page]) -> None:
    """Hidden ones too, marked as such; a letter each."""
    page = show()
    heads = [text.strip() for text in page.locator(".box thead th").all_text_contents()]
    assert heads == [
        "Student", "Result", "Points", "doubles", "large-ones-too", "hidden · nought-clandestine", "hidden · less-belated",
        "waits-for-it",
    ]  # fmt: skip
    assert len(column(page, 0)) == 12
    results = "Passed Failed Failed Failed Passed Failed Failed Passed Failed Not-graded Ungradable Missing".split()
    assert column(page, 1) == [result.replace("-", " ") for result in results]
    assert column(page, 2) == [
        "11/11",
        "7/11",
        "7/11",
        "3/11",
        "11/11",
        "3/11",
        "7/11",
        "11/11",
        "3/11",
        "–",
        "0/11",
        "–",
    ]
    assert column(page, 5) == ["✓", "✗", "✓", "✓", "✓", "✓", "✗", "✓", "✓", "", "", ""]
    assert column(page, 7) == ["✓", "○", "✓", "✗", "✓", "✗", "○", "✓", "✗", "", "", ""]


def test_each_name_leads_to_their_page(lab: Lab, show: Callable[..., Page]) -> None:
    """Of everybody who has one, by a path from where the page of the class lies."""
    links = show().locator(".box tbody a").all()
    assert len(links) == len(WORK)
    for link in links:
        address, name = link.get_attribute("href") or "", link.text_content() or ""
        assert address.startswith("their%20pages/")
        assert f"<h1>{escape(name)}" in (lab.folder / unquote(address)).read_text()


def test_links_are_seen_from_where_the_page_lies(lab: Lab, tmp_path: Path) -> None:
    """And there are none into a zip."""
    for pages, there in ((lab.folder / "their pages", True), (tmp_path / "pages.zip", False)):
        answer = lab.grade(
            "week", "--roster", "class.csv", "--feedback", pages, "--format", "html", "--output", tmp_path / "c.html"
        )
        assert answer.code == 0
        text = (tmp_path / "c.html").read_text()
        found = re.findall(r"href='([^']*)'", text)
        assert bool(found) is there
        assert all((tmp_path / unquote(each)).is_file() for each in found)


# -- sorting and finding -----------------------------------------------------------------------------------------------


def test_it_is_sorted_by_any_column_with_the_keyboard(show: Callable[..., Page]) -> None:
    """The head says by which, and which way round; what is not there comes last either way."""
    page = show()
    assert [head(page, at).get_attribute("aria-sort") for at in range(8)] == [None] * 8
    head(page, 2).get_by_role("button").focus()
    page.keyboard.press("Enter")
    falling = ["11/11"] * 3 + ["7/11"] * 3 + ["3/11"] * 3 + ["0/11", "–", "–"]
    assert column(page, 2) == falling
    assert head(page, 2).get_attribute("aria-sort") == "descending"
    expect(page.locator(".find output")).to_have_text("sorted by Points")
    page.keyboard.press("Enter")
    assert column(page, 2) == [*falling[:10][::-1], "–", "–"]
    assert head(page, 2).get_attribute("aria-sort") == "ascending"
    head(page, 5).get_by_role("button").click()
    assert column(page, 5) == ["✗"] * 2 + ["✓"] * 7 + [""] * 3
    assert [head(page, at).get_attribute("aria-sort") for at in (2, 5)] == [None, "ascending"]
    head(page, 0).get_by_role("button").click()
    names = column(page, 0)
    latin = [name for name in names if name[0].isascii() and name[0].isalpha()]
    assert latin == sorted(latin)
    assert len(names) == 12
    head(page, 1).get_by_role("button").click()
    assert column(page, 1)[:2] == ["Ungradable", "Not graded"]


def test_students_are_found_without_their_accents(show: Callable[..., Page]) -> None:
    """By parts of name and id, in any order; how many there are is said."""
    page = show()
    field = page.get_by_label("Find a student")
    for words, number in (("zoe", 1), ("BERG van", 1), ("s0", 9), ("иванова", 1), ("nobody", 0), ("", 12)):
        field.fill(words)
        expect(page.locator(".box tbody tr:not([hidden])")).to_have_count(number)
        expect(page.locator(".find output")).to_have_text(f"{number} of 12 shown" if words else "")


def test_what_is_found_is_sorted_too(show: Callable[..., Page]) -> None:
    """And what is hidden stays hidden."""
    page = show()
    page.get_by_label("Find a student").fill("e")
    before = column(page, 2)
    head(page, 2).get_by_role("button").click()
    after = column(page, 2)
    assert sorted(after) == sorted(before)
    assert len(after) < 12


def test_hundreds_are_sorted_however_soon_the_next_click_comes(browser: Browser, tmp_path: Path) -> None:
    """More than are seen at once, which come to their places by and by; those that are seen first."""
    with Gradebook(str(tmp_path / "book.sqlite")) as book:
        for number in range(420):
            report = as_dict(sample.failing_report()) | {
                "sha256": str(number),
                "points": number * 37 % 101,
                "possible": 100,
            }
            journal(book, Student(f"s{number}", f"Name {number}"), report)
        (tmp_path / "class.html").write_text(html.render(told_of(catalog.find(EXERCISE), book)))
    page = browser.new_page()
    page.goto((tmp_path / "class.html").as_uri())
    buttons = page.locator(".box thead button")
    buttons.nth(2).click()
    first = page.locator(".box tbody td.n").evaluate_all(
        "cells => cells.slice(0, 30).map(each => parseFloat(each.textContent))"
    )
    assert first == sorted(first, reverse=True)
    assert first[0] == 100
    page.evaluate("() => { for (const at of [0, 0, 2]) document.querySelectorAll('.box thead button')[at].click() }")
    points = [float(text.partition("/")[0]) for text in column(page, 2)]
    assert len(points) == 420
    assert points == sorted(points, reverse=True)
    page.close()


def test_without_a_script_it_is_a_plain_table(show: Callable[..., Page]) -> None:
    """With all its rows, and nothing that would do nothing."""
    page = show(script=False)
    assert page.locator(".box tbody tr").count() == 12
    assert page.locator("button").count() == 0
    assert not page.locator(".find").is_visible()
    assert page.locator(".box thead").inner_text().split()[:3] == ["Student", "Result", "Points"]


def test_it_is_a_table_to_assistive_technology(show: Callable[..., Page]) -> None:
    """Though its rows are laid out otherwise."""
    page = show()
    page.locator(".box").scroll_into_view_if_needed()  # rows that are far away have no cells before somebody comes near
    session = page.context.new_cdp_session(page)
    roles: list[str] = []
    deadline = time.monotonic() + SECONDS
    while roles.count("rowheader") < 12 and time.monotonic() < deadline:  # the tree follows the page when it can
        page.evaluate(FRAME)
        nodes = session.send("Accessibility.getFullAXTree")["nodes"]
        roles = [node["role"]["value"] for node in nodes if not node.get("ignored")]
    assert roles.count("rowheader") == 12
    assert roles.count("cell") == 12 * 7 + 5 * page.locator(".failing tbody tr").count()
    assert roles.count("columnheader") == 8 + 5


# -- one safe file -----------------------------------------------------------------------------------------------------


def test_names_are_text_and_nothing_is_requested(lab: Lab, browser: Browser) -> None:
    """Whatever they are; and the policy lets the page's own script run, and no other."""
    page = browser.new_page()
    requests: list[str] = []
    page.on("request", lambda request: requests.append(request.url))
    address = (lab.folder / "class.html").as_uri()
    page.goto(address, wait_until="networkidle")
    assert page.title().startswith("Tiny: 12 students")
    assert page.locator("script").count() == 1
    assert HOSTILE in column(page, 0)[6]
    assert """O'Brien "Bob" &amp; Co/Ltd""" in column(page, 0)[8]
    page.evaluate(
        "document.body.append(Object.assign(document.createElement('script'), {text: 'document.title = `run`'}))"
    )
    page.evaluate(FRAME)
    assert page.title().startswith("Tiny")
    page.close()
    assert requests == [address]
    text = (lab.folder / "class.html").read_text()
    assert not re.search(r"https?:|ftp:|file:|@import|url\(|\ssrc\s*=", text)


# -- for every reader, screen and printer ------------------------------------------------------------------------------


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1280, 400])
def test_axe_finds_nothing(show: Callable[..., Page], scheme: str, width: int) -> None:
    """Contrast, names, landmarks and roles are right, unfolded and sorted too."""
    page = show(scheme, width)
    for prepare in (
        "0",
        "document.querySelectorAll('details').forEach(each => each.open = true)",
        "document.querySelector('.box button').click()",
    ):
        page.evaluate(prepare)
        found = Axe().run(page).response["violations"]
        assert [(rule["id"], [node["html"] for node in rule["nodes"]]) for rule in found] == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_on_a_learners_page(lab: Lab, browser: Browser, scheme: str) -> None:
    """Of one who failed, one who could not be graded, one whose file was refused."""
    for who in ("s04", "s11", "s10"):
        page = browser.new_page(color_scheme=scheme)
        page.goto(next((lab.folder / "their pages").glob(f"*({who})*")).as_uri())
        found = Axe().run(page).response["violations"]
        assert [(rule["id"], [node["html"] for node in rule["nodes"]]) for rule in found] == []
        page.close()


def test_a_narrow_screen_scrolls_nothing_but_the_matrix(show: Callable[..., Page]) -> None:
    """At 400 pixels; and the first column and the heads stay in view."""
    page = show(width=400)
    assert page.evaluate("document.documentElement.scrollWidth") <= 400
    box = page.locator(".box")
    box.scroll_into_view_if_needed()
    assert box.evaluate("each => each.scrollWidth > each.clientWidth")
    box.evaluate("each => each.scrollLeft = 150")
    left = box.bounding_box()
    first = page.locator(".box tbody th").first.bounding_box()
    assert left
    assert first
    assert abs(first["x"] - left["x"]) <= 2


def test_heads_stay_in_view(show: Callable[..., Page]) -> None:
    """Whatever row is looked at."""
    page = show()
    box = page.locator(".box")
    box.evaluate("each => { each.style.maxHeight = '20rem'; each.scrollTop = 100; }")
    top, heads = box.bounding_box(), page.locator(".box thead").bounding_box()
    assert top
    assert heads
    assert abs(heads["y"] - top["y"]) <= 2
    assert box.evaluate("each => each.scrollTop") == 100


def test_on_paper_everybody_is_there(show: Callable[..., Page]) -> None:
    """Nothing is cut off, and nothing is left that only a screen can use."""
    page = show()
    page.emulate_media(media="print")
    box = page.locator(".box")
    assert box.evaluate("each => getComputedStyle(each).overflowY") == "visible"
    assert not page.locator(".find").is_visible()
    assert page.locator(".box tbody tr").last.is_visible()


def test_it_is_in_the_language(lab: Lab, tmp_path: Path) -> None:
    """Every sentence is known, save names, code and what a compiler says."""
    answer = lab.grade(
        "week", "--roster", "class.csv", "--lang", "ko", "--format", "html", "--output", tmp_path / "c.html"
    )
    assert answer.code == 0
    text = (tmp_path / "c.html").read_text()
    assert '<html lang="ko"' in text
    i18n.choose("ko")
    try:
        asked: list[str] = []
        assert i18n._catalogue
        i18n._catalogue.watch = lambda kind, missing: asked.append(missing)
        with Gradebook(str(lab.folder / "gradebook.sqlite")) as book:
            html.render(told(lab, book))
    finally:
        i18n.choose(i18n.ENGLISH)
    ours = [
        text
        for text in asked
        if not re.match(r"(Tiny|twice|a thousand|clandestine|belated|five|SyntaxError|invalid)", text)
    ]
    assert [text for text in ours if "never closed" not in text] == []


# -- without a command -------------------------------------------------------------------------------------------------


def told(lab: Lab, book: Gradebook) -> Told:
    """The class of a lab without a run."""
    return told_of(Exercise(str(lab.folder / "exercises" / "twice")), book)


def test_a_check_that_is_no_more_keeps_its_column(lab: Lab) -> None:
    """After those that there are; who was not asked has nothing in it."""
    with Gradebook(str(lab.folder / "gradebook.sqlite")) as book:
        entries = [*told(lab, book).entries(reports=True)]
        overview = Overview(told(lab, book))
        assert entries[0].result.report
        gone = entries[0].result.report["results"][0] | {"slug": "gone"}
        first = entries[0].result._replace(report=entries[0].result.report | {"results": [gone]})
        overview.add(entries[1], "")
        overview.add(entries[0]._replace(result=first), "")
    assert [check.slug for check in overview.columns()][-1] == "gone"
    assert [line.outcomes for line in overview.lines] == ["ppfpw", "     p"]


@pytest.mark.parametrize(("share", "words"), [(0.0, "0%"), (0.996, "99%"), (1.0, "100%"), (0.444, "44%")])
def test_not_quite_everything_is_not_everything(share: float, words: str) -> None:
    """However near it is."""
    assert html.percent(share) == words


def test_a_class_of_nobody_has_a_page(lab: Lab, tmp_path: Path) -> None:
    """It says so."""
    with Gradebook(str(tmp_path / "new.sqlite")) as book:
        text = html.render(told(lab, book))
    assert "Nobody has points yet." in text
    assert "Nobody failed any." in text


def test_errors_of_ours_stand_apart_and_are_no_marks(tmp_path: Path) -> None:
    """With what they were, for whoever grades, and the command that grades them again; and times are told where they are known."""
    broken = as_dict(sample.harness_error_report()._replace(reason="the disk of the <grader> is full"))
    with Gradebook(str(tmp_path / "book.sqlite")) as book:
        journal(book, Student("a", "Ada"), broken, submitted="2026-03-01T10:15:00Z")
        for who, day in (("b", 2), ("c", 4), ("d", 9)):
            journal(
                book,
                Student(who, who),
                as_dict(sample.passing_report()),
                submitted=f"2026-03-0{day}T10:15:00Z",
                late=day > 4,
            )
        text = html.render(told_of(catalog.find(EXERCISE), book))
    assert "To grade them again: <code>socklab grade</code>" in text
    assert (
        'Ada, <span class="file">is_port_open.c</span>: <span class="text">the disk of the &lt;grader&gt; is full'
        in text
    )
    assert "3 students were graded." in text
    assert "between 2026-03-02 10:15 and 2026-03-09 10:15 UTC, half of it before 2026-03-04 10:15." in text
    assert "<td class=harness-error>Harness error<td class=n>–" in text
    assert "<td class=passed>Passed <b>late</b><td class=n>6/6" in text


# -- nobody is named ---------------------------------------------------------------------------------------------------

SECRET = (
    "Xanthippe Quixotl xanthip@example.org 4711x00 hers_alone.py Zaphodia zaphod@example.org 4712x00 Ignazius".split()
)
"""Names, addresses, ids and files of two students and of one who adjusts, none of which may be anywhere."""

THEIRS = """
def Xanthippe():  # by Quixotl, with Zaphodia
    print("Xanthippe Quixotl printed it")
def twice(x):
    Xanthippe()
    if x > 20:
        raise ValueError("Quixotl xanthip@example.org")
    return x
"""
BROKEN = "def twice(x):  # Zaphodia\n    return Zaphodia(\n"


@pytest.fixture(scope="module")
def nameless(tmp_path_factory: pytest.TempPathFactory) -> Lab:
    """A class whose names are wherever names may be."""
    lab = Lab(tmp_path_factory.mktemp("nameless"))
    files = {
        "4711x00/hers_alone.py": THEIRS.encode(),
        "4712x00/Zaphodia.py": BROKEN.encode(),
        "4713x00/twice.py": RIGHT.encode(),
        "Xanthippe-notes.txt": b"x",
        "4714x00/Quixotl1.py": WRONG.encode(),
        "4714x00/Quixotl2.py": WRONG.encode(),
    }
    lay(lab.folder / "by-Xanthippe", files)
    rows = ["id,name,email", "4711x00,Xanthippe Quixotl,xanthip@example.org", "4712x00,Zaphodia,zaphod@example.org"]
    (lab.folder / "Xanthippe.csv").write_text(
        "\n".join([*rows, "4713x00,Ignazius,", "4714x00,Zaphodia Quixotl,", "4715x00,Xanthippe,"])
    )
    assert lab.grade("by-Xanthippe", *WHERE).code == 0
    with Gradebook(str(lab.folder / "of-Ignazius.sqlite")) as book:
        book.adjust(Student("4711x00", "Xanthippe Quixotl"), "twice", "+1", note="Zaphodia helped", author="Ignazius")
    return lab


WHERE = ("--roster", "Xanthippe.csv", "--gradebook", "of-Ignazius.sqlite")


def without_a_name(name: str) -> bool:
    """Whether a format can be had without names: those of an LMS fill in its own files, and refuse."""
    return name not in ("canvas", "moodle")


def test_no_output_of_any_format_names_anybody(nameless: Lab, tmp_path: Path) -> None:
    """Not by name, id, address, file, folder, or what they wrote, printed or were told; with names it is all there."""
    formats = [name for name in outputs.names() if without_a_name(name)]
    assert {"csv", "html", "json", "junit", "terminal"} <= {*formats}
    for more in (("--anonymous",), ()):
        folder = lay(tmp_path / f"out{len(more)}", {})
        words = [word for name in formats for word in ("--format", name, "--output", folder / name)]
        answer = nameless.grade("by-Xanthippe", *WHERE, *more, *words)
        assert answer.code == 0, answer.err
        for name in formats:
            content = (folder / name).read_bytes()
            found = [secret for secret in SECRET if secret.encode() in content]
            assert content
            assert bool(found) is not bool(more), (name, found)
        assert [secret for secret in SECRET if secret in answer.out] == [] or not more
    shown = nameless.grade("by-Xanthippe", *WHERE, "--anonymous", "--lang", "ko")
    assert [secret for secret in SECRET if secret in shown.out] == []


def test_what_is_left_is_still_worth_reading(nameless: Lab) -> None:
    """Verdicts, points, why they changed and what could not be graded; in an order that is not that of the roster."""
    answer = nameless.grade("by-Xanthippe", *WHERE, "--anonymous", "--format", "json")
    results = {each["name"]: each for each in json.loads(answer.out)["results"]}
    assert {*results} == {f"Student {number}" for number in range(1, 6)}
    assert [*results] == sorted(results)
    by_verdict = {each["verdict"]: each for each in results.values()}
    assert by_verdict["failed"]["adjusted"] == 1
    assert by_verdict["failed"]["note"] == "Adjusted by …: 3 -> 4 points (+1; …)."
    assert by_verdict["passed"]["points"] == 11
    assert {each["graded"] for each in results.values()} == {""}  # a class is graded in the order of its names
    assert {each["sha256"] for each in results.values()} == {""}


def test_a_pseudonym_stays(nameless: Lab, tmp_path: Path) -> None:
    """For the same gradebook, also when somebody comes later, and whatever the roster's order is."""

    def by_points(*words: str | Path) -> dict[tuple[str, float], str]:
        answer = nameless.grade("by-Xanthippe", *words, *WHERE[2:], "--anonymous", "--format", "json")
        return {
            (each["verdict"], each["points"]): each["student"]
            for each in json.loads(answer.out)["results"]
            if each["attempt"]
        }

    first = by_points("--roster", "Xanthippe.csv")
    assert by_points("--roster", "Xanthippe.csv") == first
    rows = (nameless.folder / "Xanthippe.csv").read_text().splitlines()
    (tmp_path / "reversed.csv").write_text("\n".join([rows[0], "0,Aaron,", *rows[:0:-1]]))
    later = by_points("--roster", tmp_path / "reversed.csv")
    assert {key: later[key] for key in first} == first


def test_pseudonyms_do_not_follow_names(tmp_path: Path) -> None:
    """Of a hundred students, in the order of names and numbers."""
    people = [Student(f"s{number:03}", f"Name {number:03}") for number in range(100)]
    with Gradebook(str(tmp_path / "book.sqlite")) as book:
        numbers = book.pseudonyms(people)
        assert sorted(numbers.values()) == [*range(1, 101)]
        in_order = sum(numbers[f"s{n:03}"] < numbers[f"s{n + 1:03}"] for n in range(99))
        assert 20 < in_order < 79  # by chance once in 10^8
        assert book.pseudonyms(reversed(people)) == numbers
        assert book.pseudonyms([Student("new", "New")]) == {"new": 101}


def test_a_mistake_has_a_line_for_an_example_where_names_may_be(tmp_path: Path) -> None:
    """The first learner's who has it, from what the gradebook keeps; where nobody is named there is none."""
    mistake = Mistake("slug", "The socket stays open", "It is never closed.", "close()", (14,))
    report = as_dict(sample.failing_report()._replace(mistakes=(mistake,)))
    with Gradebook(str(tmp_path / "book.sqlite")) as book:
        journal(book, Student("a", "Ada"), report | {"sha256": "0"})
        journal(book, Student("b", "Bob"), report, sample.SOURCE.encode())
        of_class = told_of(catalog.find(EXERCISE), book)
        named, nameless = html.render(of_class), html.render(of_class.anonymous())
    for text in (named, nameless):
        assert "The socket stays open <span" in text
        assert "2 students" in text
    assert 'For example Bob, <span class="file">is_port_open.c</span>, line 14:' in named
    assert "<code>int fd = socket(AF_INET, SOCK_STREAM, 0);</code>" in named
    assert "socket(AF_INET" not in nameless


def test_the_anonymous_page_says_what_it_leaves_out(nameless: Lab, tmp_path: Path) -> None:
    """And has no links, since there are no pages."""
    target = tmp_path / "class.html"
    nameless.grade("by-Xanthippe", *WHERE, "--anonymous", "--format", "html", "--output", target)
    text = target.read_text()
    assert "Nobody is named; lines of code are left out, since they may hold names." in text
    assert "Student 1" in text
    assert "<a href='" not in text
