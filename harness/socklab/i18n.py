"""The language in which people are spoken to: English, or any other that has catalogues.

English is what every part of socklab thinks and reports in; only what is about to be shown goes through `tr`. So whoever
judges knows nothing of languages, and a sentence that was put together long before can still be translated: a message of a
catalogue may have {placeholders}, and is also found by what stands around them. What no catalogue knows stays English.

Catalogues are gettext's: `locale/ko.po` beside this module for the harness, and in an exercise's folder for its own texts.
In English nothing is loaded and nothing looked up: a grade must not wait for translations that nobody reads.
"""

from __future__ import annotations

import os

from .errors import UsageError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

ENGLISH = "en"

NUMBERS = ("number", "count", "total", "line", "port", "seconds")
"""Placeholders of these names stand for digits only, so that a message does not take a sentence for another one."""

KNOWN = ("deed", "deeds")
"""Placeholders of these names stand only for what is known itself; for messages with little around their placeholders."""

_HERE = os.path.join(os.path.dirname(os.path.abspath(__file__)), "locale")
_DEEPEST = 4
"""How often a part of a sentence may be a sentence with parts: what a submission prints has no say in how long this takes."""

_MOST_LINES = 20

_folders = [_HERE]
_catalogue: Catalogue | None = None


# -- which language --------------------------------------------------------------------------------------------------


def languages() -> list[str]:
    """Those that there are."""
    return [ENGLISH, *sorted(name[:-3] for name in os.listdir(_HERE) if name.endswith(".po"))]


def choose(name: str | None) -> None:
    """Speak `name` from now on; None: what the environment asks for, or English.

    Raises UsageError if there is no such language.
    """
    global _catalogue
    wanted = _of_environment() if name is None else _known(name)
    if wanted is None:
        raise UsageError(f"--lang {name}: there is no such language; there is: {', '.join(languages())}.")
    _catalogue = None if wanted == ENGLISH else Catalogue(wanted)


def _known(name: str) -> str | None:
    """The language that `name`, perhaps a locale such as ko_KR.UTF-8, asks for; None if there is none."""
    code = name.replace("-", "_").partition(".")[0].partition("@")[0].partition("_")[0].lower()
    there = code == ENGLISH or (code.isalpha() and os.path.isfile(os.path.join(_HERE, f"{code}.po")))
    return code if there else None


def _of_environment() -> str:
    """As gettext(3) reads it: LANGUAGE is a list of wishes, which does not count in the locale C."""
    get = os.environ.get
    locale = get("LC_ALL") or get("LC_MESSAGES") or get("LANG") or ""
    if locale in ("C", "POSIX"):
        return ENGLISH
    wishes = (get("LANGUAGE") or locale).split(":")
    return next((code for wish in wishes if wish and (code := _known(wish))), ENGLISH)


def language() -> str:
    """The one that is spoken."""
    return _catalogue.language if _catalogue else ENGLISH


def look_into(folder: str) -> None:
    """Use the catalogues in `folder` as well, once something is to be translated."""
    if folder not in _folders:
        _folders.append(folder)


# -- texts -----------------------------------------------------------------------------------------------------------


def tr(text: str, **values: object) -> str:
    """`text` as people shall read it, with `values` in the places of its {placeholders}.

    Without values it may be any sentence that was put together elsewhere; it is not taken for a template then.
    """
    if _catalogue is None:
        return text.format(**values) if values else text
    return _catalogue.template(text).format(**values) if values else _catalogue.translated(text)


def trn(one: str, many: str, number: int, **values: object) -> str:
    """Of a number of things: `one` or `many`, which have a {number}."""
    if _catalogue is None:
        return (one if number == 1 else many).format(number=number, **values)
    return _catalogue.counted(one, many, number).format(number=number, **values)


