"""What the HTML report promises its readers, tried in a browser wherever a browser decides."""

import re
from collections.abc import Callable, Iterator
from html.parser import HTMLParser
from pathlib import Path

import pytest
import sample
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page

from socklab.model import FAILED, PASSED, SKIPPED, CheckResult, Mistake, Report
from socklab.reports import html

REPORTS: dict[str, Callable[[], Report]] = {
    "failed": sample.failing_report,
    "passed": sample.passing_report,
    "ungradable": sample.ungradable_report,
    "harness-error": sample.harness_error_report,
}
SCRIPT = "<script>document.title = 'run'</script>"
HANDLER = "<img src='http://127.0.0.1:9/picture' onerror=\"document.title = 'run'\">"
HOSTILE = f"{SCRIPT}{HANDLER}</pre></title></style>"


@pytest.fixture
def show(browser: Browser, tmp_path: Path) -> Iterator[Callable[..., Page]]:
    """Opens a page as a reader would: from a file."""
    pages: list[Page] = []

    def open_page(text: str, *, scheme: str = "light", width: int = 1280) -> Page:
        file = tmp_path / "report.html"
        file.write_text(text, encoding="utf-8")
        page = browser.new_page(viewport={"width": width, "height": 900}, color_scheme=scheme)
        pages.append(page)
        page.goto(file.as_uri())
        return page

    yield open_page
    for page in pages:
        page.close()


def unfold(page: Page) -> None:
    page.evaluate("document.querySelectorAll('details').forEach(each => each.open = true)")


def hostile_report() -> Report:
    """Text that tries to be markup, wherever text of the submission or of its compiler can be."""
    calls = tuple(call._replace(text=HOSTILE) for call in sample.LEAKS.calls)
    leaks = sample.LEAKS._replace(tried=HOSTILE, expected=HOSTILE, got=HOSTILE, message=HOSTILE, calls=calls)
    return sample.failing_report()._replace(
        file=f"{HOSTILE}.c",
        output=HOSTILE,
        content=f"{HOSTILE}\n".encode() * 30,
        results=(sample.OPEN, leaks),
        diagnostics=(sample.WARNING._replace(message=HOSTILE),),
        remarks=(HOSTILE,),
    )


def wide_report() -> Report:
    """Lines that never break, wherever text of the submission or of its compiler can be."""
    long = "W" * 3000
    calls = tuple(call._replace(text=long) for call in sample.HANGS.calls)
    hangs = sample.HANGS._replace(
        tried=long, expected=long, got=long, message=long, hint=long, why=long, more=long, calls=calls
    )
    return sample.failing_report()._replace(
        file="W" * 250 + ".c",
        output=f"{long}\n" * 50,
        content=("\t" * 20 + long + "\n").encode() * 30,
        results=(sample.LEAKS, hangs, sample.WAITING, hangs._replace(bonus=True)),
        diagnostics=(sample.WARNING._replace(message=long),),
        remarks=(long,),
    )


# -- hostile text ------------------------------------------------------------------------------------------------------


def test_markup_in_the_submission_is_shown_and_not_obeyed(show: Callable[..., Page]) -> None:
    """A script tag in the output, the source, the file name or a message is text like any other."""
    page = show(html.render(hostile_report()))
    unfold(page)
    assert page.title().startswith("Failed")
    assert page.locator("script, img").count() == 0
    for place in ("h1 .file", "dd.got", ".output", ".code mark", ".calls code", ".check-title .text"):
        assert HOSTILE in page.locator(place).first.inner_text()


def test_there_is_no_script_at_all() -> None:
    """The page needs no script, and holds none whatever was handed in."""
    for report in (*(make() for make in REPORTS.values()), hostile_report()):
        text = html.render(report)
        assert not re.search(r"<\s*script", text, re.IGNORECASE)
        assert not re.search(r"<[^>]*\son[a-z]+\s*=", text, re.IGNORECASE)


