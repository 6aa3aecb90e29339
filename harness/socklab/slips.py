"""Slips: what Python itself refuses when it comes to a line, a name that is none or a value of a type that does not fit there.

A slip says nothing about sockets, and whatever fails because of it fails for that alone. So it is named before a misconception
that happens to look the same. Its texts hold nothing of the submission's: classes are counted by them, and they are shown as
they are.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import NamedTuple

from .model import CheckResult, Mistake

_RAISED = re.compile(
    r"(?P<name>NameError|UnboundLocalError|AttributeError|ImportError|ModuleNotFoundError|TypeError)"
    r": (?P<said>.*?)(?: at line (?P<at>\d+)| \(line (?P<line>\d+)\))$",
    re.DOTALL,
)


_Texts = tuple[str, str, str]
"""A mistake's title, its explanation, and what to try."""


class Slip(NamedTuple):
    """One exception that came again and again. `raised`: its class and its message; `explains`: the slugs of the checks that failed
    by it."""

    raised: str
    explains: frozenset[str]
    mistake: Mistake


def slip_in(failed: Sequence[CheckResult], source: Sequence[str]) -> Slip | None:
    """The exception by which most of the checks that were tried have failed; None if there is none.

    What the submission raises in so many words is no slip; `source` has its lines.
    """
    found: dict[tuple[str, str], tuple[set[str], set[int]]] = {}
    for result in failed:
        raised = _RAISED.match(result.got) or _RAISED.match(said_last(result))  # of a function, of a program
        line = int(raised["at"] or raised["line"]) if raised else 0
        if raised and not any("raise" in text for text in source[line - 1 : line]):
            slugs, lines = found.setdefault((raised["name"], raised["said"]), (set(), set()))
            slugs.add(result.slug)
            lines.add(line)
    if not found:
        return None
    (name, said), (slugs, lines) = max(found.items(), key=lambda each: len(each[1][0]))
    slug, texts = _KINDS["TypeError" if "'NoneType' object" in said else name]
    return Slip(f"{name}: {said}", frozenset(slugs), Mistake(slug, *texts(said), tuple(sorted(lines))))


def said_last(result: CheckResult) -> str:
    """What a program wrote last on its standard error before a check of it failed; "" if that is not known."""
    return result.message.partition("It said last: ")[2]


def _of_name(said: str) -> _Texts:
    return (
        "a name is misspelt, or was never given a meaning",
        "Python looks a name up only when it comes to that line. So the file can be loaded, and raises an exception later.",
        _meant(said) or "Compare the name in that line with where it is defined or imported, letter by letter.",
    )


def _of_variable(_: str) -> _Texts:
    return (
        "a variable is used although it has no value yet",
        "It is given its value in a line that was not reached: an exception, or another branch, came before.",
        "Give it a value before the first line that may fail, or use it only where it certainly has one.",
    )


def _of_type(said: str) -> _Texts:
    return (
        "a value is of a type that does not fit there, or a call has too many or too few arguments",
        "Python sees that only when it comes to the line. TypeError is no OSError, and says nothing about the other side.",
        _fitting(said),
    )


_KINDS: dict[str, tuple[str, Callable[[str], _Texts]]] = {
    "NameError": ("misspelt-name", _of_name),
    "AttributeError": ("misspelt-name", _of_name),
    "ImportError": ("misspelt-name", _of_name),
    "ModuleNotFoundError": ("misspelt-name", _of_name),
    "UnboundLocalError": ("variable-without-a-value", _of_variable),
    "TypeError": ("type-that-does-not-fit", _of_type),
}

_MODULES = ("asyncio", "errno", "os", "select", "selectors", "signal", "socket", "socketserver", "struct", "sys", "threading", "time")  # fmt: skip

_TYPES = {
    "socket": "socket",
    "StreamReader": "asyncio",
    "StreamWriter": "asyncio",
    **dict.fromkeys(("bytes", "bytearray", "str", "int", "list", "dict", "tuple", "set"), "builtins"),
}
"""Types that programs about sockets meet, and where they are."""


def _fitting(said: str) -> str:
    """What to do about a TypeError."""
    if "bytes-like object" in said or "str to bytes" in said or "bytes to str" in said or "not bytes" in said:
        return (
            "A socket carries bytes: b'…' is bytes, text becomes bytes by encode(), and bytes become text by decode()."
        )
    if re.search(r"(connect|connect_ex|bind)\(\) takes exactly one argument|tuple", said):
        return 'An address is one argument, a pair of host and port: connect(("127.0.0.1", port)), with two pairs of parentheses.'
    if "NoneType" in said:
        return "None is what a function without return answers. Which call in that line answers it?"
    return "How many arguments does the call in that line take, and of which types? help() says it for each function."


def _meant(said: str) -> str:
    """The name that was probably meant, if it is one of Python's own; "" if none is near."""
    import builtins
    import difflib

    undefined = re.match(r"name '(\w+)' is not defined", said)
    if undefined and undefined[1] in _MODULES:
        return "It is a module of that name: import it at the top of the file."
    of = re.match(r"(?:module )?'([\w.]+)'(?: object)? has no attribute '(\w+)'", said)
    wrong = undefined[1] if undefined else of[2] if of else ""
    known = [*dir(builtins), *_MODULES] if undefined else _members(of[1]) if of else []
    near = difflib.get_close_matches(wrong, known, n=1, cutoff=0.7)
    return f"Did you mean {near[0]}?" if near else ""


def _members(owner: str) -> list[str]:
    """The names that one of these modules or types has; none for others."""
    import importlib

    names = dir(importlib.import_module(owner)) if owner in _MODULES else []
    kind = getattr(importlib.import_module(_TYPES[owner]), owner, None) if owner in _TYPES else None
    return sorted({*names, *dir(kind)}) if kind else names
