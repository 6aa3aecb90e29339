"""What a function finds and shall leave as it is, for it belongs to the whole process: signals and timers."""

from typing import NamedTuple

from .cell.confined import signal_name
from .cell.evidence import Signals

SOON = 60.0
"""Seconds by which a caller's alarm may have come nearer between two looks, however busy the machine."""


class Surroundings(NamedTuple):
    """How it is at one moment. `alarm`: seconds until SIGALRM comes, by alarm(2) or setitimer(2); 0: never. `timers`: how many
    there are of timer_create(2). `time_limit`: seconds that new sockets wait by default, in a language that has that; "": for ever.

    Alarm and time limit are claims of the process, which alone can know them; the others are seen from outside.
    """

    alarm: float
    timers: int
    signals: Signals
    time_limit: str = ""

    def change(self, before: "Surroundings") -> str:
        """The first thing that is not as it was `before`; "" if all is."""
        now, then = self.signals, before.signals
        if self.alarm and not before.alarm:
            return f"an alarm is left that goes off in {self.alarm:.1f} seconds"
        if before.alarm and not self.alarm:
            return "the alarm of its caller was called off"
        if before.alarm - self.alarm > SOON:
            return f"the alarm of its caller now goes off in {self.alarm:.1f} seconds, and not as late as it was to"
        if self.timers > before.timers:
            return "a timer is left that timer_create() made"
        if new := now.ignored - then.ignored:
            return f"{signal_name(min(new))} is ignored now"
        if new := now.handled - then.handled:
            return f"{signal_name(min(new))} has a handler now"
        if gone := then.handled - now.handled:
            return f"{signal_name(min(gone))} has lost its handler"
        if gone := then.ignored - now.ignored:
            return f"{signal_name(min(gone))} is not ignored any more"
        if new := now.blocked - then.blocked:
            return f"{signal_name(min(new))} stays blocked"
        if gone := then.blocked - now.blocked:
            return f"{signal_name(min(gone))} is not blocked any more"
        if before.time_limit and not self.time_limit:
            return f"new sockets have no time limit any more, which was {before.time_limit} seconds by its caller's setdefaulttimeout()"
        if self.time_limit != before.time_limit:
            return f"new sockets have a time limit of {self.time_limit} seconds now, by setdefaulttimeout()"
        return ""
