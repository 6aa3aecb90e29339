"""A check's scene, held open on this machine's loopback by a process of its own, for cells that probe its port.

The process ends when its standard input does, so a kernel that is restarted or killed closes its scene too.
"""

import re
from html import escape
from types import TracebackType
from typing import Any, NamedTuple, Self

from IPython.core.error import UsageError

from .. import catalog
from ..errors import UsageError as Refused
from ..grading import unknown_check
from ..i18n import padded, tr
from ..model import VISIBLE
from ..reports import _fragment, terminal
from ..vocabulary import Check
from .asking import Failure
from .child import Child, Interrupts
from .submitting import WRONG_USAGE

_ROW = re.compile(r" {4}(arranged|port|note) +(.*)")
"""What `socklab scene` says in English; it is said here in the reader's language."""


class Row(NamedTuple):
    """One thing that is said of a scene."""

    label: str
    text: str


class Scene:
    """A scene that is open until `close`, the end of its `with` block, the next scene, or the end of the kernel."""

    def __init__(self, title: str, rows: tuple[Row, ...], child: Child) -> None:
        self._title = title
        self._rows = rows
        self._child = child

    @property
    def port(self) -> int:
        """The port that it is about. Raises ValueError if the check begins with what is no number."""
        return int(next(row.text for row in self._rows if row.label == "port").split()[0])

    @property
    def arranged(self) -> tuple[str, ...]:
        """What is arranged, in words."""
        return tuple(tr(row.text) for row in self._rows if row.label == "arranged")

    @property
    def is_open(self) -> bool:
        """Whether it still is."""
        return self._child.is_running

    def close(self) -> None:
        """Close it; again does nothing."""
        with Interrupts() as interrupts:
            self._child.stop(interrupts)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, _: TracebackType | None) -> None:
        self.close()

    def __repr__(self) -> str:
        return "\n".join([self._title, *(f"  {padded(label, 9)} {text}" for label, text in self._said())])

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> dict[str, str]:
        terms = "".join(f"<dt>{escape(label)}</dt><dd>{escape(text)}</dd>" for label, text in self._said())
        page = _fragment.small(f"<p><strong>{escape(self._title)}</strong></p><dl>{terms}</dl>", "live.css")
        return {"text/html": page, "text/plain": repr(self)}

    def _said(self) -> list[tuple[str, str]]:
        if not self.is_open:
            return [(tr("note"), tr("this scene is closed"))]
        ends = tr("with %scene --close, with the next %scene, or with the kernel")
        said = [(tr(label), terminal.visible(tr(text))) for label, text in self._rows]
        return [
            *said,
            (tr("network"), tr("this machine's own loopback: probe 127.0.0.1 from the next cells")),
            (tr("torn down"), ends),
        ]


def chosen(exercise: catalog.Exercise, slug: str | None) -> Check:
    """The check of that name. Raises errors.UsageError with the names that there are."""
    found = {check.slug: check for check in exercise.checks if check.visibility == VISIBLE}
    if slug is None:
        raise Refused(f"which check? There is: {', '.join(found)}.")
    if slug not in found:
        raise unknown_check(exercise, slug, tuple(found.values()))
    return found[slug]


def opened(exercise: catalog.Exercise, check: Check, seed: int | None) -> Scene:
    """The scene of a check.

    Raises UsageError if it has none, Failure if this machine cannot have it, Stopped after Ctrl-C.
    """
    words = ["scene", exercise.slug, check.slug, "--tier", "shared", "--lang", "en"]
    words += [] if seed is None else ["--seed", str(seed)]
    rows: list[Row] = []
    with Interrupts() as interrupts:
        child = Child(words)
        for line in child.lines(interrupts, None):
            if found := _ROW.fullmatch(line or ""):
                rows.append(Row(found[1], found[2]))
            elif rows and line == "":
                return Scene(f"{exercise.slug} {check.slug}: {tr(check.title)}", tuple(rows), child)
        child.stop(interrupts)
    raise _refusal(child, exercise, check)


def _refusal(child: Child, exercise: catalog.Exercise, check: Check) -> Exception:
    reason = tr(child.complaint.removeprefix("socklab: "))
    if child.process.returncode == WRONG_USAGE:
        return UsageError(reason)
    command = f"socklab scene {exercise.slug} {check.slug}"
    return Failure(tr("{reason} A terminal may have it: {command}", reason=reason, command=command))