def test_characters_that_hide_or_reorder_are_named() -> None:
    """Control characters, bidi overrides and lone surrogates are named, so that they cannot act."""
    acting = "\x00\x07\x1b[31m\x7f\x85\u202e\u2066\u200b\u2028\ufeff\ud800"
    text = html.render(
        hostile_report()._replace(
            file=acting, output=acting, content=(acting + "\n").encode(errors="surrogatepass") * 30
        )
    )
    text.encode("utf-8")
    assert [c for c in text if not c.isprintable() and c != "\n"] == []
    assert "⟨U+202E⟩" in text
    assert "⟨U+001B⟩[31m" in text


def test_line_breaks_and_tabs_of_the_output_stay(show: Callable[..., Page]) -> None:
    """What the program printed looks as it did in a terminal, also with Windows line ends and a blank first line."""
    page = show(html.render(sample.failing_report()._replace(output="\n one\r\n\ttwo\n")))
    assert page.locator(".output").text_content() == "\n one\n\ttwo\n"


# -- one file, no requests ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("outcome", REPORTS)
def test_nothing_outside_the_page_is_referred_to(outcome: str) -> None:
    """No URL is in the page: links lead to places within it, and style and icon are part of it."""
    text = html.render_many([REPORTS[outcome](), sample.passing_report()])
    assert not re.search(r"https?:|ftp:|file:|//\w|@import|url\(|\ssrc\s*=", text)
    targets = re.findall(r"\shref\s*=\s*[\"']([^\"']*)", text)
    assert [t for t in targets if not t.startswith("#")] == ["data:,"]


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_page_requests_nothing(browser: Browser, tmp_path: Path, scheme: str) -> None:
    """Reading, unfolding and printing the report makes no request, whatever the submission says."""
    file = tmp_path / "report.html"
    file.write_text(html.render(hostile_report()), encoding="utf-8")
    page = browser.new_page(color_scheme=scheme)
    requests: list[str] = []
    page.on("request", lambda request: requests.append(request.url))
    page.goto(file.as_uri(), wait_until="networkidle")
    unfold(page)
    page.pdf()
    page.close()
    assert requests == [file.as_uri()]


def test_a_policy_forbids_what_the_page_does_not_need(show: Callable[..., Page]) -> None:
    """Even if markup came through, the browser would run no script and fetch nothing."""
    page = show(html.render(sample.passing_report()))
    page.evaluate(f"document.body.insertAdjacentHTML('beforeend', {HANDLER!r})")
    page.evaluate(
        "document.body.append(Object.assign(document.createElement('script'), {text: 'document.title = `run`'}))"
    )
    page.wait_for_timeout(100)
    assert page.title().startswith("Passed")


# -- what is read first ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("outcome", "words"),
    [
        (
            "failed",
            [
                "Failed",
                "6 of 10 points",
                "+1 bonus point",
                "2 of 5 checks failed, 1 not tried; 1 more could not run here.",
            ],
        ),
        ("passed", ["Passed", "6 of 6 points", "All 2 checks passed."]),
        ("ungradable", ["Ungradable", "it does not compile: line 6", "no points were counted"]),
        (
            "harness-error",
            ["Harness error", "not your program", "No points are lost", "user namespaces are switched off"],
        ),
    ],
)
def test_the_verdict_is_in_words_at_the_top(show: Callable[..., Page], outcome: str, words: list[str]) -> None:
    """Exercise, file, outcome and points are read at the top, without having to see a colour."""
    page = show(html.render(REPORTS[outcome]()))
    verdict = page.locator("main > article > :first-child").inner_text()
    for expected in ("Is anything listening?", "is_port_open.c", *words):
        assert expected in verdict
    assert page.title().startswith(words[0])


def test_the_first_thing_to_fix_comes_first(show: Callable[..., Page]) -> None:
    """Right below the verdict is the first failure that was really tried, unfolded, with all that was seen."""
    page = show(html.render(sample.failing_report()))
    first = page.locator("main > article > :nth-child(2)")
    assert first.locator("h2").inner_text() == "Fix this first"
    assert first.locator("summary").all_inner_texts() == [
        "Second hint",
        "The same as a table, with times",
        "1 more check waits for this one",
    ]
    text = first.inner_text().lower()
    leaks = sample.LEAKS
    for seen in (
        leaks.title,
        *leaks.arranged,
        leaks.tried,
        leaks.expected,
        leaks.got,
        leaks.message,
        leaks.why,
        leaks.hint,
        "1 point",
    ):
        assert seen.lower() in text


