"""The report as a piece of somebody else's page: in the style sheets of JupyterLab, of VS Code and of nobody, light and dark."""

import re
from collections.abc import Callable, Iterator

import nbconvert
import nbformat
import pytest
import sample
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, Route
from test_html import REPORTS, hostile_report, unfold, wide_report

from socklab.model import Report
from socklab.reports import _fragment, html

JUPYTER = "<body class='jp-Notebook' data-jp-theme-light='{light}'>"
VSCODE = (
    "<body class='{kind}' style='--vscode-font-size: 13px; font-size: 13px'>"
    "<style>table, th, td {{ border: none !important }} table, th, tr {{ text-align: left !important }} thead {{ background: gray }}"
    "th, td {{ padding: 4px 8px }} tr:nth-child(even) {{ background: gray }}</style>"
)
FURO = "<html data-theme='{theme}'><body>"

FRONT_ENDS = {
    "plain": ("<body>", None),
    "jupyterlab-light": (JUPYTER.format(light="true"), "light"),
    "jupyterlab-dark": (JUPYTER.format(light="false"), "dark"),
    "vscode-light": (VSCODE.format(kind="vscode-light"), "light"),
    "vscode-dark": (VSCODE.format(kind="vscode-dark"), "dark"),
    "vscode-high-contrast": (VSCODE.format(kind="vscode-high-contrast"), "dark"),
    "vscode-high-contrast-light": (VSCODE.format(kind="vscode-high-contrast-light vscode-high-contrast"), "light"),
    "docs-light": (FURO.format(theme="light"), "light"),
    "docs-dark": (FURO.format(theme="dark"), "dark"),
    "docs-auto": (FURO.format(theme="auto"), None),
}
"""How a page begins, and which palette it asks for; None: what the reader's system prefers."""

RUDE = """
body { letter-spacing: 3px; color: fuchsia; font: italic 30px serif; text-transform: uppercase; text-align: right; line-height: 3; cursor: wait; }
h1, h2, h3, h4, h5, p, ul, li, dl, dt, dd, table, th, td, tr, pre, code, section, article, header, details, summary, figure,
div div, span, strong, b, mark, a {
  margin: 41px; padding: 23px; border: 5px dashed fuchsia; background: yellow; color: fuchsia; font-size: 31px; float: left;
}
.jp.jp.jp tbody tr:nth-child(odd) { background: yellow; display: block; }
.jp.jp.jp :not(pre) > code { padding: 17px; background: yellow; }
.card, .code, .row, .passed, .failed, .hint, .tag, .text, .case, .verdict, .file, .number, .calls, .story { display: none; }
"""
"""What no style sheet says, and any might."""

STYLES = """root => [...root.querySelectorAll('*')].filter(e => !e.closest('style, svg')).map(e => {
  const style = getComputedStyle(e);
  const names = [...style].filter(name => !/width|height|(inline|block)-size|origin|inset|^(top|left|right|bottom|color-scheme)$|^-/.test(name));
  const tracks = name => name.startsWith('grid-template');
  const value = name => tracks(name) ? style[name].split(' ').length : style.getPropertyValue(name);
  return (e.getAttribute('class') || '') + '\\n' + names.map(name => name + ': ' + value(name)).join('\\n');
})"""
"""What each element below one looks like, apart from how large it came out."""


@pytest.fixture
def show(browser: Browser) -> Iterator[Callable[..., Page]]:
    """Shows a page; whatever it asks for is refused, and counted."""
    pages: list[Page] = []

    def open_page(text: str, *, scheme: str = "light", width: int = 1280) -> Page:
        page = browser.new_page(viewport={"width": width, "height": 900}, color_scheme=scheme)
        pages.append(page)
        page.route("**", lambda route: route.abort())
        page.set_content(text)
        return page

    yield open_page
    for page in pages:
        page.close()


def piece(report: Report, anchor: str = "socklab-1", **more: object) -> str:
    """The report as a notebook shows it."""
    return _fragment.render(report, anchor, again="%%submit is-port-open --seed 4711", **more)  # type: ignore[arg-type]


