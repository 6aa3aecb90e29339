"""Two texts, line by line, as a page shows what became of one."""

import difflib
from typing import Any

from ..i18n import tr
from .refusals import Refused

MOST = 20_000
"""Lines of both together: to find the differences takes longer than anybody waits where there are more."""


def rows(before: str, after: str) -> list[dict[str, Any]]:
    """Each line of both, in order: kept (" "), only before ("-") or only after ("+"), with its numbers.

    Raises Refused if there are too many.
    """
    old, new = _lines(before), _lines(after)
    if len(old) + len(new) > MOST:
        raise Refused(413, tr("{number} lines are too many to compare.", number=f"{len(old) + len(new):,}"))
    found: list[dict[str, Any]] = []
    for kind, a, b, c, d in difflib.SequenceMatcher(None, old, new).get_opcodes():
        if kind == "equal":
            found += [_row(" ", a + n, c + n, old[a + n]) for n in range(b - a)]
        else:
            found += [_row("-", n, None, old[n]) for n in range(a, b)]
            found += [_row("+", None, n, new[n]) for n in range(c, d)]
    return found


def _lines(text: str) -> list[str]:
    return text.removesuffix("\n").split("\n") if text else []


def _row(kind: str, old: int | None, new: int | None, text: str) -> dict[str, Any]:
    numbers = {"old": None if old is None else old + 1, "new": None if new is None else new + 1}
    return {"kind": kind, **numbers, "text": text}