def test_of_a_program_that_does_not_compile_the_first_error_comes_first(show: Callable[..., Page]) -> None:
    """The first error is shown against its line of code; other errors and warnings are folded away."""
    page = show(html.render(sample.ungradable_report()))
    first = page.locator("main > article > :nth-child(2)")
    assert "Line 6: expected ‘,’ or ‘;’ before ‘return’" in first.inner_text()
    assert "in this function" in first.inner_text()
    assert first.locator("mark").all_inner_texts() == ["    return port;"]
    assert page.locator("summary").all_inner_texts() == ["1 more error", "1 compiler warning"]


def test_other_failures_are_folded_with_what_went_wrong(show: Callable[..., Page]) -> None:
    """A folded failure still says what was expected and what came; unfolding it needs no mouse."""
    page = show(html.render(sample.failing_report()))
    card = page.locator("details.card").first
    assert card.locator(".brief").inner_text() == "expected: an answer; got: did not return within 2 seconds"
    card.locator("summary").first.focus()
    page.keyboard.press("Enter")
    assert card.locator("dd.got").is_visible()


def test_what_waits_for_a_failure_is_folded_below_it() -> None:
    """It is counted in one line under the failure that keeps it waiting, and is nobody's first task."""
    text = html.render(sample.failing_report())
    waiting = html.sentence(sample.WAITING.title)
    order = [text.index(words) for words in ("Fix this first", waiting, "Also failing", "2 checks passed")]
    assert order == sorted(order)
    assert text.count(waiting) == 1
    assert "Not tried yet" not in text


def test_a_folded_failure_says_how_many_wait_for_it(show: Callable[..., Page]) -> None:
    """Whoever looks for what earns most sees it without unfolding anything."""
    report = sample.failing_report()._replace(results=(sample.HANGS._replace(broke=True), sample.LEAKS, sample.WAITING))
    card = show(html.render(report)).locator("details.card").first
    assert card.locator(".brief").inner_text().endswith("still open (1 more check waits for this one)")


def test_checks_that_wait_for_no_single_failure_are_grouped_by_reason(show: Callable[..., Page]) -> None:
    """Their reason is said once, below all failures."""
    tired = "3 calls before this one did not return; mend those first."
    untried = tuple(sample.WAITING._replace(slug=s, waits_for="", message=tired) for s in ("one", "two"))
    page = show(html.render(sample.failing_report()._replace(results=(sample.HANGS, *untried))))
    section = page.locator("section", has_text="Not tried yet").inner_text()
    assert section.count(tired) == 1
    assert "2 checks, 4 points" in section


@pytest.mark.parametrize(("hints", "seen"), [(0, []), (1, ["Hint"]), (2, ["Hint", "Second hint"])])
def test_as_many_hints_are_in_view_as_were_asked_for(show: Callable[..., Page], hints: int, seen: list[str]) -> None:
    """Without a number the second one is there but folded; with 0 there is none to unfold; on paper it is as on the screen."""
    page = show(html.render(sample.failing_report(), hints=hints))
    first = page.locator(".first")
    assert first.get_by_text(sample.LEAKS.hint).count() == (hints > 0)
    assert first.get_by_text(sample.LEAKS.more).count() == (hints > 0)
    for media in ("screen", "print"):
        page.emulate_media(media=media)
        shown = [each.inner_text() for each in first.locator(".hint .text, .hint p").all() if each.is_visible()]
        assert shown == [sample.LEAKS.hint, sample.LEAKS.more][: len(seen)]


def test_errno_names_are_explained_beside_the_calls(show: Callable[..., Page]) -> None:
    """Each name that the failure shows, once, as a list of terms that a screen reader knows for one."""
    page = show(html.render(sample.failing_report()))
    unfold(page)
    terms = [each.locator("dt").all_inner_texts() for each in page.locator("dl.errnos").all()]
    assert terms == [["ECONNREFUSED"], ["ETIMEDOUT", "EBADF"], ["EINTR"]]
    assert page.locator("dl.errnos dd").first.inner_text().startswith("nobody listens there")


# -- what was seen -----------------------------------------------------------------------------------------------------