def document(inside: str, begin: str = "<body>", style: str = "") -> str:
    """A page with something in it."""
    head = f"<title>a notebook</title><style>{style}</style>"
    page = begin if begin.startswith("<html") else f"<html>{begin}"
    return f"<!DOCTYPE html>{page.replace('<body', f'<head>{head}</head><body').replace('<html', '<html lang=en')}<main><h1>a</h1>{inside}</main>"


def exported(*pages: str, theme: str = "light") -> str:
    """A notebook with these outputs as nbconvert makes a page of it: with JupyterLab's own style sheets."""
    cells = [
        nbformat.v4.new_code_cell(
            f"cell({number})",
            outputs=[nbformat.v4.new_output("execute_result", {"text/html": page}, execution_count=1)],
        )
        for number, page in enumerate(pages)
    ]
    exporter = nbconvert.HTMLExporter(theme=theme)
    return exporter.from_notebook_node(nbformat.v4.new_notebook(cells=cells))[0]


def ground(page: Page) -> list[int]:
    """The colour behind the report."""
    return page.locator(".socklab").first.evaluate(
        "e => getComputedStyle(e).backgroundColor.match(/\\d+/g).map(Number)"
    )


# -- nothing around it changes, and nothing around it changes it --------------------------------------------------------


def test_nothing_around_it_looks_different(show: Callable[..., Page]) -> None:
    """Every element of the page, with classes that the report uses too, looks as it did before the report was there."""
    neighbours = (
        "<div id=near class='jp-RenderedHTMLCommon'><h2>h</h2><p class=passed>p <code>c</code> <a href='#x'>a</a></p>"
        "<table class=calls><tr><th>t<td class=time>d</table><dl class=case><dt>t<dd class=got>d</dl><ul><li>i</ul>"
        "<details class=card open><summary>s</summary><div class='code row'>x</div></details><pre class=output>o</pre>"
        "<svg class=story><text class=lane>t</text></svg></div>"
    )
    for begin in ("<body>", JUPYTER.format(light="false")):
        page = show(document(neighbours + "<div id=here></div>", begin))
        before = page.locator("#near").evaluate(STYLES)
        page.locator("#here").evaluate("(e, text) => e.innerHTML = text", piece(sample.failing_report()))
        assert page.locator("#near").evaluate(STYLES) == before
        assert page.locator("body").evaluate("e => getComputedStyle(e).backgroundColor") == "rgba(0, 0, 0, 0)"


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_rude_style_sheets_do_not_change_it(show: Callable[..., Page], scheme: str) -> None:
    """Whatever a page says of headings, tables, lists or of classes of the same name."""
    inside = f"<div class='jp jp-RenderedHTMLCommon'>{piece(sample.failing_report())}</div>"
    pages = [show(document(inside, style=style), scheme=scheme) for style in ("", RUDE)]
    calm, rude = (page.locator(".socklab").evaluate(STYLES) for page in pages)
    assert len(calm) > 150
    assert rude == calm


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_it_looks_as_the_page_of_its_own_does(show: Callable[..., Page], scheme: str) -> None:
    """No rule is lost on the way into a piece."""
    alone = show(html.render(sample.failing_report()), scheme=scheme, width=1500).locator("main").evaluate(STYLES)
    inside = f"<div style='width: 1080px'>{piece(sample.failing_report())}</div>"
    there = show(document(inside), scheme=scheme, width=1500).locator(".socklab").evaluate(STYLES)
    assert [re.sub(" ?jp-toc-ignore", "", each, count=1) for each in there] == alone


# -- light and dark ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("system", ["light", "dark"])
@pytest.mark.parametrize("front_end", FRONT_ENDS)
def test_it_is_dark_where_the_front_end_is(show: Callable[..., Page], front_end: str, system: str) -> None:
    """By what the page says; where it says nothing, as the reader's system prefers; and axe finds nothing."""
    begin, theme = FRONT_ENDS[front_end]
    page = show(document(piece(sample.failing_report(), whole_source=True), begin), scheme=system)
    dark = (theme or system) == "dark"
    assert max(ground(page)) < 60 if dark else min(ground(page)) > 200
    assert page.locator(".socklab").evaluate("e => getComputedStyle(e).colorScheme") == ("dark" if dark else "light")
    unfold(page)
    found = Axe().run(page, ".socklab").response["violations"]
    assert [(rule["id"], [node["html"] for node in rule["nodes"]]) for rule in found] == []


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("outcome", REPORTS)
def test_axe_finds_nothing_among_jupyters_own_style_sheets(show: Callable[..., Page], outcome: str, theme: str) -> None:
    """In a notebook that nbconvert made a page of; the reader's system prefers the other palette."""
    page = show(exported(piece(REPORTS[outcome]()), theme=theme), scheme="light" if theme == "dark" else "dark")
    unfold(page)
    assert max(ground(page)) < 60 if theme == "dark" else min(ground(page)) > 200
    found = Axe().run(page, ".socklab").response["violations"]
    assert [(rule["id"], [node["html"] for node in rule["nodes"]]) for rule in found] == []


