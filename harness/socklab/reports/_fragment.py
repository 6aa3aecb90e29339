"""Reports as a piece of a page that is somebody else's: a notebook's output, a page of documentation, the editor.

Strategy: the report's own style, with every rule nested below one class, so that nothing around it changes; and that class
weighs as much as an id, so that little around it changes the report. There is no script, and no id is used twice. Which of
light and dark is wanted cannot be asked without a script where a front end decides by itself: so the ways in which JupyterLab,
VS Code and common documentation themes say it are known here, and elsewhere the reader's system decides.
"""

import functools
import os
import re
import zlib
from typing import TYPE_CHECKING, NamedTuple

from ..i18n import language
from ..model import Report
from .html import LONGEST_LINE, TEMPLATES, Line, View, clipped, environment

if TYPE_CHECKING:
    from jinja2 import Environment, Template

CLASS = "socklab"

_LIGHT = 'body[data-jp-theme-light="true"], body.vscode-light, body.vscode-high-contrast-light, [data-theme="light"]'
_DARK = (
    'body[data-jp-theme-light="false"], body.vscode-dark, '
    'body.vscode-high-contrast:not(.vscode-high-contrast-light), [data-theme="dark"]'
)

_BY_DAY = re.compile(r"^:root \{.*?\}", re.DOTALL | re.MULTILINE)
_AT_NIGHT = re.compile(r"@media screen and \(prefers-color-scheme: dark\) \{\s*:root \{(.*?)\}\s*\}", re.DOTALL)
"""The colours in a sheet."""

_HEADING = re.compile(r'<(h[2-6])(?: class="([^"]*)")?')


class _Piece(View):
    """A report whose readers may have no command line, but a notebook."""

    def __init__(self, report: Report, anchor: str, hints: int, again: str) -> None:
        super().__init__(report, anchor, hints)
        self._again = again

    @property
    def command(self) -> str:
        """What to type there."""
        return self._again

    @property
    def whole_source(self) -> list[Line]:
        """Every line that was graded."""
        return [Line(number, clipped(text, LONGEST_LINE), False, False) for number, text in enumerate(self.source, 1)]


def render(
    report: Report, anchor: str, *, hints: int = 1, again: str = "", whole_source: bool = False, styled: bool = True
) -> str:
    """`report` as a <div>. `anchor`: begins its ids, and is to be the only one of its kind on the page.

    `again`: what to type to have it once more. `whole_source`: with all that was graded, folded away.
    `styled`: with its style in it; else the page has `style("report.css")` as a sheet, and marks by itself the lines that a
    call came from.
    """
    view = _Piece(report, anchor, hints, again)
    sheet = style("report.css")
    page = _template(language()).render(view=view, sheet=sheet, whole_source=whole_source, styled=styled)
    return _HEADING.sub(_outside_of_contents, page)


def small(markup: str, sheet: str) -> str:
    """`markup` in the same wrapping, with `sheet` of our templates as its only style."""
    chosen = style(sheet)
    classes = f"{CLASS} {chosen.kind}"
    return f'<div class="{classes}" lang="{language()}" dir="ltr"><style>{chosen.text}</style>{markup}</div>'


def prepare() -> None:
    """Load what `render` needs, for whoever has time now."""
    _template(language())
    style("report.css")


def _outside_of_contents(found: re.Match[str]) -> str:
    """A heading that JupyterLab leaves out of the notebook's table of contents."""
    return f'<{found[1]} class="{f"{found[2]} " if found[2] else ""}jp-toc-ignore"'


@functools.cache
def _template(_: str) -> "Template":
    """For a language: an environment speaks the one in which it was made."""
    found: Environment = environment()
    found.get_template("parts.html.j2")  # of which it consists: else the first one to render it would wait for that
    return found.get_template("fragment.html.j2")


class Style(NamedTuple):
    """A style sheet whose every rule is below the class `kind`, which no other sheet shares."""

    kind: str
    text: str


@functools.cache
def style(sheet: str) -> Style:
    """A style sheet of our templates, with the rules of a piece around its own.

    Outputs of an older socklab may be in the same notebook, hence a class for each text.
    """
    own, common = (_read(name) for name in (sheet, "fragment.css"))
    rules = nested(common.replace("/* the sheet */", own))
    kind = f"{CLASS}-{zlib.crc32(rules.encode()):08x}"
    # An id that nobody has: nested rules weigh as much as the heaviest of the list (CSS Nesting, the specificity of `&`).
    return Style(kind, f"#{CLASS}, .{kind} {{ {rules} }}")


def palette() -> str:
    """A report's colours as rules for a whole page, which then looks as the reports in it do."""
    found = [colours.search(_read("report.css")) for colours in (_BY_DAY, _AT_NIGHT)]
    return "\n".join(each[0] for each in found if each)


def _read(name: str) -> str:
    with open(os.path.join(TEMPLATES, name), encoding="utf-8") as file:
        return file.read()


def nested(sheet: str) -> str:
    """The rules of a sheet that was made for a page of its own, for use below a class."""
    sheet = re.sub(r"/\*.*?\*/", "", sheet, flags=re.DOTALL)
    sheet = re.sub(r"^@page \{.*?\n\}", "", sheet, flags=re.DOTALL | re.MULTILINE)
    found = _AT_NIGHT.search(sheet)
    assert found, "a sheet has colours for the dark"
    dark = f"color-scheme: dark; {found[1]}"
    sheet = _AT_NIGHT.sub("", sheet)
    sheet = re.sub(r"^(\s*)(:root|html|body) \{", r"\1& {", sheet, flags=re.MULTILINE)
    sheet = re.sub(r"@media (?:screen and )?\((max|min)-width", r"@container (\1-width", sheet)
    sheet = re.sub(r"\b([\d.]+)rem\b(?!\))", r"calc(\1 * var(--unit))", sheet)
    scheme = (
        f"@media screen and (prefers-color-scheme: dark) {{ &:not(:is({_LIGHT}) *) {{ {dark} }} }}"
        f"@media screen {{ :is({_DARK}) & {{ {dark} }} }}"
    )
    return re.sub(r"\s*\n\s*", " ", f"{sheet} {scheme}").strip()
