"""Words as Markdown, where they come from code and stand in a generated page."""

import re

_MARK = re.compile(r"([!-/:-@\[-`{-~])")
_CODE = re.compile(r"(`[^`\n]+`)")


def plain(text: str) -> str:
    """`text` so that all of it is read as it stands, but for `code` between backticks."""
    pieces = _CODE.split(" ".join(text.split()))
    return "".join(piece if number % 2 else _MARK.sub(r"\\\1", piece) for number, piece in enumerate(pieces))


def table(name: str, widths: tuple[int, ...], rows: list[tuple[str, ...]]) -> str:
    """A table; `name`: its class, `widths`: shares of the columns, `rows`: the first one is the heading."""
    head = ["```{list-table}", ":header-rows: 1", f":class: {name}", f":widths: {' '.join(map(str, widths))}", ""]
    return "\n".join([*head, *map(_row, rows), "```", ""])


def _row(cells: tuple[str, ...]) -> str:
    return "\n".join(f"{' ' if number else '*'} - {cell}".rstrip() for number, cell in enumerate(cells))


def contents(pages: list[str], caption: str = "", *, hidden: bool = True) -> str:
    """Which pages are below this one; a hidden list stands in the sidebar alone."""
    options = ([f":caption: {caption}"] if caption else []) + ([":hidden:"] if hidden else [":maxdepth: 1"])
    return "\n".join(["```{toctree}", *options, "", *(f"/{page}" for page in pages), "```", ""])
