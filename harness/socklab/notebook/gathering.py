"""A function of the notebook as a file of its own: its source, and all that it uses of the notebook.

The function keeps the line numbers that it has in its cell, and so does whatever it uses of the same cell. What comes from
elsewhere stands below, since a function looks its names up when it is called; only what is needed while definitions are
read (decorators, default values, bases of classes) stands above, in lines that are free there if there are enough.

What a name means is asked of the notebook itself; its cells (sources.py) only say how that is written, and where none does,
the value must speak for itself (values.py).
"""

import __future__

import ast
import inspect
import symtable
import types
from collections.abc import Callable, Iterable
from typing import Any, NamedTuple

from IPython.core.error import UsageError

from ..i18n import tr
from . import sources, values
from .sources import Source

ANYWHERE = ""
"""The cell of a definition that is not taken from one."""


class Piece(NamedTuple):
    """One definition: where it stands, the names that are needed while it is read, and those when it is called."""

    source: Source
    early: frozenset[str] = frozenset()
    late: frozenset[str] = frozenset()


def gathered(function: Callable[..., Any], wanted: str) -> str:
    """The file. `wanted`: the name under which the function is to be found in it.

    Raises UsageError, with its name, for what cannot be taken along.
    """
    original = inspect.unwrap(function)
    name = getattr(function, "__name__", type(function).__name__)
    if not isinstance(original, types.FunctionType):
        raise UsageError(tr("{name} is no function that is written in Python.", name=name))
    if original.__qualname__ == "<lambda>":
        raise UsageError(tr("a lambda has no name of its own. Write the function with def."))
    if not original.__qualname__.isidentifier():
        raise UsageError(
            tr(
                "{name} is defined inside of {place} and cannot be taken out of it. Define it at the top of a cell; "
                "if {place} is a decorator, let it use functools.wraps.",
                name=name,
                place=original.__qualname__.partition(".")[0],
            )
        )
    pieces = _Gathering(name, original.__globals__)
    pieces.add(original.__name__, original)
    for other in (name, wanted):
        pieces.alias(other, original.__name__)
    late_annotations = bool(original.__code__.co_flags & __future__.annotations.compiler_flag)
    return _file(pieces.found, pieces.found[original.__name__].source.cell, late_annotations)


class _Gathering:
    """What a function uses, by name."""

    def __init__(self, function: str, home: dict[str, Any]) -> None:
        self.found: dict[str, Piece] = {}
        self._function = function
        self._home = home

    def add(self, name: str, value: Any) -> None:
        """Take along what `name` means, and all that this uses. Raises UsageError."""
        self.found[name] = piece = self._piece(name, value)
        for used in sorted(piece.early | piece.late):
            if used not in self.found and used in self._home and not _is_everywhere(used, self._home[used]):
                self.add(used, self._home[used])

    def alias(self, name: str, of: str) -> None:
        """Let the function have one more name. Raises UsageError if it uses something else of that name."""
        if name == of:
            return
        if name in self.found:
            raise UsageError(tr("{function} uses another {name}. Rename one of them.", function=of, name=name))
        self.found[name] = Piece(Source(ANYWHERE, 0, f"{name} = {of}"), early=frozenset({of}))

    def _piece(self, name: str, value: Any) -> Piece:
        own = inspect.unwrap(value) if callable(value) else value
        called = getattr(own, "__qualname__", "")
        if isinstance(own, types.FunctionType) and own.__globals__ is self._home:
            source = sources.of_function(own) if called.isidentifier() else None
        elif isinstance(own, type) and own.__module__ == self._home["__name__"]:
            source = sources.of_class(own, self._home) if called.isidentifier() else None
        else:
            source = sources.of_binding(name, value, self._home)
            text = values.imported(name, value) or values.written(name, value)
            if source or text:
                return Piece(source or Source(ANYWHERE, 0, text))
        if source is None:
            raise self._stays(name, value)
        if called != name:
            if called not in self.found:
                self.add(called, own)
            return Piece(Source(ANYWHERE, 0, f"{name} = {called}"), early=frozenset({called}))
        return Piece(source, *_needs(source.text))

    def _stays(self, name: str, value: Any) -> UsageError:
        if isinstance(value, types.ModuleType):
            return UsageError(
                tr(
                    "{function} uses the module {name}; a submission has Python's own modules only.",
                    function=self._function,
                    name=value.__name__,
                )
            )
        return UsageError(
            tr(
                "{function} uses {name} ({what}), which cannot be taken out of the notebook. "
                "Make it inside of {function}, or hand in a whole cell with %%submit.",
                function=self._function,
                name=name,
                what=type(value).__name__,
            )
        )


