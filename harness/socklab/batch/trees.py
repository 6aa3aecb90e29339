"""What lies in a source, as a list of files with the names that lead to them; archives in it are looked into, once.

Folders are walked without following a link. From archives only what may matter is unpacked, each file under a number of our own
in one temporary folder that others cannot enter, so no name in an archive decides where anything is written. Contents pass
through in small pieces. It does not know what a name means: that is for `layouts`.
"""

from __future__ import annotations

import contextlib
import errno
import os
import re
import shutil
import stat
import tempfile
from collections.abc import Callable, Iterator
from typing import IO, NamedTuple

from ..errors import SetupError
from . import archives
from .people import shown

CLASS = archives.Limits(members=200_000, ratio=200, free=100_000_000)
NESTED = archives.Limits(members=2_000, ratio=100, free=20_000_000)
KEPT, KEPT_NESTED = 4_000_000_000, 20_000_000
"""Bytes that are unpacked of a source, and of an archive that somebody handed in."""

LARGEST_NESTED = 20_000_000
MOST_FILES = 500_000

_JUNK = {"__macosx", "thumbs.db", "desktop.ini", "__pycache__", "node_modules"}


class Entry(NamedTuple):
    """A file in a source: the names that lead to it, and where it can be read ("" where it was not unpacked).

    `fault`: why it cannot be graded. Layouts may set `name`, what it was called when handed in, `version`, how often it had been
    handed in before, and `late`.
    """

    parts: tuple[str, ...]
    path: str
    size: int
    fault: str = ""
    name: str = ""
    version: int = 0
    late: bool = False

    @property
    def called(self) -> str:
        """Its name when it was handed in."""
        return self.name or self.parts[-1]


class Tree(NamedTuple):
    """A source. `clones`: the folders in it that are clones of a repository; `notes`: what is wrong with it as a whole."""

    name: str
    entries: tuple[Entry, ...]
    clones: frozenset[tuple[str, ...]]
    notes: tuple[str, ...]


class Room:
    """The temporary folder; made when first needed, readable by nobody else."""

    def __init__(self) -> None:
        self._folder = ""
        self._count = 0

    def new(self, suffix: str) -> str:
        """A path for the next file."""
        self._folder = self._folder or tempfile.mkdtemp(prefix="socklab-intake-")
        self._count += 1
        return os.path.join(self._folder, f"{self._count:06}{suffix}")

    def close(self) -> None:
        """Delete all that is in it. May be called twice."""
        if self._folder:
            shutil.rmtree(self._folder, ignore_errors=True)
        self._folder = ""


