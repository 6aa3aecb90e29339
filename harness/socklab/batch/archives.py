"""What is in a zip or tar archive, told member by member; whoever made it may mean harm.

Names of members are only names here: nothing is ever written where they say (`trees` chooses its own names). What is told of
each is its size, how to read it, and what is wrong with it: links, devices, encrypted contents, names that lead elsewhere.
An archive that is too much as a whole (members, bytes, ratio), or damaged, ends with `Damaged`.

The formats: APPNOTE.TXT 6.3.10 of PKWARE for zip (4.4.4 flags, 4.6.9 Unicode paths), POSIX.1-2017 pax and tar(5) for tar.
"""

from __future__ import annotations

import os
import stat
import struct
import tarfile
import zipfile
import zlib
from collections.abc import Callable, Iterator
from lzma import LZMAError
from typing import IO, NamedTuple

from .streams import TOO_DENSE, Damaged, Forward, decompressed

__all__ = ["Damaged", "Limits", "Member", "is_archive", "is_foreign", "members"]

ZIP, TAR = (".zip",), (".tar", ".tar.gz", ".tgz", ".tar.bz2", ".tbz2", ".tbz", ".tar.xz", ".txz")
FOREIGN = tuple(".rar .7z .zipx .tar.zst .tar.z .gz .bz2 .xz .zst .lha .arj .cab .alz .egg".split())

_DIRECTORY = 32_000_000
"""Bytes of a zip's central directory, which is read as a whole."""

LINK = "it is a link; only the file itself can be graded"


class Limits(NamedTuple):
    """What an archive may hold: so many files, and when unpacked so often its own size, or `free` bytes if that is more."""

    members: int
    ratio: int
    free: int


class Member(NamedTuple):
    """A file in an archive. `fault`: why it cannot be taken; "" if it can."""

    name: str
    size: int
    fault: str
    open: Callable[[], IO[bytes]]


def is_archive(name: str) -> bool:
    """Whether a file of that name is an archive that can be read."""
    return name.lower().endswith(ZIP + TAR)


def is_foreign(name: str) -> bool:
    """Whether it is an archive, or a compressed file, of a kind that is not read."""
    return not is_archive(name) and name.lower().endswith(FOREIGN)


def members(path: str, name: str, limits: Limits) -> Iterator[Member]:
    """The files in the archive at `path`, whose name (of its own, or in another archive) says its format.

    Each must be read, if at all, before the next one is asked for. Raises Damaged.
    """
    told = _of_zip if name.lower().endswith(ZIP) else _of_tar
    size = os.stat(path).st_size
    try:
        for count, (member, passed) in enumerate(told(path, limits), 1):
            if count > limits.members:
                raise Damaged(f"it has more than {limits.members:,} files")
            if passed > max(limits.free, limits.ratio * size):
                raise Damaged(TOO_DENSE)
            yield member
    except READING as error:
        raise Damaged(f"it is damaged or incomplete ({str(error) or type(error).__name__})") from error


READING = (
    zipfile.BadZipFile, tarfile.TarError, zlib.error, LZMAError, struct.error, EOFError, OSError, ValueError, IndexError,
    KeyError, NotImplementedError, RuntimeError, OverflowError, AttributeError, TypeError, AssertionError,
)  # fmt: skip
"""What Python's modules raise for archives that are no good; the last ones are bugs that only such archives meet."""


# -- zip -------------------------------------------------------------------------------------------------------------


def _of_zip(path: str, limits: Limits) -> Iterator[tuple[Member, int]]:
    _refuse_directory(path)
    passed = 0
    with zipfile.ZipFile(path) as archive:
        for info in archive.infolist():
            name = _zip_name(info)
            passed += info.file_size
            if not name.endswith(("/", "\\")):
                yield Member(name, info.file_size, _zip_fault(info), lambda info=info: archive.open(info)), passed


def _refuse_directory(path: str) -> None:
    """Look at the size of the central directory (4.3.16) before it is read as a whole."""
    with open(path, "rb") as file:
        file.seek(max(0, os.fstat(file.fileno()).st_size - 65_557))
        tail = file.read()
    at = tail.rfind(b"PK\5\6")
    size = int.from_bytes(tail[at + 12 : at + 16], "little") if at >= 0 else 0
    if _DIRECTORY < size < 0xFFFFFFFF:
        raise Damaged("it has too many files")


def _zip_name(info: zipfile.ZipInfo) -> str:
    """A member's name: UTF-8 if flagged so; else in a Unicode extra field; else UTF-8 all the same, as macOS writes it; else CP437."""
    name = info.orig_filename
    if info.flag_bits & 0x800 or name.isascii():
        return name
    raw = name.encode("cp437")
    extra = info.extra
    while len(extra) >= 4:
        kind, size = struct.unpack_from("<HH", extra)
        field, extra = extra[4 : 4 + size], extra[4 + size :]
        if kind == 0x7075 and field[:1] == b"\1" and field[1:5] == struct.pack("<L", zlib.crc32(raw)):
            return field[5:].decode("utf-8", "replace")
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError:
        return name


def _zip_fault(info: zipfile.ZipInfo) -> str:
    kind = stat.S_IFMT(info.external_attr >> 16)
    if info.flag_bits & 0x1:
        return "it is encrypted"
    if kind == stat.S_IFLNK:
        return LINK
    if info.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2):
        return "it is compressed in a way that is not read here"  # LZMA's header may ask for 4 GiB of memory
    return "" if kind in (0, stat.S_IFREG) else "it is no ordinary file"


# -- tar -------------------------------------------------------------------------------------------------------------


def _of_tar(path: str, limits: Limits) -> Iterator[tuple[Member, int]]:
    with open(path, "rb") as file:
        most = max(limits.free, limits.ratio * os.fstat(file.fileno()).st_size)
        is_whole = _verify(Forward(decompressed(file), most))
        file.seek(0)
        stream = Forward(decompressed(file), most)
        archive = tarfile.TarFile(fileobj=stream, errorlevel=2)  # type: ignore[arg-type]
        while info := archive.next():
            archive.members.clear()  # type: ignore[attr-defined]  # else it remembers all of them
            if not info.isdir():
                yield (
                    Member(info.name, info.size, _tar_fault(info), lambda info=info: stream.contents(archive, info)),
                    0,
                )
            stream.expect_headers()
        if not is_whole or not stream.at_end_mark:
            raise Damaged("it ends too early: what would follow is missing")


def _verify(stream: Forward) -> bool:
    """Whether it goes on to its end. Checksums come after what they are of, so all is read once before any of it is believed."""
    try:
        while stream.read_contents(65_536):
            pass
    except EOFError:
        return False
    return True


def _tar_fault(info: tarfile.TarInfo) -> str:
    if info.issym() or info.islnk():
        return LINK
    return "" if info.isreg() and not info.issparse() and info.size >= 0 else "it is no ordinary file"