def test_on_paper_it_is_light(show: Callable[..., Page]) -> None:
    """A dark notebook is printed on white paper, with nothing folded."""
    page = show(exported(piece(sample.failing_report()), theme="dark"))
    folded = page.locator("details .titles.passed")
    assert not folded.is_visible()
    page.emulate_media(media="print")
    assert ground(page) == [255, 255, 255]
    assert folded.is_visible()


# -- what it is made of ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("make", [*REPORTS.values(), hostile_report])
def test_there_is_no_script(make: Callable[[], Report]) -> None:
    """Front ends that run scripts find none, and no element needs a document of its own."""
    text = piece(make(), whole_source=True)
    assert not re.search(r"<\s*(script|iframe|object|embed|link|img|form)", text, re.IGNORECASE)
    assert not re.search(r"<[^>]*\son[a-z]+\s*=", text, re.IGNORECASE)


@pytest.mark.parametrize("outcome", REPORTS)
def test_nothing_outside_of_it_is_referred_to(outcome: str) -> None:
    """No address is in it."""
    text = piece(REPORTS[outcome](), whole_source=True)
    assert not re.search(r"https?:|@import|url\(|\ssrc\s*=|\shref\s*=|javascript:", text)


def test_markup_in_the_submission_is_shown_and_not_obeyed(show: Callable[..., Page]) -> None:
    """Also where a front end puts the report into a page by itself, and in all of the source."""
    page = show(exported(piece(hostile_report(), whole_source=True)))
    unfold(page)
    assert page.title() == "Notebook"
    assert page.locator(".socklab :is(script, img)").count() == 0


def test_asking_for_nothing(browser: Browser) -> None:
    """Reading and unfolding the report makes no request."""
    page = browser.new_page()
    asked: list[str] = []

    def refuse(route: Route) -> None:
        asked.append(route.request.url)
        route.abort()

    page.route("**", refuse)
    page.set_content(document(piece(hostile_report())))
    unfold(page)
    page.wait_for_load_state("networkidle")
    page.close()
    assert asked == []


def test_no_id_is_used_twice_in_a_notebook(show: Callable[..., Page]) -> None:
    """However often a report is shown; and what refers to one finds it in its own report."""
    page = show(exported(*(piece(sample.failing_report(), f"socklab-{number}") for number in range(3))))
    ids = page.evaluate("[...document.querySelectorAll('.socklab [id]')].map(e => e.id)")
    assert len(ids) > 3
    assert len(ids) == len(set(ids))
    lost = "[...document.querySelectorAll('.socklab [aria-labelledby]')].filter(e => !e.closest('.socklab').querySelector('#' + e.getAttribute('aria-labelledby')))"
    assert page.evaluate(f"{lost}.length") == 0


def test_a_call_and_its_line_are_linked_without_a_script(show: Callable[..., Page]) -> None:
    """Pointing at one marks the other, in this report and in no other one."""
    page = show(exported(*(piece(sample.failing_report(), f"socklab-{number}") for number in range(2))))
    outline = "each => getComputedStyle(each).outlineStyle"
    rows = [page.locator(f'#socklab-{number} .first .row[data-line="17"]') for number in range(2)]
    page.locator('#socklab-0 .first .step[data-line="17"]').hover()
    assert [row.evaluate(outline) for row in rows] == ["solid", "none"]


def test_headings_stay_out_of_the_notebooks_contents() -> None:
    """JupyterLab lists headings of outputs, unless they say that they are none of its business."""
    text = piece(sample.failing_report())
    headings = re.findall(r"<h[1-6][^>]*>", text)
    assert len(headings) > 5
    assert [each for each in headings if "jp-toc-ignore" not in each] == []


