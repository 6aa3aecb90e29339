"""What a class handed in: from folders and downloads to one file a student and attempt, and to reasons for all the rest.

Sources are read one by one (`trees`), each by the layout that fits it best (`layouts`); students are looked up in the roster
(`matching`), and of each bundle the one file that is the submission is chosen (`choosing`, `sorting`). What anybody must decide or mend becomes a
`Trouble`; nothing is guessed and nothing is dropped in silence, except what operating systems and tools leave behind.

It never opens a submission: `submission.read` does, once, when it is graded.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping, Sequence

from .. import submission
from ..catalog import Exercise
from ..errors import UsageError
from .choosing import Task
from .layouts.gradescope import METADATA
from .layouts.nbgrader import STAMP
from .matching import Register
from .people import Student, shown
from .sorting import HandIn, Sorting, Trouble
from .trees import Reader, Room

__all__ = ["HandIn", "Intake", "Trouble", "collect"]


class Intake:
    """All that was found. A context manager: what archives were unpacked into is deleted at its end."""

    def __init__(
        self,
        handed_in: Iterable[HandIn],
        troubles: Iterable[Trouble],
        roster: Mapping[str, Student] | None = None,
        room: Room | None = None,
    ) -> None:
        self.handed_in = tuple(handed_in)
        self.troubles = tuple(troubles)
        self._roster = dict(roster or {})
        self._room = room

    def _met(self) -> set[str]:
        ids = {student.id for each in self.handed_in for student in (each.student, *each.group)}
        return ids | {each.student.id for each in self.troubles if each.student}

    @property
    def missing(self) -> tuple[Student, ...]:
        """The students of the roster of whom nothing was found, in its order; who is in a trouble is not missing."""
        met = self._met()
        return tuple(student for student in self._roster.values() if student.id not in met)

    @property
    def strangers(self) -> tuple[Student, ...]:
        """Who handed in but is not on the roster; nobody if there is no roster."""
        found = {each.student.id: each.student for each in self.handed_in if not each.group}
        return tuple(each for each in found.values() if self._roster and each.id not in self._roster)

    def close(self) -> None:
        """Delete what archives were unpacked into; the hand-ins' paths are of no use then. May be called twice."""
        if self._room:
            self._room.close()

    def __enter__(self) -> Intake:
        return self

    def __exit__(self, *error: object) -> None:
        self.close()


def collect(exercise: Exercise, sources: Sequence[str], roster: Mapping[str, Student] | None = None) -> Intake:
    """Everything in `sources` (folders, archives, files) that was handed in for `exercise`, by student and attempt.

    Layouts: see `layouts`. A later source is a later attempt where nothing says when it was handed in.
    Raises UsageError if a source does not exist or is neither folder nor file, SetupError if there is no room to unpack.
    """
    for source in sources:
        _refuse(source)
    task = Task.of(exercise)
    room = Room()
    try:
        reader = Reader(room, lambda name: _wanted(name, task))
        sorting = Sorting(task, Register(roster))
        once: dict[str, str] = {}
        for source in sources:
            once.setdefault(os.path.realpath(source), source)
        for source in once.values():
            sorting.add(source, reader.read(source))
        return Intake(sorting.handed_in(), sorting.troubles, roster, room)
    except BaseException:
        room.close()
        raise


def _refuse(source: str) -> None:
    try:
        known = os.path.exists(source)
    except ValueError:  # a NUL byte
        known = False
    if not known:
        raise UsageError(
            f"{shown(source)}: there is no such folder or file. Is it in this folder ({shown(os.getcwd())})?"
        )
    if not os.path.isdir(source) and not os.path.isfile(source):
        raise UsageError(f"{shown(source)}: that is neither a folder nor a file.")


def _wanted(name: str, task: Task) -> int:
    """How many bytes a file in an archive may have to be unpacked."""
    if task.is_source(name):
        return submission.LARGEST
    return {METADATA: 64_000_000, STAMP: 1_000}.get(name, 0)
