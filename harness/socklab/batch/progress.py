"""How far a run has come, while it runs: one line that is rewritten on a terminal, else a line now and then.

It goes to standard error, so that standard output has nothing but what was asked for.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from typing import TextIO

from ..i18n import cut, tr
from ..model import FAILED, HARNESS_ERROR, PASSED, UNGRADABLE
from .run import Tally

REDRAWN_EVERY = 0.1
TOLD_EVERY = 15.0
"""Seconds between two looks at a terminal, and between two lines where there is none."""


class Progress:
    """Shows tallies on `stream`. `clock`: seconds, from anywhere."""

    def __init__(self, stream: TextIO, clock: Callable[[], float] = time.monotonic) -> None:
        self._stream = stream
        self._clock = clock
        self._live = stream.isatty() and os.environ.get("TERM") != "dumb"
        self._begun = clock()
        self._shown = self._begun - (REDRAWN_EVERY if self._live else 0)

    def show(self, tally: Tally) -> None:
        """Show it, if it is time to."""
        now = self._clock()
        if now - self._shown < (REDRAWN_EVERY if self._live else TOLD_EVERY):
            return
        self._shown = now
        text = in_words(tally, now - self._begun)
        if self._live:
            self._stream.write(f"\r{cut(text, max(20, self._width() - 1))}\x1b[K")
        else:
            self._stream.write(f"{text}\n")
        self._stream.flush()

    def close(self) -> None:
        """Leave the terminal as it was."""
        if self._live:
            self._stream.write("\r\x1b[K")
            self._stream.flush()

    def _width(self) -> int:
        try:
            return os.get_terminal_size(self._stream.fileno()).columns or 80
        except (OSError, ValueError):
            return 80


def in_words(tally: Tally, seconds: float) -> str:
    """A tally after so many seconds, in one line."""
    outcomes = tally.outcomes
    parts = [
        tr("{number} of {total} done", number=tally.done, total=tally.total),
        tr("{number} passed", number=outcomes[PASSED]),
        tr("{number} failed", number=outcomes[FAILED]),
    ]
    if outcomes[UNGRADABLE]:
        parts.append(tr("{number} ungradable", number=outcomes[UNGRADABLE]))
    if outcomes[HARNESS_ERROR]:
        parts.append(tr("{number} harness errors", number=outcomes[HARNESS_ERROR]))
    if tally.unchanged:
        parts.append(tr("{number} unchanged", number=tally.unchanged))
    if tally.graded and seconds > 0:
        rate = tally.graded / seconds
        parts.append(tr("{number} a second", number=f"{rate:.1f}"))
        left = round((tally.total - tally.done) / rate)
        parts.append(tr("about {number} left", number=f"{left // 60}:{left % 60:02}"))
    return ", ".join(parts)
