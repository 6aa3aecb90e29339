"""From trees to hand-ins: whose each bundle is, which of its files is the submission, and in words what is wrong with the rest."""

from __future__ import annotations

import os
from collections.abc import Sequence
from typing import NamedTuple

from .. import submission
from . import archives, layouts
from .choosing import Task, choose
from .layouts import Bundle
from .matching import Register, Unsure
from .people import Student, normalised, shown
from .trees import Entry, Tree

_MOST_FAULTS = 5
"""Reasons that are listed of one hand-in, or of a source as a whole."""


class HandIn(NamedTuple):
    """One attempt of one student, ready to be graded.

    `file`: its name as handed in. `origin`: where it lies, for people. `path`: where it can be read until `Intake.close()`.
    `attempt`: 1 for the first. `submitted`: ISO 8601 in UTC, or "". `group`: all whom it counts for, if more than `student`.
    """

    student: Student
    file: str
    origin: str
    path: str
    attempt: int = 1
    late: bool = False
    submitted: str = ""
    group: tuple[Student, ...] = ()


class Trouble(NamedTuple):
    """Something that could not be taken for a hand-in, and why. `student`: None where nobody can tell whose it is."""

    origin: str
    student: Student | None
    reason: str


class _Owned(NamedTuple):
    """A bundle, and whose it is."""

    bundle: Bundle
    student: Student
    group: tuple[Student, ...] = ()


class Sorting:
    """From trees to hand-ins and troubles."""

    def __init__(self, task: Task, register: Register) -> None:
        self.troubles: list[Trouble] = []
        self._task = task
        self._register = register
        self._attempts: dict[str, list[tuple[HandIn, int]]] = {}

    def add(self, source: str, tree: Tree) -> None:
        """All of one source."""
        for note in (*tree.notes[:_MOST_FAULTS], *_and_more(len(tree.notes))):
            self._trouble(source, (), None, note)
        if not tree.entries and not tree.notes and not tree.clones:
            self._trouble(source, (), None, "nothing is in it")
        for owned in self._with_students(source, layouts.best(tree, self._task).bundles(tree, self._task)):
            self._take(source, owned)

    def handed_in(self) -> list[HandIn]:
        """By name and id, each student's attempts numbered, the newest last."""
        found: list[HandIn] = []
        for attempts in self._attempts.values():
            dated = all(each.submitted for each, _ in attempts)
            number = 0
            for each, version in sorted(attempts, key=lambda pair: pair[0].submitted if dated else ""):
                number = max(number, version) + 1
                found.append(each._replace(attempt=number))
        self.troubles.sort(key=lambda trouble: (trouble.origin, trouble.reason))
        return sorted(found, key=lambda each: (normalised(each.student.name), each.student.id, each.attempt))

    # -- whose it is -------------------------------------------------------------------------------------------------

    def _with_students(self, source: str, bundles: list[Bundle]) -> list[_Owned]:
        """Each bundle with its student. Those that turn out to be one student's, and tell no times, are one."""
        owned: list[_Owned] = []
        for bundle in bundles:
            try:
                owner = self._identify(bundle)
            except Unsure as error:
                self._trouble(source, _common(bundle.entries), None, f"whose it is cannot be told: {error}")
                continue
            if owner:
                owned.append(owner)
            else:
                reason = bundle.why_not or _first_fault(bundle) or "it is no source file and its name is no student's"
                self._trouble(source, _common(bundle.entries), None, reason)
        return _merged([each for each in owned if not self._is_doubtful(source, each, owned)])

    def _identify(self, bundle: Bundle) -> _Owned | None:
        """Whose it is, if anybody's. Raises Unsure if that may be several."""
        who = bundle.who
        if who is None:
            return None
        if bundle.group:
            members = tuple(self._register.find(each) or _clean(each) for each in bundle.group)
            return _Owned(bundle, members[0], members)
        if members := self._register.group(who.name):
            return _Owned(bundle, _clean(who._replace(group=who.name)), members)
        student = self._register.find(who)
        if student is None and bundle.loose:
            student = self._register.find_within(who.name)
        if student is None and bundle.stray:
            return None
        return _Owned(bundle, student or _clean(who))

    def _is_doubtful(self, source: str, one: _Owned, all_of_them: list[_Owned]) -> bool:
        """Whether the LMS knows two people by the name of one on the roster, and its number does not say who this is."""
        who = one.bundle.who
        if who is None or one.bundle.loose or one.group or self._register.is_called(one.student, who.id):
            return False
        others = {each.bundle.who.id for each in all_of_them if each.student.id == one.student.id and each.bundle.who}
        if doubtful := len(others) > 1 and one.student.id != shown(who.id):
            reason = (
                f"whose it is cannot be told: {' and '.join(sorted(map(shown, others)))} are called {shown(who.name)}"
            )
            self._trouble(source, _common(one.bundle.entries), None, f"{reason}, and the roster has one of that name")
        return doubtful

    # -- what it is --------------------------------------------------------------------------------------------------

    def _take(self, source: str, owned: _Owned) -> None:
        bundle, student = owned.bundle, owned.student
        chosen, why_not = ([], bundle.why_not) if bundle.why_not else choose(bundle.entries, self._task)
        faulty = [entry for entry in bundle.entries if entry.fault and entry not in chosen]
        for entry in faulty[:_MOST_FAULTS]:
            self._trouble(source, entry.parts, student, entry.fault)
        for more in _and_more(len(faulty)):
            self._trouble(source, _common(bundle.entries), student, more)
        if why_not and len(faulty) < max(1, len(bundle.entries)):  # else the faults have said it
            self._trouble(source, _common(bundle.entries), student, why_not)
        for entry in chosen:
            if reason := entry.fault or _unreadable(entry):
                self._trouble(source, entry.parts, student, reason)
                continue
            origin = _origin(source, entry.parts)
            hand_in = HandIn(
                student, shown(entry.called), origin, entry.path, 1, entry.late, bundle.submitted, owned.group
            )
            self._attempts.setdefault(student.id, []).append((hand_in, entry.version))

    def _trouble(self, source: str, parts: tuple[str, ...], student: Student | None, reason: str) -> None:
        self.troubles.append(Trouble(_origin(source, parts), student, reason))


