"""How long one waits for what a submission is to do: so long that a right one never fails for being slow, and no longer."""

import time
from collections.abc import Callable

WAIT_SECONDS = 2.0
"""How long evidence that must be on its way is waited for: the kernel delivers at once, a loaded machine a little later."""

SHARED_BY = 4
"""How many, on a busy machine, share a processor with a submission that is at work."""

MOST_PUT_OFF = 60.0
"""Seconds that work may put off the end of a wait."""

MOMENT = 1.0
"""Seconds in which most of what is waited for has come."""


class Patience:
    """How long to wait for a peer's evidence: long until it once stayed away, which a right submission's never does.

    `idle`: whether the submission does nothing by itself now, so that nothing can come but what is on its way. `worked`: seconds
    of a processor that it has used so far.
    """

    def __init__(self, idle: Callable[[], bool] = lambda: False, worked: Callable[[], float] = lambda: 0.0) -> None:
        self.seconds = WAIT_SECONDS
        self.idle = idle
        self.worked = worked

    def lose(self) -> None:
        """It stayed away: no verdict depends on later waits any more."""
        self.seconds = 0.02

    @property
    def for_programs(self) -> float:
        """The same for what a program has to do something for, with many clients maybe: an idle machine needs a millisecond."""
        return max(4 * self.seconds, 0.3)

    @property
    def for_many_bytes(self) -> float:
        """The same for all of what comes piece by piece, each in its time."""
        return 3 * self.for_programs

    @property
    def for_endings(self) -> float:
        """The same for what ends by itself, a thousand threads maybe."""
        return max(4 * self.seconds, 2.0)


class Term:
    """Until when all of what comes piece by piece must have come. It is put off by what the submission works meanwhile: one that
    handles each byte on its own is slow, and slower where it has to share a processor, but it is not late."""

    def __init__(self, patience: Patience) -> None:
        now = time.monotonic()
        self._patience = patience
        self._last = now + patience.for_many_bytes
        self._worked: float | None = None
        self.end = min(self._last, now + MOMENT)  # until then nobody need know how much it works

    def is_over(self) -> bool:
        """Whether it is; `end` is when it must be asked again."""
        worked = self._patience.worked()
        if self._worked is None:
            self._worked = worked
        self.end = self._last + min(SHARED_BY * max(0.0, worked - self._worked), MOST_PUT_OFF)
        return time.monotonic() >= self.end
