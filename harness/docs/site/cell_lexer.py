"""Colours for the cells of walkthroughs: C below `%%submit … --lang c`, elsewhere Python with IPython's magics."""

import re
from collections.abc import Iterable, Iterator

from ipython_pygments_lexers import IPython3Lexer
from pygments.lexers.c_cpp import CLexer
from pygments.token import Name, _TokenType

_Token = tuple[int, _TokenType, str]

_IN_C = re.compile(r"\s--lang[\s=]c\b")


class CellLexer(IPython3Lexer):
    """IPython's own takes all below a cell magic for plain text."""

    def get_tokens_unprocessed(self, text: str, stack: Iterable[str] = ("root",)) -> Iterator[_Token]:
        """Pairs of kinds and pieces of `text`, each with its place."""
        magic, newline, cell = text.partition("\n")
        if not magic.startswith("%%"):
            yield from super().get_tokens_unprocessed(text, stack)
            return
        yield 0, Name.Decorator, magic + newline
        start = len(magic + newline)
        lexer = CLexer() if _IN_C.search(magic) else super()
        for at, kind, piece in lexer.get_tokens_unprocessed(cell):
            yield start + at, kind, piece