def _merged(owned: list[_Owned]) -> list[_Owned]:
    found: dict[tuple[str, str, str], _Owned] = {}
    for each in owned:
        key = (each.student.id, each.bundle.submitted, each.bundle.why_not)
        if known := found.get(key):
            each = known._replace(bundle=known.bundle._replace(entries=known.bundle.entries + each.bundle.entries))
        found[key] = each
    return list(found.values())


def _unreadable(entry: Entry) -> str:
    """What `submission.read` would refuse without having to read it."""
    if entry.size > submission.LARGEST:
        return f"{entry.size:,} bytes are too many; a submission has at most {submission.LARGEST:,}"
    return "" if entry.size else "the file is empty"


def _clean(who: Student) -> Student:
    return Student(
        shown(who.id).strip(), shown(who.name).strip() or shown(who.id), shown(who.email), who.also, shown(who.group)
    )


def _and_more(count: int) -> list[str]:
    return [f"and {count - _MOST_FAULTS} more of this kind"] if count > _MOST_FAULTS else []


def _first_fault(bundle: Bundle) -> str:
    return next((entry.fault for entry in bundle.entries if entry.fault), "")


def _common(entries: Sequence[Entry]) -> tuple[str, ...]:
    """The path that leads to all of `entries`."""
    if not entries:
        return ()
    shared = min((entry.parts for entry in entries), key=len)
    while any(entry.parts[: len(shared)] != shared for entry in entries):
        shared = shared[:-1]
    return shared


def _origin(source: str, parts: tuple[str, ...]) -> str:
    """Where something lies, for people: what is in an archive stands behind a colon."""
    if not os.path.isdir(source) and not archives.is_archive(source):
        return shown(source)
    text = shown(source.rstrip("/") or "/")
    inside = archives.is_archive(source) and not os.path.isdir(source)
    for part in parts:
        text += (": " if inside else "/") + shown(part)
        inside = archives.is_archive(part)
    return text
