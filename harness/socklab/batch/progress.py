"""How far a run has come, while it runs: a bar and a line of counts on a terminal, elsewhere a line now and then.

It goes to standard error, so that standard output has nothing but what was asked for. rich draws it, when it is asked to and not
from a thread of its own: the command forks workers, and what a thread holds just then stays held in them (fork(2)).
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, TextIO

from ..i18n import tr
from ..model import FAILED, HARNESS_ERROR, PASSED, UNGRADABLE
from .run import Tally

if TYPE_CHECKING:
    from rich.console import RenderableType

REDRAWN_EVERY = 0.1
TOLD_EVERY = 15.0
"""Seconds between two looks at a terminal, and between two lines where there is none."""

_CANNOT_REDRAW = ("", "dumb", "unknown")
"""What TERM says of terminals that have no lines to go back to."""

_ROOM_FOR_KEYS = 8
"""Columns at the end of each line: what the terminal itself shows of a Ctrl-C, ^C, must not begin a line of its own."""

_COLOURS = {PASSED: "green", FAILED: "red", UNGRADABLE: "yellow", HARNESS_ERROR: "magenta"}


class Progress:
    """Shows tallies on `stream`, until it is closed. `clock`: seconds, from anywhere."""

    def __init__(self, stream: TextIO, clock: Callable[[], float] = time.monotonic) -> None:
        self._stream = stream
        self._clock = clock
        self._live = None
        if stream.isatty() and os.environ.get("TERM", "") not in _CANNOT_REDRAW:
            from rich.console import Console  # it takes a while to load, and only a terminal needs it
            from rich.live import Live

            console = Console(file=stream, force_terminal=True, highlight=False)
            self._live = Live(
                console=console, auto_refresh=False, transient=True, redirect_stdout=False, redirect_stderr=False
            )
        self._begun = clock()
        self._shown = self._begun - (REDRAWN_EVERY if self._live else 0)

    def show(self, tally: Tally) -> None:
        """Show it, if it is time to."""
        now = self._clock()
        if now - self._shown < (REDRAWN_EVERY if self._live else TOLD_EVERY):
            return
        self._shown = now
        if self._live:
            self._live.start()  # again does nothing
            room = max(1, self._live.console.width - _ROOM_FOR_KEYS)
            self._live.update(_drawn(tally, now - self._begun, room), refresh=True)
        else:
            self._stream.write(f"{in_words(tally, now - self._begun)}\n")
            self._stream.flush()

    def close(self) -> None:
        """Leave the terminal as it was."""
        if self._live:
            self._live.stop()


def in_words(tally: Tally, seconds: float) -> str:
    """A tally after so many seconds, in one line."""
    return ", ".join(text for text, _ in _parts(tally, seconds))


def _drawn(tally: Tally, seconds: float, room: int) -> RenderableType:
    from rich.console import Group
    from rich.constrain import Constrain
    from rich.padding import Padding
    from rich.progress_bar import ProgressBar
    from rich.text import Text

    words = Text(", ").join(Text(text, _COLOURS.get(outcome, "")) for text, outcome in _parts(tally, seconds))
    bar = ProgressBar(total=tally.total, completed=tally.done, complete_style="cyan")
    return Group(Padding(bar, 0), Constrain(words, room))  # by itself a bar does not end its line


def _parts(tally: Tally, seconds: float) -> Iterator[tuple[str, str]]:
    """What there is to say after so many seconds, each part with the outcome that it is about; "": none."""
    outcomes = tally.outcomes
    yield tr("{number} of {total} done", number=tally.done, total=tally.total), ""
    yield tr("{number} passed", number=outcomes[PASSED]), PASSED
    yield tr("{number} failed", number=outcomes[FAILED]), FAILED
    if outcomes[UNGRADABLE]:
        yield tr("{number} ungradable", number=outcomes[UNGRADABLE]), UNGRADABLE
    if outcomes[HARNESS_ERROR]:
        yield tr("{number} harness errors", number=outcomes[HARNESS_ERROR]), HARNESS_ERROR
    if tally.unchanged:
        yield tr("{number} unchanged", number=tally.unchanged), ""
    if tally.graded and seconds > 0:
        rate = tally.graded / seconds
        left = round((tally.total - tally.done) / rate)
        yield tr("{number} a second", number=f"{rate:.1f}"), ""
        yield tr("about {number} left", number=f"{left // 60}:{left % 60:02}"), ""