class _Pattern:
    """A message with placeholders: its literal parts, one more than there are names between them."""

    __slots__ = ("literals", "names", "translation")

    def __init__(self, literals: list[str], names: list[str], translation: str) -> None:
        self.literals = literals
        self.names = names
        self.translation = translation

    def rank(self) -> tuple[bool, int]:
        """Which to try first: those that cannot be wrong, then those with most words of their own."""
        return KNOWN[0] not in self.names, -sum(map(len, self.literals))

    def parts_of(self, text: str) -> dict[str, str] | None:
        """What stands in the places of the names, each as short as can be; None if this is no such text.

        By hand and not by a regular expression: whatever a submission prints, this takes no longer than reading it.
        """
        first, *between, last = self.literals
        at, end = len(first), len(text) - len(last)
        if at >= end or not text.startswith(first) or not text.endswith(last):
            return None
        found: dict[str, str] = {}
        for name, literal in zip(self.names, [*between, None], strict=True):
            stop = end if literal is None else text.find(literal, at + 1, end)
            if stop <= at or (name in NUMBERS and not _is_number(text[at:stop])):
                return None
            found[name] = text[at:stop]
            at = stop + len(literal or "")
        return found


def _is_number(text: str) -> bool:
    return text.strip("0123456789.,- ") == "" and text != ""


class Catalogue:
    """All that is known of one language. `watch` is told of each text that was asked for in vain, and of each part of one."""

    def __init__(self, language: str) -> None:
        self.language = language
        self.watch: Callable[[str, str], None] = lambda kind, text: None
        self._exact: dict[str, str] = {}
        self._plurals: dict[str, dict[int, str]] = {}
        self._plural: Callable[[int], int] = lambda number: 0
        self._patterns: list[_Pattern] = []
        self._read = 0
        self._unknown: list[str] = []

    def _complete(self) -> None:
        """Read what has not been read yet."""
        if self._read == len(_folders):
            return
        import polib  # slow, and nobody who speaks English needs it

        for folder in _folders[self._read :]:
            path = os.path.join(folder, f"{self.language}.po")
            if os.path.isfile(path):
                self._add(polib.pofile(path))
        self._read = len(_folders)
        self._patterns.sort(key=_Pattern.rank)

    def _add(self, catalogue: object) -> None:
        from gettext import c2py

        forms = catalogue.metadata.get("Plural-Forms", "nplurals=1; plural=0;")  # type: ignore[attr-defined]
        self._plural = c2py(forms.partition("plural=")[2].partition(";")[0])  # type: ignore[attr-defined]
        for entry in catalogue:  # type: ignore[attr-defined]
            if entry.obsolete or entry.fuzzy:
                continue
            if entry.msgid_plural:
                self._plurals[entry.msgid] = entry.msgstr_plural
                for message in (entry.msgid, entry.msgid_plural):
                    self._learn(message, entry.msgstr_plural[max(entry.msgstr_plural)])
            elif entry.msgstr:
                self._learn(entry.msgid, entry.msgstr)

    def _learn(self, message: str, translation: str) -> None:
        self._exact.setdefault(message, translation)
        literals, names = parsed(message)
        if names:
            self._patterns.append(_Pattern(literals, names, translation))

    def template(self, text: str) -> str:
        """The translation of a template, placeholders and all; itself if there is none."""
        self._complete()
        if text not in self._exact:
            self.watch("text", text)
        return self._exact.get(text, text)

    def counted(self, one: str, many: str, number: int) -> str:
        """The template for so many things."""
        self._complete()
        forms = self._plurals.get(one)
        if forms is None:
            self.watch("text", one)
            return one if number == 1 else many
        return forms[self._plural(number)]

    def translated(self, text: str) -> str:
        """A whole text, or itself."""
        self._complete()
        self._unknown.clear()
        found = self.find(text)
        if found is None:
            self.watch("text", text)
        for part in self._unknown:
            self.watch("part", part)
        return text if found is None else found

    def find(self, text: str, depth: int = 0) -> str | None:
        """The translation of a text: as it stands, line by line, by its pattern or sentence by sentence."""
        found = self._exact.get(text)
        if found is not None or depth > _DEEPEST:
            return found
        if "\n" in text:
            return self._by_lines(text.split("\n", _MOST_LINES), depth)
        found = self._by_pattern(text, depth)
        if found is not None:
            return found
        for at in _ends_of_sentences(text):
            first = self._exact.get(text[: at + 1]) or self._by_pattern(text[: at + 1], depth + 1)
            if first is not None:
                rest = text[at + 2 :]
                known = self.find(rest, depth + 1)
                self._unknown += [rest] if known is None else []
                return f"{first} {rest if known is None else known}"
        return None

    def _by_pattern(self, text: str, depth: int) -> str | None:
        for pattern in self._patterns:
            parts = pattern.parts_of(text)
            translated = None if parts is None else self._parts(parts, depth)
            if translated is not None:
                return pattern.translation.format(**translated)
        return None

    def _parts(self, parts: dict[str, str], depth: int) -> dict[str, str] | None:
        """What stands in the places of the names, translated as far as it is known; None if it is not and must be."""
        found: dict[str, str] = {}
        before = len(self._unknown)
        for name, text in parts.items():
            known = None
            if name in KNOWN:
                known = self._exact.get(text) or (self._by_pattern(text, depth + 1) if depth < _DEEPEST else None)
                if known is None:
                    del self._unknown[before:]
                    return None
            elif name not in NUMBERS:
                known = self.find(text, depth + 1)
                self._unknown += [text] if known is None else []
            found[name] = text if known is None else known
        return found

    def _by_lines(self, texts: list[str], depth: int) -> str | None:
        """All lines, those that are known translated; None if not one is."""
        found = [self.find(text, depth + 1) for text in texts]
        if all(each is None for each in found):
            return None
        self._unknown += [text for text, each in zip(texts, found, strict=True) if each is None and text]
        return "\n".join(text if each is None else each for text, each in zip(texts, found, strict=True))


