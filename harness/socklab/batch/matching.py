"""Whose hand-in it is: what files and folders call a student, held against the roster.

An id or address counts before a name, a name as it is before one without its spaces. What fits two students fits none:
`Unsure` says so, and nobody's work is filed under another's name.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping

from .people import Student, normalised, shown

_MOST_WORDS = 10
"""Of a file's name, in which a student is looked for."""


class Unsure(Exception):
    """More than one student of the roster is meant, or may be. `among`: the ids of those who share a name."""

    def __init__(self, why: str, among: Iterable[str] = ()) -> None:
        super().__init__(why)
        self.among = frozenset(among)


class Register:
    """A roster that can be asked by any name. Without a roster it knows nobody."""

    def __init__(self, roster: Mapping[str, Student] | None) -> None:
        students = [*(roster or {}).values()]
        self._ids = _index((each, (each.id, *each.also, each.email)) for each in students)
        self._names = _index((each, (each.name,)) for each in students)
        self._squashed = _index((each, _orders(each.name)) for each in students)
        self._logins = _index((each, (each.email.partition("@")[0],)) for each in students)
        self._groups = _index((each, (each.group, squashed(each.group))) for each in students)

    def find(self, who: Student) -> Student | None:
        """The student of the roster who is called so; None if there is none.

        Raises Unsure if it may be more than one.
        """
        by_id = _only(self._ids, (who.id, who.email), who)
        by_name = None
        try:
            by_name = _only(self._names, (who.name,), who) or _only(self._squashed, _orders(who.name), who)
        except Unsure:
            if by_id is None:
                raise
        if by_id and by_name and by_id.id != by_name.id:
            raise Unsure(
                f"its number or address ({shown(who.id)}) is {by_id.name}'s on the roster, its name is that of {by_name.id}"
            )
        return by_id or by_name or _only(self._logins, (who.id, who.name), who)

    def find_within(self, text: str) -> Student | None:
        """The student whose id, login or name is the beginning of a file's name, its end, or one of its words.

        Raises Unsure if it may be more than one.
        """
        return self._in_words([word for word in re.split(r"[\s_\-.+()\[\]]+", text) if word][:_MOST_WORDS])

    def _in_words(self, words: list[str]) -> Student | None:
        """The longest run of words counts; what is left over must not mean another one, and tells those of one name apart."""
        for length in range(len(words), 0, -1):
            for start in range(len(words) - length + 1):
                rests = words[:start], words[start + length :]
                try:
                    student = self._called(words[start : start + length])
                except Unsure as unsure:
                    found = [each for rest in rests if (each := self._in_words(rest))]
                    if len(found) == 1 and found[0].id in unsure.among:
                        return found[0]
                    raise
                if student:
                    for rest in rests:
                        other = self._in_words(rest)
                        if other and other.id != student.id:
                            raise Unsure(f"its name may mean {_listed([student, other])} of the roster")
                    return student
        return None

    def is_called(self, student: Student, word: str) -> bool:
        """Whether `word` is an id or address of that student on the roster."""
        return student.id in self._ids.get(normalised(word), {})

    def group(self, name: str) -> tuple[Student, ...]:
        """The members of the group of that name."""
        key = normalised(name)
        found = self._groups.get(key, {}) | self._groups.get(squashed(key), {}) if key else {}
        return tuple(found.values())

    def _called(self, words: list[str]) -> Student | None:
        joined = (joint.join(words) for joint in (" ", "_", "-", "."))
        return next((student for word in joined if (student := self.find(Student(word, word)))), None)


def squashed(text: str) -> str:
    """Letters and digits only, as Canvas writes names in those of files."""
    return re.sub(r"[^\w]|_", "", normalised(text))


def _orders(name: str) -> tuple[str, ...]:
    """A name as it is, and with the last word first: Canvas puts the surname there. Without accents as well."""
    words = name.replace(",", " ").split()
    orders = [squashed(name), squashed("".join(words[-1:] + words[:-1])), squashed("".join(words[1:] + words[:1]))]
    plain = ["".join(c for c in unicodedata.normalize("NFD", each) if not unicodedata.combining(c)) for each in orders]
    return tuple(dict.fromkeys([*orders, *plain]))


def _index(entries: Iterable[tuple[Student, Iterable[str]]]) -> dict[str, dict[str, Student]]:
    found: dict[str, dict[str, Student]] = {}
    for student, words in entries:
        for word in words:
            if key := normalised(word):
                found.setdefault(key, {})[student.id] = student
    return found


def _only(index: dict[str, dict[str, Student]], words: Iterable[str], who: Student) -> Student | None:
    found = {}
    for word in words:
        found |= index.get(normalised(word), {})
    if len(found) > 1:
        raise Unsure(f"{shown(who.name or who.id)} may be {_listed(found.values())} of the roster", found)
    return next(iter(found.values()), None)


def _listed(students: Iterable[Student]) -> str:
    return " or ".join(f"{each.name} ({each.id})" for each in students)
