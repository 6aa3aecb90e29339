"""Which of the files that somebody handed in is the submission: by the expected name, else the only one in an offered language.

Where that is not exactly one, nobody guesses: all are listed, and a person decides.
"""

from __future__ import annotations

import os
import re
from collections.abc import Sequence
from typing import NamedTuple

from ..catalog import Exercise
from ..languages import all_languages
from .archives import is_foreign
from .people import normalised, shown
from .trees import Entry

_MOST_LISTED = 8


class Task(NamedTuple):
    """What an exercise asks for. `stems`: the names a file may have, `suffixes`: those of the languages that it is offered in."""

    slug: str
    stems: tuple[str, ...]
    suffixes: tuple[str, ...]

    @classmethod
    def of(cls, exercise: Exercise) -> Task:
        """What `exercise` asks for."""
        stems = (exercise.function, exercise.slug, exercise.slug.replace("-", "_"))
        offered = [each for each in all_languages() if exercise.starter(each.suffixes[0]) is not None]
        suffixes = tuple(suffix for language in offered for suffix in language.suffixes)
        return cls(exercise.slug, tuple(dict.fromkeys(stems)), suffixes)

    def is_source(self, name: str) -> bool:
        """Whether a file of that name is in a language that the exercise is offered in."""
        return os.path.splitext(name)[1].lower() in self.suffixes

    def is_expected(self, name: str) -> bool:
        """Whether a file is called as the exercise wants it to be; case does not count, nor that it is a copy."""
        stem, suffix = os.path.splitext(name)
        return suffix.lower() in self.suffixes and normalised(of_copy(stem)) in map(normalised, self.stems)


def of_copy(stem: str) -> str:
    """A file's name without its suffix, and without what browsers and file managers add if there is one of that name already: it
    may be newer than the one without, or older."""
    return re.sub(r"(?<=.)(\s*\(\d+\)|\s+-\s+copy|\s+copy(\s\d+)?)+$", "", stem, flags=re.IGNORECASE)


def choose(entries: Sequence[Entry], task: Task) -> tuple[list[Entry], str]:
    """The submission among `entries`, each time that it was handed in; or none, and the reason in words."""
    sources = [entry for entry in entries if task.is_source(entry.called)]
    expected = [entry for entry in sources if task.is_expected(entry.called)]
    found = expected or sources
    if not found:
        return [], _none(entries, task)
    versions = sorted(found, key=lambda entry: entry.version)
    again = (
        expected
        and len({entry.called for entry in found}) == 1
        and len({entry.version for entry in found}) == len(found)
    )
    if len(found) > 1 and not again:
        names = _listed([_within(entry, found) for entry in found])
        if expected:
            return [], f"more than one file may be the submission: {names}. Leave only one"
        name = f"{task.stems[0]}{task.suffixes[0]}"
        return [], f"more than one file may be the submission: {names}. Keep one, or call it {name}"
    return versions, ""


def _none(entries: Sequence[Entry], task: Task) -> str:
    wanted = " or ".join(task.suffixes)
    others = [entry.called for entry in entries if not entry.fault]
    if any(map(is_foreign, others)):
        return f"{_listed([*filter(is_foreign, others)])}: such archives are not read; what is wanted is the file itself, or a .zip"
    return f"no {wanted} file was handed in; there is {_listed(others)}" if others else "nothing was handed in"


def _within(entry: Entry, entries: Sequence[Entry]) -> str:
    """A file's name, with the folders that tell it from the others."""
    if len({other.called for other in entries}) == len(entries):
        return entry.called
    return "/".join(entry.parts)


def _listed(names: list[str]) -> str:
    more = len(names) - _MOST_LISTED
    return ", ".join(shown(name)[:200] for name in names[:_MOST_LISTED]) + (f" and {more} more" if more > 0 else "")
