"""A Wish becomes a Result: a process grades, its events are shown as they come, and what it made is cleared away."""

import contextlib
import json
import os
import reprlib
import tempfile
from collections.abc import Callable, Iterable
from typing import Any

from IPython.core.error import UsageError
from IPython.core.getipython import get_ipython

from .. import catalog, history
from ..i18n import tr
from ..model import Report
from ..reports import _fragment
from ..reports.json import from_dict
from . import gathering
from .asking import Failure, Wish, refused, typed_seed
from .child import Child, Interrupts, Stopped
from .live import Live
from .results import Result

TICK = 0.1
"""Seconds between two looks at a picture that changes."""

WRONG_USAGE, UNREADABLE = 2, 3
"""Exit codes that say: whoever wrote the cell mends it."""


def submit(
    function: Callable[..., Any],
    exercise: str | None = None,
    *,
    seed: int | None = None,
    only: str | Iterable[str] = (),
    hints: int = 1,
    tier: str | None = None,
    sanitizer: bool = True,
) -> Result:
    """Grade a function that is defined in the notebook, by its source and that of what it uses.

    exercise  as `socklab list` shows it; None: the function's own name tells
    seed      ports and order of the checks; a report names its own
    only      one check, or several: those are run, with what they need
    hints     how many a failing check gives: 0, 1 or 2
    tier      "private" or "shared"; None: the best that there is
    """
    if not callable(function):
        raise UsageError(tr("submit() takes a function, and {value} is none.", value=reprlib.repr(function)))
    if hints not in (0, 1, 2):
        raise UsageError(tr("hints={value}: it is 0, 1 or 2.", value=repr(hints)))
    if tier not in (None, "private", "shared"):
        raise UsageError(tr("tier={value}: it is 'private' or 'shared'.", value=repr(tier)))
    chosen = (only,) if isinstance(only, str) else tuple(only)
    number = None if seed is None else typed_seed(str(seed))
    name = getattr(function, "__name__", type(function).__name__)
    with refused():
        meant = catalog.find(exercise) if exercise else _named_after(name)
    if meant.is_program:
        raise UsageError(
            tr("{name} asks for a whole program. Write it in a cell that begins with %%submit {name}.", name=meant.slug)
        )
    source = gathering.gathered(function, meant.function)
    return graded(Wish(meant, "python", source.encode(), name, number, chosen, hints, tier, sanitizer))


def _named_after(name: str) -> catalog.Exercise:
    """The exercise that asks for a function of this name. Raises UsageError if none does."""
    for each in catalog.all_exercises():
        if each.function == name:
            return each
    return catalog.find(name.replace("_", "-"))


def graded(wish: Wish) -> Result:
    """Grade it in a process of its own, and show how far that is.

    Raises UsageError for what the learner has to mend before it can be graded, Stopped after Ctrl-C, Failure for ours.
    """
    with refused(), Interrupts() as interrupts:
        live = Live(wish.exercise)
        try:
            report = _run(wish, live, interrupts)
        except Stopped:
            live.stopped()
            raise
        except BaseException:
            live.close()
            raise
    history.note([(_where(wish), report)], wish.only)
    live.end(report)
    return Result(report, wish.again(report.seed), wish.hints, gathered=bool(wish.function))


def _run(wish: Wish, live: Live, interrupts: Interrupts) -> Report:
    name = wish.file  # before there is a folder to lose
    path = os.path.join(tempfile.mkdtemp(prefix="socklab-cell-"), name)
    try:
        with open(path, "wb") as file:
            file.write(wish.content)
        child = Child(_words(wish, path), {"SOCKLAB_HISTORY": "off"})
        try:
            report = _report(child, path, wish.content, live, interrupts)
        finally:
            child.stop(interrupts)
    finally:
        _clear_away(path)
    if report is None:
        raise Failure(tr("the grader ended without a report ({reason}).", reason=child.complaint))
    return report


def _report(child: Child, path: str, content: bytes, live: Live, interrupts: Interrupts) -> Report | None:
    """The report of a child, once it has ended; None if there is none. Whatever else it tells is shown."""
    _fragment.prepare()  # while the compiler is at work, nobody waits for it
    report: Report | None = None
    for line in child.lines(interrupts, TICK):
        if line is None:
            live.refresh()
            continue
        _clear_away(path)  # it has been read; now even a kernel that is killed leaves nothing
        event = json.loads(line)
        match event["event"]:
            case "report":
                report = from_dict(event["report"], content)
            case "error":
                _refuse(event["message"].replace(path, os.path.basename(path)), event["exit_code"])
            case _:
                live.tell(event)
    return report


def _clear_away(path: str) -> None:
    """Delete a file with its folder, without a descriptor, of which a learner may have used up all; again does nothing."""
    with contextlib.suppress(FileNotFoundError):
        os.unlink(path)
    with contextlib.suppress(FileNotFoundError):
        os.rmdir(os.path.dirname(path))


def _words(wish: Wish, path: str) -> list[str]:
    words = ["check", wish.exercise.slug, path, "--stream"]
    words += [] if wish.seed is None else ["--seed", str(wish.seed)]
    words += [word for slug in wish.only for word in ("--only", slug)]
    words += [] if wish.tier is None else ["--tier", wish.tier]
    return words + ([] if wish.sanitize else ["--no-sanitizer"])


def _refuse(message: str, code: int) -> None:
    if code in (WRONG_USAGE, UNREADABLE):
        raise UsageError(tr(message))
    raise Failure(f"socklab: {tr(message)}")


def _where(wish: Wish) -> str:
    """What the history calls the file: the notebook where it is known, else a name in the folder that we are in."""
    shell = get_ipython()
    named = shell.user_ns.get("__vsc_ipynb_file__") if shell else None
    return named or os.environ.get("JPY_SESSION_NAME") or wish.file
