"""The learner's folder: the files that the command line uses too, read and written as an editor would.

Strategy: what is on disk is the truth. Whoever writes says which version the text began from, and nothing is written over any
other one. A version is the hash of the bytes; a browser's text has neither a byte order mark nor carriage returns, and what
the file has of them stays as it is.
"""

import contextlib
import hashlib
import os
import stat
import threading
import time
from typing import NamedTuple

from .. import catalog, submission
from ..errors import SubmissionError, UsageError
from ..i18n import tr
from ..languages import all_languages
from ..output import replacing
from .refusals import Refused

_TICK = 100_000_000
"""Nanoseconds in which a file may change twice and look the same: the kernel's clock for files goes in steps."""

_MARK = b"\xef\xbb\xbf"


class Entry(NamedTuple):
    """A file that a learner may have: an exercise in one language."""

    exercise: catalog.Exercise
    language: str
    name: str

    @property
    def starter(self) -> str:
        """What it begins with."""
        content = self.exercise.starter(os.path.splitext(self.name)[1]) or b""
        return as_text(self.name, content)


class Stored(NamedTuple):
    """A file as it is on disk. `version`: "" if there is none; then `text` is the starter."""

    text: str
    version: str


def entries(exercises: list[catalog.Exercise]) -> dict[tuple[str, str], Entry]:
    """By slug and language, each file that there may be."""
    return {
        (each.slug, language.name): Entry(each, language.name, each.function + language.suffixes[0])
        for each in exercises
        for language in all_languages()
        if language.name in each.languages()
    }


class Folder:
    """Where a learner's files are."""

    def __init__(self, path: str) -> None:
        self.path = path
        self._writing = threading.Lock()
        self._looked: dict[str, tuple[tuple[int, int, int], str]] = {}

    def where(self, entry: Entry) -> str:
        """The path of a file."""
        return os.path.join(self.path, entry.name)

    def look(self, entry: Entry) -> Stored:
        """What is there. Raises Refused if it cannot be read as text."""
        content = self.content(entry)
        if content is None:
            return Stored(entry.starter, "")
        return Stored(as_text(entry.name, content), version_of(content))

    def content(self, entry: Entry) -> bytes | None:
        """The bytes on disk; None if there is no file. Raises Refused if they cannot be read."""
        path = self.where(entry)
        if not os.path.exists(path):
            return None
        try:
            return submission.contents(path)
        except (UsageError, SubmissionError) as error:
            raise Refused(409, tr(str(error))) from error

    def version(self, entry: Entry) -> str:
        """Its version, "" if there is no file that can be read; read only if it looks different from the last time."""
        try:
            state = os.stat(self.where(entry))
            sign = state.st_mtime_ns, state.st_size, state.st_ino
            looked = self._looked.get(entry.name)
            if looked and looked[0] == sign:
                return looked[1]
            version = version_of(self.content(entry) or b"")
            if time.time_ns() - state.st_mtime_ns > _TICK:
                self._looked[entry.name] = sign, version
            return version
        except (OSError, Refused):
            return ""

    def save(self, entry: Entry, text: str, base: str) -> tuple[bytes, str]:
        """Write `text`, which began from the version `base`; the bytes and their version.

        Raises Refused, with what is there, if the file is another one by now; and if it cannot be written.
        """
        with self._writing:
            there = self.content(entry)
            content = _as_bytes(text, there or b"")
            version = version_of(content)
            if content == there:
                return content, version
            now = version_of(there) if there is not None else ""
            for each in (there or b"", content):  # what could not be read again is neither written nor written over
                as_text(entry.name, each)
            if base != now:
                raise _changed(entry, there, now)
            try:
                submission.refuse_too_large(entry.name, len(content))
            except SubmissionError as error:
                raise Refused(413, tr(str(error))) from error
            try:
                self._write(self.where(entry), content)
            except UsageError as error:
                raise Refused(409, tr(str(error))) from error
            if there is None:
                self._lay_header(entry)
            return content, version

    def _write(self, path: str, content: bytes) -> None:
        """Raises UsageError if it cannot be written, SetupError if the disk is full."""
        before = os.stat(path) if os.path.exists(path) else None
        if before and not os.access(path, os.W_OK):
            raise UsageError(f"{path}: it may not be written. Try: chmod u+w {path}")
        with replacing(path) as temporary, open(temporary, "wb") as file:
            file.write(content)
            if before:
                with contextlib.suppress(PermissionError):  # somebody else's file stays theirs if we may give it away
                    os.fchown(file.fileno(), before.st_uid, before.st_gid)
                os.fchmod(file.fileno(), stat.S_IMODE(before.st_mode))

    def _lay_header(self, entry: Entry) -> None:
        """Put the C header beside a file that includes it; the editors and compilers of the learner look for it there."""
        header = entry.exercise.header() if entry.language == "c" else None
        if header:
            with contextlib.suppress(OSError), open(os.path.join(self.path, header[0]), "xb") as file:
                file.write(header[1])


def version_of(content: bytes) -> str:
    """What tells one content from another."""
    return hashlib.sha256(content).hexdigest()


def as_text(name: str, content: bytes) -> str:
    """The bytes of a file as a browser has them. Raises Refused if they are no text in UTF-8."""
    try:
        submission.refuse_unreadable(name, content)
    except SubmissionError as error:
        untouched = tr("It cannot be edited here and was left as it is.")
        raise Refused(409, f"{tr(str(error))} {untouched}") from error
    return content.decode("utf-8-sig").replace("\r\n", "\n").replace("\r", "\n")


def _as_bytes(text: str, before: bytes) -> bytes:
    """A browser's text as bytes, with the byte order mark and the ends of lines that the file had before."""
    content = text.replace("\r\n", "\n").replace("\r", "\n").encode()
    if before.count(b"\r\n") * 2 > before.count(b"\n"):
        content = content.replace(b"\n", b"\r\n")
    return (_MARK if before.startswith(_MARK) else b"") + content


def _changed(entry: Entry, there: bytes | None, now: str) -> Refused:
    text = entry.starter if there is None else as_text(entry.name, there)
    if there is None:
        sentence = tr("{file} is no longer in the folder. Keep yours, and it is written anew.", file=entry.name)
    else:
        sentence = tr(
            "{file} was changed elsewhere since you began to edit it. Keep yours or take the other one.",
            file=entry.name,
        )
    return Refused(409, sentence, version=now, text=text)
