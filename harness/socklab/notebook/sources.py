"""Where the cells of a notebook say what a name means: their texts, the newest first, and the definitions in them."""

import ast
import importlib
import inspect
import linecache
import sys
import textwrap
import types
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from .values import is_pythons_own


class Source(NamedTuple):
    """Some whole lines of a cell. `cell`: all of its text; `line`: where they begin in it, counted from 1."""

    cell: str
    line: int
    text: str


def of_function(function: types.FunctionType) -> Source | None:
    """A function as its cell has it, decorators and all; None if its source was not kept."""
    try:
        lines, first = inspect.getsourcelines(function)
    except (OSError, TypeError, SyntaxError):
        return None
    cell = "".join(linecache.getlines(function.__code__.co_filename)).rstrip("\n")
    return Source(cell, first, textwrap.dedent("".join(lines)).rstrip("\n"))


def of_class(kind: type, home: Mapping[str, Any]) -> Source | None:
    """A class as the newest cell that defines it has it; None if none does."""
    for cell, statement in _statements(home):
        if isinstance(statement, ast.ClassDef) and statement.name == kind.__name__:
            first = min([statement.lineno, *(each.lineno for each in statement.decorator_list)])
            return _lines(cell, first, statement)
    return None


def of_binding(name: str, value: Any, home: Mapping[str, Any]) -> Source | None:
    """The newest import or plain assignment that gives `name` this value, if it stands on lines of its own."""
    for cell, statement in _statements(home):
        if _binds(statement, name, value):
            found = _lines(cell, statement.lineno, statement)
            if ast.dump(ast.parse(found.text)) == ast.dump(ast.Module([statement], [])):
                return found
    return None


def _binds(statement: ast.stmt, name: str, value: Any) -> bool:
    match statement:
        case ast.Assign(targets=[ast.Name(id=found)], value=given) if found == name:
            try:
                meant = ast.literal_eval(given)
            except ValueError:
                return False
            return type(meant) is type(value) and repr(meant) == repr(value)
        case ast.ImportFrom(module=str(module), names=names, level=0) if is_pythons_own(module):
            return any((each.asname or each.name) == name and _gives(module, each.name, value) for each in names)
        case ast.Import(names=names) if all(is_pythons_own(each.name) for each in names):
            return any((each.asname or each.name) == name and sys.modules.get(each.name) is value for each in names)
    return False


def _gives(module: str, name: str, value: Any) -> bool:
    found = getattr(importlib.import_module(module), name, None)
    return found is value or (type(found) is type(value) and isinstance(value, int | str | float) and found == value)


def _lines(cell: str, first: int, statement: ast.stmt) -> Source:
    return Source(cell, first, "\n".join(cell.split("\n")[first - 1 : statement.end_lineno]))


def _statements(home: Mapping[str, Any]) -> Iterator[tuple[str, ast.stmt]]:
    """Each statement of each cell that ran, the last ones first, and its cell."""
    for cell in reversed(home.get("In", ())):
        try:
            tree = ast.parse(cell)
        except (SyntaxError, ValueError):
            continue
        for statement in reversed(tree.body):
            yield cell.rstrip("\n"), statement