@pytest.mark.parametrize("make", [sample.failing_report, wide_report, hostile_report])
def test_a_narrow_output_needs_no_sideways_scrolling(show: Callable[..., Page], make: Callable[[], Report]) -> None:
    """It is the width of the output that counts, not that of the window."""
    inside = f"<div id=cell style='width: 380px'>{piece(make(), whole_source=True)}</div>"
    page = show(document(inside), width=1600)
    unfold(page)
    assert page.locator("#cell").evaluate("e => e.scrollWidth") <= 380
    outside = "e => [...e.querySelectorAll('*')].filter(i => i.getBoundingClientRect().right > e.getBoundingClientRect().right + 1).map(i => i.outerHTML.slice(0, 200))"
    assert page.locator("#cell").evaluate(outside) == []
    assert page.locator("#cell .case").first.evaluate("e => getComputedStyle(e).gridTemplateColumns").count(" ") == 0


def test_letters_are_as_large_as_the_front_ends(show: Callable[..., Page]) -> None:
    """Whoever enlarges the text of notebooks enlarges the report."""
    size = "e => getComputedStyle(e).fontSize"
    jupyter = show(document(piece(sample.passing_report()), "<body style='--jp-content-font-size1: 19px'>"))
    assert jupyter.locator(".socklab").evaluate(size) == "19px"
    vscode = show(document(piece(sample.passing_report()), VSCODE.format(kind="vscode-dark")))
    assert vscode.locator(".socklab").evaluate(size) == "13px"
    plain = show(document(piece(sample.passing_report())))
    assert plain.locator(".socklab").evaluate(size) == "16px"


def test_the_whole_source_is_folded_away(show: Callable[..., Page]) -> None:
    """Every line with its number, where a file was put together; else nothing of the kind."""
    report = sample.passing_report()
    page = show(document(piece(report, whole_source=True)))
    box = page.locator("details", has_text="What was graded")
    assert not box.locator(".row").first.is_visible()
    unfold(page)
    assert box.locator(".number").all_inner_texts() == [str(n) for n in range(1, len(report.source) + 1)]
    assert box.locator("code").all_inner_texts() == list(report.source)
    assert "What was graded" not in piece(report)


@pytest.mark.parametrize("begin", [begin for begin, _ in FRONT_ENDS.values()])
def test_axe_finds_nothing_in_the_small_ones(show: Callable[..., Page], begin: str) -> None:
    """What is seen while checks run, and a scene: the same wrapping, with a sheet of its own."""
    markup = (
        "<p>is-port-open: 3 of 4 checks</p><p class=squares aria-hidden=true><span class=passed>✓</span><span class=failed>✗"
        "</span><span class=skipped>–</span><span class=open></span></p><ul><li class=failed>✗ a title</li><li>1 more</li></ul><dl><dt>port</dt><dd>7</dd></dl>"
        "<p><span class='sign failed'>✗</span> <strong>Failed</strong> <span class='sign ungradable'>!</span></p>"
    )
    page = show(document(_fragment.small(markup, "live.css"), begin))
    found = Axe().run(page, ".socklab").response["violations"]
    assert [(rule["id"], [node["html"] for node in rule["nodes"]]) for rule in found] == []
    assert page.locator(".squares").bounding_box()["height"] < 30  # type: ignore[index]


def test_sheets_of_different_outputs_do_not_mix(show: Callable[..., Page]) -> None:
    """A report looks the same whether or not a small output is on the page, before it or after it."""
    small = _fragment.small("<p class=squares><span class=failed>✗</span></p>", "live.css")
    found = []
    for inside in (piece(sample.failing_report()), small + piece(sample.failing_report()) + small):
        page = show(document(inside))
        found.append(page.locator(".socklab:has(article)").evaluate(STYLES))
    assert found[0] == found[1]


def test_a_sheet_is_small_enough_to_come_with_every_output() -> None:
    """A notebook holds one for each cell that was graded."""
    assert len(_fragment.style("report.css").text) < 20_000
    assert len(_fragment.style("live.css").text) < 4_000