def test_calls_are_shown_with_the_lines_that_made_them(show: Callable[..., Page]) -> None:
    """Each recorded call has its line and time, and the source beside it marks just the lines that were named."""
    page = show(html.render(sample.failing_report()))
    unfold(page)
    first = page.locator(".first")
    cells = [row.locator("td").all_inner_texts() for row in first.locator("tbody tr").all()]
    assert cells == [
        ["14", "socket(AF_INET, SOCK_STREAM, 0) = 5", "0 µs", "4 µs"],
        ["17", "connect(5, 127.0.0.1:21827) = -1 ECONNREFUSED", "4 µs", "17 µs"],
    ]
    assert [number.split()[-1] for number in first.locator(".marked .number").all_inner_texts()] == ["14", "17"]
    assert first.locator(".row").count() == 8


def test_arranged_pending_repeated_and_missing_calls_are_told(show: Callable[..., Page]) -> None:
    """A reader sees which call was made to fail, which never came back, and that earlier ones are not shown."""
    page = show(html.render(sample.failing_report()))
    unfold(page)
    card = page.locator("details.card").first
    rows = card.locator("tbody tr").all_inner_texts()
    assert len(rows) == 3
    assert "arranged" in rows[0]
    assert "(arranged)" not in rows[0]
    assert "5 times in a row" in rows[1]
    assert "never came back" in rows[2]
    assert "643 earlier calls are left out" in card.inner_text()


def test_the_line_of_a_crash_or_an_exception_is_marked() -> None:
    """Where no call names a line, the line in what it got is shown."""
    crash = sample.LEAKS._replace(got="ValueError: no at line 11", calls=())
    text = html.render(sample.failing_report()._replace(results=(crash,)))
    assert "<mark>    if (port &lt; 1 || port &gt; 65535)</mark>" in text


def test_lines_that_are_not_in_the_source_do_no_harm() -> None:
    """A line number of 0, or beyond the end of the file, shows no code and breaks nothing."""
    calls = tuple(sample.LEAKS.calls[0]._replace(line=line) for line in (0, 26, 999_999_999))
    odd = sample.LEAKS._replace(calls=calls, got="at line 99999")
    assert 'class="code"' not in html.render(sample.passing_report()._replace(outcome=FAILED, results=(odd,)))


def test_bonus_checks_never_alarm(show: Callable[..., Page]) -> None:
    """A bonus check that is missed stands apart from failures, costs nothing and says so."""
    page = show(html.render(sample.passing_report()))
    assert "Fix this first" not in page.content()
    assert "Also failing" not in page.content()
    missed = page.locator(".card.bonus", has_text="signal in the middle")
    assert "not earned, nothing lost" in missed.inner_text()
    unfold(page)
    plain = page.locator("body").evaluate("e => getComputedStyle(e).color")
    assert missed.locator("dd.got").evaluate("e => getComputedStyle(e).color") == plain


def test_skipped_checks_say_why(show: Callable[..., Page]) -> None:
    """What could not run is named with the reason, in view."""
    page = show(html.render(sample.failing_report()))
    section = page.locator("section", has_text="Could not run here").inner_text()
    assert "The lowest port, 1, can be open" in section
    assert "Only root may listen on port 1 in the shared tier" in section


def test_how_it_was_graded_is_told(show: Callable[..., Page]) -> None:
    """The foot has all it takes to repeat the run, and says plainly what the shared tier means."""
    report = sample.failing_report()._replace(file="my file.c")
    facts = show(html.render(report)).locator("body").inner_text()
    for fact in (
        "socklab check is-port-open 'my file.c' --seed 4711",
        "shared (bubblewrap is not installed)",
        "some checks cannot run in it",
        "gcc 12.2.0",
        report.sha256,
        "174 ms",
        "socklab 0.1.0",
        "Everything ran on loopback (127.0.0.1)",
    ):
        assert fact in facts


