"""The site of documents, built as people build it: from a checkout that has one exercise more, with hidden checks."""

import re
import shutil
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from bs4 import BeautifulSoup
from front_door import Answer, run
from test_visibility import none_of, tiny

from socklab.catalog import all_exercises, find
from socklab.diagnosis import rules_of

if TYPE_CHECKING:
    from playwright.sync_api import Browser

TOP = Path(__file__).resolve().parents[2]
SECONDS = 600.0
"""A site takes 10 seconds of a processor, which other tests may want as well."""

EXERCISES = [exercise.slug for exercise in all_exercises()]

FAILING = """\
---
jupytext:
  text_representation:
    format_name: myst
kernelspec:
  display_name: Python 3
  language: python
  name: python3
---

# A walkthrough

```{code-cell} ipython3
raise ValueError("on purpose")
```
"""


class Checkout:
    """A copy of what documents are made from, with one exercise of the tests' own."""

    def __init__(self, top: Path, *, only_its_own: bool = False) -> None:
        self.top = top
        learners = () if only_its_own else ("exercises", "notebooks")
        for folder in ("harness/socklab", "harness/docs", "harness/benchmarks", *learners):
            shutil.copytree(TOP / folder, top / folder, ignore=shutil.ignore_patterns("__pycache__"))
        shutil.copyfile(TOP / "README.md", top / "README.md")
        for folder in ("exercises", "notebooks"):
            (top / folder).mkdir(exist_ok=True)
        tiny(top / "exercises")

    def write(self, name: str, text: str) -> None:
        """Add `text` to a file, which need not be there."""
        (self.top / name).parent.mkdir(exist_ok=True)
        with (self.top / name).open("a") as file:
            file.write(text)

    def build(self, *words: str) -> Answer:
        """Run the command."""
        script = self.top / "harness" / "docs" / "site" / "build.py"
        env = {"PYTHONPATH": str(self.top / "harness"), "PYTHONDONTWRITEBYTECODE": "1"}
        return run(sys.executable, str(script), *words, cwd=self.top, env=env, timeout=SECONDS)


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """All pages, with walkthroughs that were not run: their own tests do that."""
    checkout = Checkout(tmp_path_factory.mktemp("checkout"))
    for name in (".buildinfo", "old.html"):
        checkout.write(f"site/{name}", "of an older site, which is replaced")
    answer = checkout.build("site", "--do-not-run")
    pages = list((checkout.top / "site").rglob("*.html"))
    assert answer == (0, f"{Path('site', 'index.html')} is the first of {len(pages)} pages.\n", "")
    assert not (checkout.top / "site" / "old.html").exists()
    return checkout.top / "site"


def words_of(page: BeautifulSoup) -> str:
    """All that can be read on a page."""
    return " ".join(page.get_text().split())


@pytest.mark.parametrize("slug", EXERCISES)
def test_every_check_stands_on_its_exercise_s_page(site: Path, slug: str) -> None:
    """With its points, what it needs and its hint, in the order of the checks; and every mistake with its explanation."""
    page = BeautifulSoup((site / "exercises" / f"{slug}.html").read_text(), "html.parser")
    rows = [[words_of(cell) for cell in row.select("td")] for row in page.select("table.checks tbody tr")]
    exercise = find(slug)
    told = [
        (" ".join([check.title, check.slug]), [str(check.points), ", ".join(check.needs), check.hint])
        for check in exercise.checks
    ]
    assert [(title.partition(" · ")[0], rest) for title, *rest in rows] == told
    remarks = {check.slug: title for check, (title, *_) in zip(exercise.checks, rows, strict=True)}
    assert {check.slug for check in exercise.checks if check.bonus} == {
        s for s, title in remarks.items() if " · bonus" in title
    }
    for check in exercise.checks:
        assert page.find(id=f"check-{check.slug}").get_text() == check.title
    everything = words_of(page)
    rules, _ = rules_of(exercise)
    left_out = [
        r.slug for r in rules for text in (r.title, r.explanation, r.next) if text.replace("`", "") not in everything
    ]
    assert rules
    assert left_out == []


