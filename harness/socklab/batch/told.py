"""What came of a class, for outputs to tell: one result a student, and whatever could not be graded, with its reason.

A file that nobody can take for a submission has no grade, and yet its student did hand in: so the reason stands in the note of
that student's result too, and whoever reads nothing but a table of marks still meets it.

Where nobody is to be named, all that outputs are given has pseudonyms already: no format has to think of it.
"""

from __future__ import annotations

import copy
from collections.abc import Iterator, Mapping
from typing import NamedTuple

from ..catalog import Exercise
from .anonymity import LEFT_OUT, Mask
from .gradebook import Gradebook, storable
from .intake import Trouble
from .people import Student, shown
from .policy import MISSING, Policy
from .results import Result, everybody, noted_as_strange, result_of
from .run import Tally

_NOTHING = "Nothing was handed in."
"""How a policy begins to say that there is no attempt."""


class Entry(NamedTuple):
    """A student's result, with nothing in its note but how it came to its points, and what stands beside it.

    `strange`: a roster was given that does not know the student. `troubles`: what else they handed in that was not graded.
    """

    result: Result
    strange: bool
    troubles: tuple[Trouble, ...]

    @property
    def refused(self) -> bool:
        """Whether something was handed in, and nothing of it could be graded."""
        return self.result.verdict == MISSING and bool(self.troubles)

    def noted(self) -> Result:
        """The result with all of it in its note."""
        result = noted_as_strange(self.result) if self.strange else self.result
        return _noted(result, self.troubles) if self.troubles else result


class Told(NamedTuple):
    """A class and an exercise after a run. `again`: the command that makes the same run; `gradebook`: where marks are kept.

    `feedback`: the folder with the learners' pages, as seen from where the output lies; "" if there is none. `mask`: who everybody
    is instead; None: themselves. `assignment`: what the LMS calls the exercise; None: that is to be found out.
    """

    exercise: Exercise
    book: Gradebook
    policy: Policy
    roster: Mapping[str, Student] | None
    troubles: tuple[Trouble, ...]
    tally: Tally
    gradebook: str
    again: str
    feedback: str = ""
    mask: Mask | None = None
    assignment: str | None = None

    def results(self, *, reports: bool = False) -> Iterator[Result]:
        """One for each student, of the gradebook and the roster, then those of whom there are only troubles.

        reports: whether each brings its full report. Raises SetupError if the gradebook cannot be read.
        """
        for entry in self.entries(reports=reports):
            yield entry.noted()

    def entries(self, *, reports: bool = False) -> Iterator[Entry]:
        """The same, with what the note is made of apart."""
        usual = self.book.usual_points(self.exercise.slug)
        for student, strange, troubles in self._people():
            past = self.book.past(student, self.exercise.slug)
            if self.mask:
                result = result_of(self.book, self.mask.past(past), self.policy, usual, reports=reports)
                yield Entry(self.mask.result(result), strange, tuple(map(self.mask.trouble, troubles)))
            else:
                yield Entry(result_of(self.book, past, self.policy, usual, reports=reports), strange, tuple(troubles))

    def _people(self) -> list[tuple[Student, bool, list[Trouble]]]:
        """Everybody with their own names, whether the roster does not know them, and their troubles."""
        roster, troubles = (self.mask.roster, self.mask.troubles) if self.mask else (self.roster, self.troubles)
        troubled: dict[str, tuple[Student, list[Trouble]]] = {}
        for trouble in troubles:
            if trouble.student:
                troubled.setdefault(storable(trouble.student.id), (trouble.student, []))[1].append(trouble)
        found: list[tuple[Student, bool, list[Trouble]]] = []
        for student, strange in everybody(self.book, self.exercise.slug, roster):
            _, of_student = troubled.pop(storable(student.id), (student, []))
            found.append((student, strange, of_student))
        found += [(student, False, of_student) for student, of_student in troubled.values()]
        return sorted(found, key=lambda each: mask.number(each[0])) if (mask := self.mask) else found

    def anonymous(self) -> Told:
        """The same, with nobody named. Raises SetupError if the gradebook cannot be read or written."""
        numbers = self.book.pseudonyms(student for student, _, _ in self._people())
        mask = Mask(numbers, self.roster, self.troubles, self.exercise)
        tally = copy.copy(self.tally)
        tally.troubles = [mask.trouble(each) for each in self.tally.troubles]
        roster = None if self.roster is None else {each.id: each for each in mask.students(self.roster.values())}
        troubles = tuple(mask.trouble(each) for each in mask.in_order(self.troubles))
        return self._replace(roster=roster, troubles=troubles, tally=tally, gradebook=LEFT_OUT, mask=mask)


def _noted(result: Result, troubles: tuple[Trouble, ...]) -> Result:
    """A result that says what was handed in and not graded."""
    reasons = (f"{shown(each.origin)}: {shown(each.reason).rstrip('.')}." for each in troubles)
    told = f"Not graded: {' '.join(reasons)}"
    note = result.note
    if result.verdict == MISSING and note.startswith(_NOTHING):  # something was, and nobody can take it
        return result._replace(note=f"{told}{note[len(_NOTHING) :]}")
    return result._replace(note=f"{note} {told}".strip())
