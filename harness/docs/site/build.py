"""`python harness/docs/site/build.py OUTPUT` makes the site: documents, walkthroughs that were run, and what is generated from code.

All of it is right, or nothing is written: a warning of Sphinx, a link that leads nowhere or a page that loads something from
another host each stand in a line of their own, and the exit code is 1.
"""

import argparse
import io
import os
import re
import shutil
import sys
import tempfile
from pathlib import Path

import built
from sources import SITE, Sources
from sphinx.application import Sphinx
from sphinx.errors import SphinxError
from sphinx.util.console import nocolor

from socklab.errors import HarnessError

ROOT = Path(__file__).resolve().parents[3]

_MARK = ".buildinfo"
"""What Sphinx leaves in a folder that it has built."""

_KEPT_FOR_LATER = "Notebook exception traceback saved in"
"""A line about a file that is gone when it is read."""

_COLOUR = re.compile(r"\x1b\[[0-9;]*m")


def main() -> int:
    """The exit code: 0, 1 if something is wrong with the pages, 2 if OUTPUT cannot be used."""
    parser = argparse.ArgumentParser(description="Makes the site of socklab's documents.")
    parser.add_argument(
        "output", metavar="OUTPUT", type=Path, help="folder for the pages; an older site in it is replaced"
    )
    parser.add_argument("--do-not-run", action="store_true", help="show walkthroughs without running them")
    options = parser.parse_args()
    output: Path = options.output.resolve()
    if output.exists() and not (output / _MARK).is_file() and not (output.is_dir() and not any(output.iterdir())):
        parser.error(f"{options.output} is there, and is no site: name a new or an empty folder")
    with tempfile.TemporaryDirectory() as folder:
        wrong = made(Path(folder), run=not options.do_not_run)
        for line in wrong:
            print(line, file=sys.stderr)
        if wrong:
            return 1
        try:
            if output.exists():
                shutil.rmtree(output)
            shutil.move(Path(folder) / "html", output)
        except OSError as error:
            parser.error(f"{error.filename}: cannot be written ({error.strerror})")
    print(f"{options.output / 'index.html'} is the first of {len(list(output.rglob('*.html')))} pages.")
    return 0


def made(folder: Path, *, run: bool) -> list[str]:
    """Make the site as `html` in `folder`; what is wrong with it, a line each. `run`: whether walkthroughs are run."""
    try:
        sources = Sources(ROOT)
    except HarnessError as error:
        return [str(error)]
    pages = folder / "pages"
    sources.write(pages)
    if sources.broken:
        return [str(link) for link in sources.broken]
    os.environ["SOCKLAB_HISTORY"] = "off"  # what walkthroughs grade is not what this machine's user did
    nocolor()
    said = io.StringIO()
    overrides = {"nb_execution_mode": "force" if run else "off"}
    try:
        Sphinx(pages, ROOT / SITE, folder / "html", folder / "doctrees", "html", overrides, None, said).build()
    except SphinxError as error:
        return [*said.getvalue().splitlines(), str(error)]
    lines = [line for line in said.getvalue().splitlines() if _KEPT_FOR_LATER not in line]
    warnings = [line.removeprefix(f"{pages}/") for line in lines]
    return [*warnings, *_errors_of_cells(folder / "html"), *map(str, built.complaints(folder / "html"))]


def _errors_of_cells(html: Path) -> list[str]:
    """What stopped a walkthrough; Sphinx only says that something did."""
    found = []
    for path in sorted((html / "reports").rglob("*.err.log")):
        name = str(path.relative_to(html / "reports")).removesuffix(".err.log")
        *_, last = _COLOUR.sub("", path.read_text()).rstrip().split("\n")
        found.append(f"{name}.md: {last}")
    return found


if __name__ == "__main__":
    sys.exit(main())