# -- for every reader, screen and printer ------------------------------------------------------------------------------


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize(("outcome", "width"), [*((outcome, 1280) for outcome in REPORTS), ("several", 400)])
def test_axe_finds_nothing(show: Callable[..., Page], outcome: str, scheme: str, width: int) -> None:
    """Contrast, names, landmarks and the order of headings are right in both palettes, folded and unfolded."""
    reports = [make() for make in REPORTS.values()] if outcome == "several" else [REPORTS[outcome]()]
    page = show(html.render_many(reports), scheme=scheme, width=width)
    for prepare in (lambda _: None, unfold):
        prepare(page)
        found = Axe().run(page).response["violations"]
        assert [(rule["id"], [node["html"] for node in rule["nodes"]]) for rule in found] == []


def test_both_palettes_are_there(show: Callable[..., Page]) -> None:
    """The page is light or dark as its reader prefers."""
    grounds = {
        scheme: show(html.render(sample.passing_report()), scheme=scheme)
        .locator("body")
        .evaluate("e => getComputedStyle(e).backgroundColor.match(/\\d+/g).map(Number)")
        for scheme in ("light", "dark")
    }
    assert min(grounds["light"]) > 200
    assert max(grounds["dark"]) < 60


@pytest.mark.parametrize("make", [*REPORTS.values(), hostile_report, wide_report])
def test_a_narrow_screen_needs_no_sideways_scrolling(show: Callable[..., Page], make: Callable[[], Report]) -> None:
    """At 400 pixels everything fits, unfolded too, however long a line or a name is."""
    page = show(html.render(make()), width=400)
    assert page.evaluate("document.documentElement.scrollWidth") <= 400
    unfold(page)
    assert page.evaluate("document.documentElement.scrollWidth") <= 400
    outside = "[...document.querySelectorAll('main *')].filter(e => e.getBoundingClientRect().right > 400).map(e => e.outerHTML)"
    assert page.evaluate(outside) == []


def test_endless_output_does_not_make_an_endless_page(show: Callable[..., Page]) -> None:
    """Printed text has a box of bounded height, which can be scrolled with the keyboard."""
    page = show(html.render(sample.failing_report()._replace(output="again\n" * 3000)))
    unfold(page)
    box = page.locator(".output")
    assert box.evaluate("e => e.clientHeight") < 500
    assert [rule["id"] for rule in Axe().run(page).response["violations"]] == []
    box.focus()
    page.keyboard.press("End")
    for _ in range(50):  # the policy of the page keeps wait_for_function() out
        if box.evaluate("e => e.scrollTop") > 0:
            return
        page.wait_for_timeout(100)
    pytest.fail("the End key did not scroll the output")


def test_print_shows_everything_on_white(show: Callable[..., Page]) -> None:
    """On paper nothing is folded or cut off, and the dark palette stays on the screen."""
    page = show(html.render(sample.failing_report()._replace(output="again\n" * 300)), scheme="dark")
    folded = page.locator("details .titles.passed")
    assert not folded.is_visible()
    page.emulate_media(media="print", color_scheme="dark")
    assert folded.is_visible()
    style = page.locator("body").evaluate("e => [getComputedStyle(e).backgroundColor, getComputedStyle(e).color]")
    assert style == ["rgb(255, 255, 255)", "rgb(32, 36, 42)"]
    assert page.locator(".output").evaluate("e => e.scrollHeight - e.clientHeight") <= 1


# -- several reports ---------------------------------------------------------------------------------------------------


