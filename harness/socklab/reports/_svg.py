"""Pieces of pictures between lanes, as SVG elements; their colours are those of the style sheet's classes."""

from html import escape


def text(x: int, y: int, words: str, kind: str, anchor: str = "start") -> str:
    """Words at a place, of the class `kind`."""
    return f'<text class="{kind}" x="{x}" y="{y}" text-anchor="{anchor}">{escape(words)}</text>'


def arrow(start: int, end: int, y: int, kind: str = "arrow") -> str:
    """An arrow from one lane to another."""
    back = 5 if end < start else -5
    return f'<path class="{kind}" d="M{start} {y}H{end}m{back} -3L{end} {y}l{back} 3"/>'
