"""The documents of the site: where each stands in the checkout, and where in the site.

Documents link to each other as GitHub wants it, by their places in the checkout; here each link is turned to the page that shows
what it leads to. It is an error if none does: such a link would be broken in the site, and most likely is on GitHub.
"""

import os
import re
from pathlib import Path
from typing import NamedTuple

import exercise_pages
import schema_page
from markup import contents

DOCS = "harness/docs"
SITE = f"{DOCS}/site"
NOTEBOOKS = "notebooks"
DECISIONS = f"{DOCS}/decisions"
README = "README.md"

SECTIONS = {"for-students": "students", "for-instructors": "instructors"}
"""Pages that show a section of the README; the start page shows its beginning."""

_GROUPS = {
    "Learn": ["students", "serve", "walkthroughs", "exercises/index"],
    "Teach": ["instructors", "class-of-100000", "graders", "security"],
    "Write exercises": ["add-an-exercise", "report-schema"],
}
_LAST_GROUP = "The project"
"""Whatever else stands in the folder of documents, found there."""

_WALKTHROUGHS = """\
# Walkthroughs

Notebooks of 15 to 30 minutes each, with questions whose answers are folded away. What you see here was run when these pages were
made; `socklab notebooks` opens copies of your own in JupyterLab. Everything stays on 127.0.0.1.

"""

_DECISIONS = "# Decisions\n\nWhat was decided otherwise than one might expect, and why.\n\n"

_CODE_OR_LINK = re.compile(
    r"^ *(?P<fence>`{3,}|~{3,}).*?^ *(?P=fence)[`~]* *$|(?P<ticks>`+)(?!`).+?(?<!`)(?P=ticks)(?!`)|(?<=\]\()(?P<target>[^)\s]+)(?=\))",
    re.MULTILINE | re.DOTALL,
)

_INCLUDED = re.compile(r"(?<=^```\{include\} )\S+$", re.MULTILINE)


class BrokenLink(NamedTuple):
    """A link that leads to nothing in the site."""

    document: str
    target: str

    def __str__(self) -> str:
        return f"{self.document}: {self.target} is no page of the site"


class Sources:
    """All that Sphinx is given. `root`: the checkout."""

    def __init__(self, root: Path) -> None:
        self.broken: list[BrokenLink] = []
        self._root = root
        self._generated = {"report-schema": schema_page.page(root), **exercise_pages.pages()}
        self._copied = self._documents()
        self._places = self._where_links_lead()

    def write(self, folder: Path) -> None:
        """Put them into `folder`, with their links turned; what cannot be turned is in `broken` then."""
        texts = {page: self._turned(path, (self._root / path).read_text()) for path, page in self._copied.items()}
        notebooks = sorted(page for page in texts if page.startswith(f"{NOTEBOOKS}/"))
        decisions = sorted(page for page in texts if page.startswith("decisions/"))
        texts |= self._generated
        texts |= {
            "walkthroughs": _WALKTHROUGHS + contents(notebooks, hidden=False),
            "decisions/index": _DECISIONS + contents(decisions, hidden=False),
        }
        texts["index"] += self._sidebar(texts)
        for page, text in texts.items():
            path = folder / f"{page}.md"
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text)
        (folder / "report.schema.json").write_bytes((self._root / schema_page.SCHEMA).read_bytes())

    def _documents(self) -> dict[str, str]:
        """Documents that are shown as they are: place in the checkout -> page."""
        found = {README: "README", "harness/benchmarks/README.md": "benchmarks"}
        for folder, below in ((SITE, ""), (DOCS, ""), (DECISIONS, "decisions/"), (NOTEBOOKS, "notebooks/")):
            for path in sorted((self._root / folder).glob("*.md")):
                found[f"{folder}/{path.name}"] = below + path.stem.lower()
        return found

    def _where_links_lead(self) -> dict[str, str]:
        """Every place that a document may link to -> the page that shows it."""
        exercises = [page for page in self._generated if page.startswith(f"{exercise_pages.FOLDER}/")]
        folders = {page.removesuffix("/index"): page for page in exercises}
        return {
            **self._copied,
            **folders,
            **{f"{place}/statement.md": page for place, page in folders.items() if page != f"{place}/index"},
            **{f"{README}#{section}": page for section, page in SECTIONS.items()},
            README: "index",
            NOTEBOOKS: "walkthroughs",
            DECISIONS: "decisions/index",
            "harness/benchmarks": "benchmarks",
            schema_page.SCHEMA: "report-schema",
        }

    def _sidebar(self, texts: dict[str, str]) -> str:
        grouped = {page for group in _GROUPS.values() for page in group}
        rest = [page for page in sorted(texts) if "/" not in page and page not in (*grouped, "index", "README")]
        groups = {**_GROUPS, _LAST_GROUP: [*rest, "decisions/index"]}
        return "\n" + "\n".join(contents(pages, caption) for caption, pages in groups.items())

    def _turned(self, document: str, text: str) -> str:
        """The text of a document with its links turned to pages; code stays as it is."""
        page = self._copied[document]

        def turn(found: re.Match[str]) -> str:
            target = found["target"]
            return found[0] if target is None else self._link(document, page, target)

        text = _INCLUDED.sub(lambda found: f"/{self._copied[_place(document, found[0])]}.md", text)
        return _CODE_OR_LINK.sub(turn, text)

    def _link(self, document: str, page: str, target: str) -> str:
        if re.match(r"[a-z]+:", target) or (target.startswith("#") and document != README):
            return target
        path, _, fragment = target.partition("#")
        place = _place(document, path) if path else document
        if f"{place}#{fragment}" in self._places:
            place, fragment = f"{place}#{fragment}", ""
        if place not in self._places:
            self.broken.append(BrokenLink(document, target))
            return target
        found = os.path.relpath(f"{self._places[place]}.md", os.path.dirname(page) or ".")
        return f"{found}#{fragment}" if fragment else found


def _place(document: str, path: str) -> str:
    """Where in the checkout `path` leads from a document."""
    return os.path.normpath(os.path.join(os.path.dirname(document), path))
