"""What an exercise's checks.py is written in: check, expect, and the program and scene that every check is given.

A check is a function of the submission (a Program, which has a function to call, or a Command, a whole program to start) and a
scene (what is arranged around it). It arranges, calls, and says
what it expects; `expect` knows how to put into words what it wanted and what it got. Nothing here knows an exercise.
"""

from collections.abc import Callable
from typing import Any, NamedTuple

from .cell.network import LOOPBACK, NotHere
from .command import Command, Footprint
from .errors import HarnessError
from .expectations import expect
from .model import AFTER_DUE, HIDDEN, VISIBILITIES, VISIBLE
from .peers import Broken, Stream, hang_up, reset
from .program import Program
from .scene import Scene
from .subject import Mismatch

__all__ = [
    "AFTER_DUE",
    "LOOPBACK",
    "Broken",
    "Check",
    "Command",
    "Footprint",
    "Mismatch",
    "NotHere",
    "Program",
    "Scene",
    "Stream",
    "check",
    "expect",
    "hang_up",
    "reset",
]

CheckFunction = Callable[[Any, Scene], None]
"""Its first argument is a Program or a Command, as the exercise asks for a function or a whole program."""


class Check(NamedTuple):
    """One situation with an expectation. `needs`: slugs of checks without which this one says nothing."""

    slug: str
    title: str
    points: int
    hint: str
    why: str
    more: str
    bonus: bool
    sanitized: bool
    last: bool
    long: bool
    languages: tuple[str, ...]
    needs: tuple[str, ...]
    visibility: str
    run: CheckFunction

    def after(self, *others: "Check") -> "Check":
        """The same check, for an exercise in which it also needs `others`."""
        return self._replace(needs=(*(other.slug for other in others), *self.needs))


def check(
    *,
    points: int,
    hint: str,
    why: str = "",
    more: str = "",
    bonus: bool = False,
    sanitized: bool = False,
    last: bool = False,
    long: bool = False,
    languages: tuple[str, ...] = (),
    needs: tuple[Check | str, ...] = (),
    visible: bool | str = True,
) -> Callable[[CheckFunction], Check]:
    """Make a function a check; its docstring is the line that the learner reads.

    `hint`: what to look at. `why`: what breaks in practice where this is wrong. `more`: a second hint, for whoever asks for
    it; names the call or manual page, never the code. Checks that count have all three.

    `bonus`: its points come on top and failing it costs nothing. `sanitized`: it judges the build with sanitizers, after
    all other checks ran on that. `last`: it looks back on all checks before it. `long`: it takes seconds, and is begun as early as
    may be, so that others can run beside it. `languages`: only for these. `needs`: checks that must have passed before, or their
    slugs. `visible`: False keeps it from learners, who meet it only in their points; AFTER_DUE until the due date has
    passed. Neither can be looked back on by a check that is seen earlier, for it runs after that. Raises HarnessError for
    another `visible`.
    """

    def mark(function: CheckFunction) -> Check:
        title = " ".join((function.__doc__ or "").split())
        slug = function.__name__.replace("_", "-")
        needed = tuple(other if isinstance(other, str) else other.slug for other in needs)
        visibility = visible if isinstance(visible, str) else VISIBLE if visible else HIDDEN
        if visibility not in VISIBILITIES:
            raise HarnessError(f"{slug} has visible={visible!r}; it must be True, False or AFTER_DUE")
        return Check(
            slug, title, points, hint, why, more, bonus, sanitized, last, long, languages, needed, visibility, function
        )

    return mark
