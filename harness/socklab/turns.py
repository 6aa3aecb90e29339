"""Which check comes next: brokers of one grade take checks from one table, in memory that they share.

Whole programs mostly wait, for clients, for silence, for an end; so several brokers judge one, each in a cell of its own. Whoever is free
takes the next check of which all that it needs has been judged, by whomever. One broker alone takes them in their order.
"""

import contextlib
import fcntl
import os
import random
from collections.abc import Callable, Iterator, Sequence
from itertools import groupby

from .model import FAILED, HARNESS_ERROR, PASSED, SKIPPED, VISIBILITIES
from .vocabulary import Check

_FREE, _TAKEN = 0, 1
_OUTCOMES = (PASSED, FAILED, SKIPPED, HARNESS_ERROR)
_FIRST_OUTCOME = 2


class Turns:
    """The table, made before the brokers are forked. `close` it where it was made."""

    def __init__(self, checks: Sequence[Check], seed: int) -> None:
        self.stages = tuple(in_stages(checks, seed))
        self._place = {check.slug: place for place, check in enumerate(c for stage in self.stages for c in stage)}
        self._table = os.memfd_create("turns", os.MFD_CLOEXEC)
        os.ftruncate(self._table, max(1, len(self._place)))

    def close(self) -> None:
        """Give it back; again does nothing."""
        if self._table >= 0:
            os.close(self._table)
            self._table = -1

    def mine(self, pause: Callable[[], None]) -> Iterator[Check]:
        """The checks that this broker shall run, one after another. `pause`: waits a moment, for what another one is just judging.

        Those that look back on all before them are run by each broker, which looks back on its own.
        """
        for stage in self.stages:
            if stage[0].last:
                yield from stage
                continue
            while True:
                check, more = self._take(stage)
                if check:
                    yield check
                elif more:
                    pause()
                else:
                    break

    def _take(self, stage: Sequence[Check]) -> tuple[Check | None, bool]:
        """One that nobody has taken, if there is one whose time has come; whether there will be more."""
        with self._alone():
            table = os.pread(self._table, len(self._place), 0)
            free = [check for check in stage if table[self._place[check.slug]] == _FREE]
            for check in free:
                if all(table[self._place[slug]] >= _FIRST_OUTCOME for slug in check.needs if slug in self._place):
                    os.pwrite(self._table, bytes([_TAKEN]), self._place[check.slug])
                    return check, True
        return None, bool(free)

    @contextlib.contextmanager
    def _alone(self) -> Iterator[None]:
        """While inside, no other broker is; one that ends in there lets the others in (fcntl(2), F_SETLKW)."""
        fcntl.lockf(self._table, fcntl.LOCK_EX)
        try:
            yield
        finally:
            fcntl.lockf(self._table, fcntl.LOCK_UN)

    def tell(self, check: Check, outcome: str) -> None:
        """It has been judged so."""
        os.pwrite(self._table, bytes([_FIRST_OUTCOME + _OUTCOMES.index(outcome)]), self._place[check.slug])

    def outcome(self, slug: str) -> str | None:
        """How a check was judged; None if it has not been, or is not part of this."""
        if slug not in self._place:
            return None
        (state,) = os.pread(self._table, 1, self._place[slug])
        return _OUTCOMES[state - _FIRST_OUTCOME] if state >= _FIRST_OUTCOME else None


def in_stages(checks: Sequence[Check], seed: int) -> Iterator[tuple[Check, ...]]:
    """Random by the seed; but what a check needs comes before it, long ones come early, and those that sum up or earn a bonus last.

    Those that fewer people see come after all others, which then run just as if there were no more.
    """
    order = random.Random(seed)
    by_slug = {check.slug: check for check in checks}
    placed: set[str] = set()

    def with_needs(check: Check) -> Iterator[Check]:
        if check.slug not in placed:
            placed.add(check.slug)
            for slug in check.needs:
                if slug in by_slug:
                    yield from with_needs(by_slug[slug])
            yield check

    def rank(check: Check) -> tuple[bool, bool, bool]:
        return check.sanitized, check.bonus, check.last

    for visibility in VISIBILITIES:
        shuffled = [check for check in checks if check.visibility == visibility]
        order.shuffle(shuffled)
        for _, alike in groupby(sorted(shuffled, key=lambda check: (rank(check), not check.long)), rank):
            stage = tuple(each for check in alike for each in with_needs(check))
            if stage:
                yield stage
