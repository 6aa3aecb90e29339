"""How a value of the notebook comes along where no cell says it: imported from one of Python's own modules, or written out."""

import ast
import importlib
import sys
import types
from typing import Any


def is_pythons_own(module: str) -> bool:
    """Whether a submission has this module."""
    return module.partition(".")[0] in sys.stdlib_module_names


def imported(name: str, value: Any) -> str:
    """The import that gives `value` the name `name`; "" if none of Python's own modules has it."""
    if isinstance(value, types.ModuleType):
        if not is_pythons_own(value.__name__):
            return ""
        return f"import {name}" if value.__name__ == name else f"import {value.__name__} as {name}"
    of = value if hasattr(value, "__qualname__") else type(value)  # a member of an enumeration has none
    module = str(getattr(of, "__module__", ""))
    own = getattr(value, "__qualname__", getattr(value, "_name_", None))
    for home in dict.fromkeys((module.lstrip("_"), module)):  # _socket is for socket to import
        if own and is_pythons_own(home) and getattr(importlib.import_module(home), own, None) is value:
            return f"from {home} import {own}" if own == name else f"from {home} import {own} as {name}"
    return ""


def written(name: str, value: Any) -> str:
    """The assignment that gives a plain value the name `name`; "" if it is not plain."""
    text = repr(value)
    try:
        again = ast.literal_eval(text)
    except (ValueError, SyntaxError, MemoryError, RecursionError):
        return ""
    return f"{name} = {text}" if type(again) is type(value) and repr(again) == text else ""