def _is_everywhere(name: str, value: Any) -> bool:
    """Whether a submission has it anyway: module names and the like; and `open`, for which IPython has its own."""
    return name.startswith("__") or (name == "open" and inspect.unwrap(value) is open)


def _needs(text: str) -> tuple[frozenset[str], frozenset[str]]:
    """The global names that a definition needs while it is read, and when it is called."""
    early: set[str] = set()
    late: set[str] = set()

    def look(table: symtable.SymbolTable, names: set[str]) -> None:
        is_global = symtable.Symbol.is_referenced if table.get_type() == "module" else symtable.Symbol.is_global
        names |= {symbol.get_name() for symbol in table.get_symbols() if is_global(symbol)}
        for inner in table.get_children():
            look(inner, late if inner.get_type() == "function" else names)

    look(symtable.symtable(text, "cell", "exec"), early)
    return frozenset(early), frozenset(late)


# -- the file ----------------------------------------------------------------------------------------------------------


def _file(pieces: dict[str, Piece], cell: str, late_annotations: bool) -> str:
    """`pieces` in an order in which they can be read; those of `cell` on their own lines."""
    here = [piece for piece in pieces.values() if piece.source.cell == cell]
    needed_by_these = _in_order({name for piece in here for name in piece.early}, pieces, called=True)
    above = _texts(needed_by_these, pieces, cell)
    below = [text for text in _texts(_in_order(pieces, pieces), pieces, cell) if text not in above]
    if late_annotations and any(_is_annotated(piece.source.text) for piece in pieces.values()):
        above.insert(0, "from __future__ import annotations")
    rows = [""] * max(piece.source.line + piece.source.text.count("\n") for piece in here)
    for piece in here:
        first, lines = piece.source.line - 1, piece.source.text.split("\n")
        rows[first : first + len(lines)] = lines
    head = "\n".join(above).split("\n") if above else []
    free = min(piece.source.line for piece in here) - 1
    rows = [*head, *rows[min(free, len(head)) :]]
    if below:
        rows += ["", "", "# " + tr("what it uses of the notebook"), *below]
    return "\n".join(rows) + "\n"


def _is_annotated(text: str) -> bool:
    """Whether a definition has annotations: once a cell has asked for late ones, IPython lets all later cells have them."""
    return any(
        getattr(node, "annotation", None) or getattr(node, "returns", None) for node in ast.walk(ast.parse(text))
    )


def _in_order(names: Iterable[str], pieces: dict[str, Piece], *, called: bool = False) -> list[str]:
    """`names`, each after what it needs while it is read: what is named then may also be called then.

    `called`: whether all of them may be.
    """
    order: dict[str, None] = {}

    def place(name: str, called: bool, waiting: frozenset[str]) -> None:
        if name in pieces and name not in order and name not in waiting:
            piece = pieces[name]
            for each in sorted(piece.early | piece.late if called else piece.early):
                place(each, True, waiting | {name})
            order[name] = None

    for name in names:
        place(name, called, frozenset())
    return list(order)


def _texts(names: list[str], pieces: dict[str, Piece], cell: str) -> list[str]:
    """What those that are not of `cell` say, each text once."""
    return list(dict.fromkeys(pieces[name].source.text for name in names if pieces[name].source.cell != cell))
