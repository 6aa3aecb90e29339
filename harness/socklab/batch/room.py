"""How many submissions to judge at a time: as many as there are workers, and more of them while processors rest.

Whoever is judged uses a processor, unless it hangs, or waits for silence: then another one may as well be judged meanwhile.
"""

from __future__ import annotations

import os
import time

LOOK_SECONDS = 0.2
"""How long processors are watched before it is said that they rest; they are counted in hundredths of a second."""

_MORE, _LESS = 0.4, 0.05
"""How much of one processor must have rested for one more to be judged, and for one less."""

_TICKS = os.sysconf("SC_CLK_TCK")


class Room:
    """Ask `at_once` again and again. `workers`: how many there is room for in any case; `most`: while processors rest."""

    def __init__(self, workers: int, most: int) -> None:
        self._workers = self._now = workers
        self._most = most
        self._looked = time.monotonic()
        self._rested = rested()

    @property
    def patience(self) -> float | None:
        """Seconds after which to ask again even if nobody has finished; None: that makes no difference."""
        return LOOK_SECONDS if self._most > self._workers else None

    def at_once(self) -> int:
        """How many may be judged now: each time that processors were found to rest one more, and where they did not one less."""
        now = time.monotonic()
        if self._most > self._workers and now - self._looked >= LOOK_SECONDS:
            total = rested()
            resting = (total - self._rested) / (now - self._looked)
            self._looked, self._rested = now, total
            wanted = self._now + (resting >= _MORE) - (resting < _LESS)
            self._now = max(self._workers, min(wanted, self._most))
        return self._now


def rested() -> float:
    """Seconds that the machine's processors have rested since it started, added up; 0 where that is not told (proc_stat(5))."""
    try:
        with open("/proc/stat") as file:
            idle, waiting = file.readline().split()[4:6]
    except (OSError, ValueError):
        return 0.0
    return (int(idle) + int(waiting)) / _TICKS