class Reader:
    """Reads sources. `wanted(name)`: how many bytes a file of that name may have to be unpacked; 0: it is not."""

    def __init__(self, room: Room, wanted: Callable[[str], int]) -> None:
        self._room = room
        self._wanted = wanted
        self._clones: set[tuple[str, ...]] = set()
        self._notes: list[str] = []
        self._kept = 0

    def read(self, source: str) -> Tree:
        """All of `source`, a folder, an archive or a file; in an order that depends on the names alone.

        Raises SetupError if there is no room to unpack.
        """
        self._clones, self._notes, self._kept = set(), [], 0
        name = os.path.basename(os.path.abspath(source))
        around = name
        if os.path.isdir(source):
            found = self._folder(source)
        elif archives.is_archive(name):
            found = self._archive(source, name, (), CLASS, KEPT, nested=False)
        else:
            found = iter([_entry(os.path.realpath(source), (name,))])
            around = os.path.basename(os.path.dirname(os.path.abspath(source)))
        entries = tuple(sorted(found, key=lambda entry: entry.parts))
        return Tree(around, entries, frozenset(self._clones), tuple(self._notes))

    # -- folders -----------------------------------------------------------------------------------------------------

    def _folder(self, top: str) -> Iterator[Entry]:
        left: list[tuple[str, ...]] = [()]
        count = 0
        while left:
            parts = left.pop()
            try:
                with os.scandir(os.path.join(top, *parts)) as listing:
                    names = sorted((each.name, each.is_dir(follow_symlinks=False)) for each in listing)
            except OSError as error:
                yield from self._note(parts, f"the folder cannot be read ({error.strerror})")
                continue
            if len(parts) == 1 and not any(name == ".git" or not self._is_junk((*parts, name)) for name, _ in names):
                yield Entry(parts, "", 0, "the folder is empty")
            for name, is_folder in names:
                count += 1
                if count > MOST_FILES:
                    yield from self._note((), f"it has more than {MOST_FILES:,} files; the rest was not looked at")
                    return
                yield from self._one(top, (*parts, name), is_folder, left)

    def _one(self, top: str, parts: tuple[str, ...], is_folder: bool, left: list[tuple[str, ...]]) -> Iterator[Entry]:
        if self._is_junk(parts):
            return
        if is_folder:
            left.append(parts)
            return
        entry = _entry(os.path.join(top, *parts), parts)
        if archives.is_archive(parts[-1]) and not entry.fault:
            yield from self._archive(entry.path, parts[-1], parts, NESTED, KEPT_NESTED, nested=True)
        else:
            yield entry

    def _note(self, parts: tuple[str, ...], reason: str) -> Iterator[Entry]:
        """Something is wrong with a folder or archive as a whole: the source itself, or one that somebody handed in."""
        if parts:
            yield Entry(parts, "", 0, reason)
        else:
            self._notes.append(reason)

    def _is_junk(self, parts: tuple[str, ...]) -> bool:
        """Hidden files, and what operating systems and tools leave behind; a hidden folder of git makes a clone of its own."""
        if parts[-1] == ".git":
            self._clones.add(parts[:-1])
        return parts[-1].startswith(".") or parts[-1].lower() in _JUNK

    # -- archives ----------------------------------------------------------------------------------------------------

    def _archive(
        self, path: str, name: str, above: tuple[str, ...], limits: archives.Limits, most: int, *, nested: bool
    ) -> Iterator[Entry]:
        is_empty = True
        try:
            for entry in self._members(archives.members(path, name, limits), above, most, nested):
                is_empty = False
                yield entry
        except archives.Damaged as error:
            is_empty = False
            yield from self._note(above, f"the archive was not read to its end: {shown(str(error))}")
        if above and is_empty:
            yield from self._note(above, "nothing is in the archive")

    def _members(
        self, members: Iterator[archives.Member], above: tuple[str, ...], most: int, nested: bool
    ) -> Iterator[Entry]:
        kept = 0
        for member in members:
            inside, fault = _path_in_archive(member.name)
            parts = (*above, *inside)
            if not inside or any(self._is_junk(parts[:n]) for n in range(len(above) + 1, len(parts) + 1)):
                continue
            if fault:
                yield from self._note(above, fault)
            elif member.fault:
                yield Entry(parts, "", member.size, member.fault)
            elif archives.is_archive(parts[-1]):
                yield from self._archive_within(member, parts, nested)
            else:
                entry = self._unpack(member, parts, self._wanted(parts[-1]))
                kept += entry.size if entry.path else 0
                if kept > most:
                    raise archives.Damaged(f"more than {most:,} bytes of it would have to be unpacked")
                yield entry

    def _archive_within(self, member: archives.Member, parts: tuple[str, ...], nested: bool) -> Iterator[Entry]:
        if nested:
            yield Entry(parts, "", member.size, "it is an archive in an archive; only the outer one is looked into")
            return
        entry = self._unpack(member, parts, LARGEST_NESTED)
        if entry.fault:
            yield entry
            return
        yield from self._archive(entry.path, parts[-1], parts, NESTED, KEPT_NESTED, nested=True)
        os.unlink(entry.path)

    def _unpack(self, member: archives.Member, parts: tuple[str, ...], most: int) -> Entry:
        if not most:
            return Entry(parts, "", member.size)
        if member.size > most:
            return Entry(parts, "", member.size, f"{member.size:,} bytes are too many; at most {most:,} are read")
        path = self._room.new(_suffix(parts[-1]))
        with self._writing(path) as target:
            fault = _copy(member, target)
        if fault:
            os.unlink(path)
        return Entry(parts, "" if fault else path, member.size, fault)

    @contextlib.contextmanager
    def _writing(self, path: str) -> Iterator[IO[bytes]]:
        try:
            with open(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600), "wb") as target:
                yield target
        except OSError as error:
            advice = "Make room there, or set TMPDIR to a folder with more." if error.errno == errno.ENOSPC else ""
            raise SetupError(
                f"{os.path.dirname(path)}: nothing can be unpacked there ({error.strerror}). {advice}"
            ) from error


def _copy(member: archives.Member, target: IO[bytes]) -> str:
    """Write what is in `member`; why it could not be read to its end, "" if it could."""
    left = member.size
    source = None
    while True:
        try:
            source = source or member.open()
            data = source.read(min(65_536, left + 1))
        except archives.READING as error:
            return f"it is damaged ({shown(str(error)) or type(error).__name__})"
        left -= len(data)
        if left < 0:
            return "it is longer than the archive says"
        if not data:
            return "it ends too early" if left else ""
        target.write(data)


def _path_in_archive(name: str) -> tuple[tuple[str, ...], str]:
    """The names that lead to a member, and what is wrong with them. Windows writes some archives with backslashes."""
    parts = tuple(part for part in re.split(r"[/\\]", name) if part not in ("", "."))
    if name[:1] in ("/", "\\") or ".." in parts or re.match(r"[A-Za-z]:[/\\]", name):
        return tuple(part for part in parts if part != ".."), f"its name leads out of the archive ({shown(name)[:300]})"
    return parts, ""


def _suffix(name: str) -> str:
    suffix = os.path.splitext(name)[1].lower()
    return suffix if re.fullmatch(r"\.[a-z0-9]{1,5}", suffix) else ""


def _entry(path: str, parts: tuple[str, ...]) -> Entry:
    """A file of a folder, looked at without opening it: a pipe would wait, a device may act."""
    try:
        kind = os.lstat(path)
    except (OSError, ValueError) as error:
        return Entry(parts, "", 0, f"it cannot be looked at ({getattr(error, 'strerror', None) or error})")
    if stat.S_ISLNK(kind.st_mode):
        return Entry(parts, "", 0, archives.LINK)
    if not stat.S_ISREG(kind.st_mode):
        return Entry(parts, "", 0, "it is no ordinary file")
    if not os.access(path, os.R_OK):
        return Entry(parts, "", kind.st_size, "it may not be read; its permissions forbid it")
    return Entry(parts, os.path.abspath(path), kind.st_size)