class _Ids(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.ids: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.ids += [value for key, value in attrs if key == "id" and value]


def test_several_reports_share_a_page_and_a_list_that_leads_to_them(show: Callable[..., Page]) -> None:
    """The list names each file with its verdict and points, in order, and its links lead to the reports."""
    text = html.render_many([make() for make in REPORTS.values()])
    page = show(text)
    entries = [" ".join(entry.split()) for entry in page.locator("nav li").all_inner_texts()]
    assert entries[0] == "is_port_open.c Failed 6 of 10 points"
    assert [entry.split(maxsplit=1)[1] for entry in entries[2:]] == ["Ungradable", "Harness error"]
    for number, link in enumerate(page.locator("nav a").all()):
        assert page.locator("article").nth(number).get_attribute("id") == (link.get_attribute("href") or "")[1:]
    parser = _Ids()
    parser.feed(text)
    assert len(parser.ids) == len(set(parser.ids))
    assert page.locator("h1").count() == 1


def test_one_report_has_no_list(show: Callable[..., Page]) -> None:
    """A single report begins with itself, and render() is render_many() of one."""
    report = sample.failing_report()
    assert html.render(report) == html.render_many([report])
    page = show(html.render(report))
    assert page.locator("nav").count() == 0
    assert page.locator("h1").inner_text().startswith("Is anything listening?")


def test_the_same_report_gives_the_same_page() -> None:
    """Rendering looks at nothing but the report: no clock, no environment."""
    assert html.render(sample.failing_report()) == html.render(sample.failing_report())


@pytest.mark.parametrize("outcome", [PASSED, FAILED, SKIPPED])
def test_a_check_without_details_is_still_shown(outcome: str) -> None:
    """A check that has only a title makes a readable page."""
    bare = CheckResult("bare", "something holds", outcome, points=1, bonus=False, hint="")
    assert "Something holds" in html.render(sample.report(FAILED, results=(bare, sample.LEAKS)))


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (0.0, "0 µs"),
        (1.7e-05, "17 µs"),
        (0.0009999, "1 ms"),
        (0.0012, "1.2 ms"),
        (0.1738, "174 ms"),
        (0.99999, "1.00 s"),
    ],
)
def test_times_are_said_in_fitting_units(seconds: float, words: str) -> None:
    """Three digits are enough, from microseconds to seconds."""
    assert html.duration(seconds) == words


# -- the picture of the calls, and what they betray ---------------------------------------------------------------------


def test_calls_are_drawn_with_what_went_over_the_wire(show: Callable[..., Page]) -> None:
    """Each call is a picture with a name of its own; what is still open at the end has no end."""
    page = show(html.render(sample.failing_report()))
    drawn = page.locator(".first figure.story")
    assert drawn.locator(".step title").all_text_contents() == [
        "line 14: socket(AF_INET, SOCK_STREAM, 0) = 5",
        "line 17: connect(5, 127.0.0.1:21827) = -1 ECONNREFUSED, SYN, RST",
    ]
    assert drawn.locator(".leaked").all_text_contents() == ["descriptor 5 is still open"]


def test_a_call_and_its_line_are_linked_by_hover_and_by_focus(show: Callable[..., Page]) -> None:
    """Pointing at one marks the other, without a script."""
    page = show(html.render(sample.failing_report()))
    row = page.locator('.first .row[data-line="17"]')
    step = page.locator('.first .step[data-line="17"]')
    outline = "each => getComputedStyle(each).outlineStyle"
    assert row.evaluate(outline) == "none"
    step.hover()
    assert row.evaluate(outline) == "solid"
    page.mouse.move(0, 0)
    assert row.evaluate(outline) == "none"
    page.locator(".first summary").first.focus()
    while not step.evaluate("each => each === document.activeElement"):
        page.keyboard.press("Tab")
    assert row.evaluate(outline) == "solid"


@pytest.mark.parametrize(
    ("title", "shown"),
    [
        ("a closed port is open", "A closed port is open"),
        ("connect() blocks", "connect() blocks"),
        ("errno is read late", "errno is read late"),
        ("SO_ERROR is not asked", "SO_ERROR is not asked"),
        ("-1 is no port", "-1 is no port"),
    ],
)
def test_a_title_begins_with_a_capital_but_a_name_stays_a_name(
    show: Callable[..., Page], title: str, shown: str
) -> None:
    """C and Python tell connect() from Connect()."""
    report = sample.failing_report()._replace(mistakes=(Mistake("slug", title, "Why.", "what to try", ()),))
    assert show(html.render(report)).locator(".mistakes .check-title").inner_text() == shown


def test_a_mistake_stands_above_what_failed(show: Callable[..., Page]) -> None:
    """What it looks like, why that is a mistake, what to try, and the line."""
    mistake = Mistake("slug", "a title of a mistake", "Why it is one. In two sentences.", "what to try", (17,))
    page = show(html.render(sample.failing_report()._replace(mistakes=(mistake,))))
    card = page.locator(".mistakes .card")
    assert "What it looks like" in page.locator("main > article > :nth-child(2)").inner_text()
    for words in (mistake.explanation, mistake.next):
        assert words in card.inner_text()
    assert card.locator(".marked .number").inner_text().endswith("17")