def test_points_are_those_of_a_grade(site: Path) -> None:
    """What the README shows of a right solution's."""
    shown = re.search(
        r"passed  (?P<points>\d+) of (?P=points) points, .*\(all (?P<checks>\d+) checks\)",
        (TOP / "README.md").read_text(),
    )
    assert shown
    page = words_of(BeautifulSoup((site / "exercises" / "is-port-open.html").read_text(), "html.parser"))
    assert f"In C, {shown['checks']} checks are worth {shown['points']} points" in page


def test_no_hidden_check_is_named(site: Path) -> None:
    """On no page, in no index and in no other file; that there are some is said."""
    page = words_of(BeautifulSoup((site / "exercises" / "tiny.html").read_text(), "html.parser"))
    assert "one is answered with one" in page
    assert "everything is answered with nothing" in page
    assert "3 more checks run only when a class is graded" in page
    for path in (path for path in site.rglob("*") if path.is_file()):
        none_of(("SECRET", "LATER", "check-secret", "check-later"), path.read_text("utf-8", "replace"))


def test_a_browser_asks_nobody_else_for_anything(site: Path, browser: "Browser") -> None:
    """Neither fonts nor scripts; and what it asks for is there."""
    asked: list[str] = []
    missing: list[str] = []
    page = browser.new_page()
    page.on("request", lambda request: asked.append(request.url))
    page.on("requestfailed", lambda request: missing.append(request.url))
    pages = [path for path in site.rglob("*.html") if path.parent.name != "decisions"]
    for path in pages:
        page.goto(path.as_uri())
    page.close()
    assert len(asked) > len(pages)
    assert [url for url in asked if not url.startswith(site.as_uri())] == []
    assert missing == []


def test_whatever_is_wrong_is_named_and_nothing_is_written(tmp_path: Path) -> None:
    """A heading that is not there, what would be loaded from elsewhere, and a cell that fails: each in a line of its own."""
    checkout = Checkout(tmp_path, only_its_own=True)
    wrong = "\n[a](graders.md#no-such-heading)\n\n<a href='#no-such-place'>b</a> <img src='https://example.org/c.png' alt='c'>\n"
    checkout.write("harness/docs/security.md", wrong + "\n<style>p { background: url(//example.org/d.png) }</style>\n")
    checkout.write("notebooks/1-fails.md", FAILING)
    answer = checkout.build("site")
    assert (answer.code, answer.out) == (1, "")
    lines = answer.err.splitlines()
    for words in (
        ("security.md:", "no-such-heading"),
        ("security.html: #no-such-place leads nowhere",),
        ("security.html: loads https://example.org/c.png",),
        ("security.html: loads //example.org/d.png",),
        ("notebooks/1-fails.md: ValueError: on purpose",),
    ):
        assert [line for line in lines if all(word in line for word in words)], (words, answer.err)
    assert not (tmp_path / "site").exists()


def test_a_link_to_no_page_is_refused(tmp_path: Path) -> None:
    """It may work on GitHub, or may have been right once."""
    checkout = Checkout(tmp_path, only_its_own=True)
    checkout.write("harness/docs/security.md", "\n[a](gone.md), `[b](code.md)`, [c](../socklab/errnos.py)\n")
    answer = checkout.build("site", "--do-not-run")
    told = [
        f"harness/docs/security.md: {target} is no page of the site" for target in ("gone.md", "../socklab/errnos.py")
    ]
    assert answer == (1, "", "\n".join(told) + "\n")


def test_a_folder_that_holds_something_else_is_kept(tmp_path: Path) -> None:
    """Whatever OUTPUT names by mistake."""
    checkout = Checkout(tmp_path, only_its_own=True)
    checkout.write("mine/thesis.txt", "years of work")
    answer = checkout.build("mine")
    assert answer.code == 2
    assert (
        answer.err.splitlines()[-1] == "build.py: error: mine is there, and is no site: name a new or an empty folder"
    )
    assert (tmp_path / "mine" / "thesis.txt").read_text() == "years of work"