def _ends_of_sentences(text: str) -> Iterator[int]:
    """Where a sentence may end and another one begin; the first few places, whatever is written there."""
    at = -1
    for _ in range(8):
        at = text.find(". ", at + 1)
        if at < 0:
            return
        yield at


def parsed(message: str) -> tuple[list[str], list[str]]:
    """The literal parts of a message, and the names of the placeholders between them."""
    from string import Formatter

    literals, names = [""], []
    for literal, name, _, _ in Formatter().parse(message):
        literals[-1] += literal
        if name is not None:
            names.append(name)
            literals.append("")
    return literals, names


# -- room on a screen ------------------------------------------------------------------------------------------------


def columns(text: str) -> int:
    """How many columns `text` takes in a terminal: a Korean letter takes two."""
    if _catalogue is None:
        return len(text)
    from unicodedata import combining, east_asian_width

    return sum(0 if combining(c) else 2 if east_asian_width(c) in "WF" else 1 for c in text)


def padded(text: str, wanted: int) -> str:
    """`text` with blanks after it, as wide as `wanted`."""
    return text + " " * (wanted - columns(text))


def centred(text: str, wanted: int, fill: str = " ") -> str:
    """`text` in the middle of a row as wide as `wanted`."""
    room = max(0, wanted - columns(text))
    return fill * (room // 2) + text + fill * (room - room // 2)


def cut(text: str, most: int) -> str:
    """The beginning of `text`, at most so wide."""
    if _catalogue is None:
        return text[:most]
    while columns(text) > most:
        text = text[: max(most // 2, len(text) - (columns(text) - most + 1) // 2)]
    return text


def rows(text: str, width: int, then: str = "") -> list[str]:
    """`text` in rows of a terminal that are at most so wide; those after the first begin with `then`."""
    if _catalogue is None:
        from textwrap import wrap  # slow, and a report needs none of it

        return wrap(text, width, subsequent_indent=then)
    found: list[str] = []
    for word in text.split():
        if found and columns(found[-1]) + 1 + columns(word) <= width:
            found[-1] += f" {word}"
        else:
            found.append((then if found else "") + word)
    return found
