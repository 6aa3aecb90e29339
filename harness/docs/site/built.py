"""A look over built pages, as a browser without a network would take it: every link leads somewhere, nothing is loaded from elsewhere.

Links to other hosts are left alone: nobody is asked whether they are still there.
"""

import re
from html.parser import HTMLParser
from pathlib import Path
from typing import NamedTuple
from urllib.parse import unquote, urlsplit

_LOADS = {"src", "srcset", "poster", "data"}
"""Attributes whose targets a browser fetches by itself."""

_ELSEWHERE = re.compile(r"^(?:[a-z][a-z0-9+.-]*:)?//", re.IGNORECASE)

_LOADED_BY_STYLE = re.compile(r"(?:url\(|@import)\s*[\"']?((?:[a-z]+:)?//[^\"')\s;]+)", re.IGNORECASE)


class _Page(HTMLParser):
    """What one page has to link to, what it links to, and what it loads."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.anchors: set[str] = set()
        self.links: list[str] = []
        self.loaded: list[str] = []
        self._in_style = False
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """One element's attributes."""
        self._in_style = tag == "style"
        for name, value in attrs:
            if value is None:
                continue
            if name == "id" or (tag == "a" and name == "name"):
                self.anchors.add(value)
            elif name in _LOADS or (tag == "link" and name == "href"):
                self.loaded.append(value)
            elif name == "href":
                self.links.append(value)
            elif name == "style":
                self.loaded += _LOADED_BY_STYLE.findall(value)

    def handle_endtag(self, tag: str) -> None:
        """The end of an element."""
        self._in_style = False

    def handle_data(self, data: str) -> None:
        """Text; in a style element it may load something."""
        if self._in_style:
            self.loaded += _LOADED_BY_STYLE.findall(data)


class Complaint(NamedTuple):
    """What is wrong with one page."""

    page: str
    what: str

    def __str__(self) -> str:
        return f"{self.page}: {self.what}"


def complaints(folder: Path) -> list[Complaint]:
    """All that is wrong with the pages in `folder`."""
    pages = {path: _Page(path.read_text()) for path in sorted(folder.rglob("*.html"))}
    found = []
    for path, page in pages.items():
        name = str(path.relative_to(folder))
        found += [Complaint(name, f"loads {url}") for url in page.loaded if _ELSEWHERE.match(url)]
        targets = [url for url in (*page.links, *page.loaded) if not urlsplit(url).scheme and not _ELSEWHERE.match(url)]
        found += [Complaint(name, f"{url} leads nowhere") for url in targets if not _leads(path, url, pages)]
    for path in sorted(folder.rglob("*.css")):
        loaded = _LOADED_BY_STYLE.findall(path.read_text())
        found += [Complaint(str(path.relative_to(folder)), f"loads {url}") for url in loaded]
    return found


def _leads(path: Path, url: str, pages: dict[Path, _Page]) -> bool:
    """Whether there is what `url` names, on the page at `path`."""
    parts = urlsplit(url)
    target = (path.parent / unquote(parts.path)).resolve() if parts.path else path
    target = target / "index.html" if target.is_dir() else target
    if not parts.fragment:
        return target.is_file()
    return target in pages and unquote(parts.fragment) in pages[target].anchors
