"""Streams of archives whose makers may mean harm: what is read of them takes bounded memory, and they only go forward."""

from __future__ import annotations

import bz2
import gzip
import io
import lzma
import re
import tarfile
from typing import IO

HEADERS = 16_384
"""Bytes that the headers of one member may have; a name of 4,096 bytes with its other pax records needs half of that."""


class Damaged(Exception):
    """It cannot be read, or not any further; says why, in words that follow the archive's name."""


TOO_DENSE = "it would be far larger when unpacked than an archive of sources can be"


def decompressed(file: IO[bytes]) -> IO[bytes] | gzip.GzipFile:
    """What is in `file`, compressed by gzip, bzip2, xz or not at all, as its first bytes say."""
    magic = file.read(6)
    file.seek(0)
    if magic.startswith(b"\x1f\x8b"):
        return gzip.GzipFile(fileobj=file)
    if magic.startswith(b"BZh"):
        return bz2.BZ2File(file)
    return io.BufferedReader(_Xz(file)) if magic == b"\xfd7zXZ\0" else file


class _Xz(io.RawIOBase):
    """An xz stream, read with bounded memory: its header may ask for a dictionary of 4 GiB; `xz -9` asks for 65 MiB (xz(1))."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file = file
        self._new = lambda: lzma.LZMADecompressor(memlimit=100 << 20)
        self._xz = self._new()

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        while True:
            if self._xz.eof:  # several streams may follow one another
                rest = self._xz.unused_data or self._file.read(65_536)
                if not rest.strip(b"\0"):
                    return 0
                self._xz = self._new()
            else:
                rest = self._file.read(65_536) if self._xz.needs_input else b""
                if not rest and self._xz.needs_input:
                    raise EOFError("the compressed data ends too early")
            if data := self._xz.decompress(rest, max_length=len(buffer)):
                buffer[: len(data)] = data
                return len(data)


class Forward:
    """A stream that only goes forward, to `most` bytes, and gives tarfile no more of a member's headers than headers need.

    tarfile reads them as a whole, whatever size they say they have; it would also follow sizes backwards without end
    (CVE-2025-8194), and its pattern for pax records takes time that grows with the square of a run of digits (CVE-2024-6232).
    """

    def __init__(self, stream: IO[bytes] | gzip.GzipFile, most: int) -> None:
        self._stream = stream
        self._most = most
        self._headers: int | None = 0
        self._at = 0
        self.at_end_mark = False

    def expect_headers(self) -> None:
        """What is read next are the headers of a member."""
        self._headers = 0

    def contents(self, archive: tarfile.TarFile, info: tarfile.TarInfo) -> IO[bytes]:
        """The contents of the member whose headers were read."""
        self._headers = None
        return archive.fileobject(archive, info)  # type: ignore[attr-defined]  # extractfile() would follow links

    def seekable(self) -> bool:
        """Asked by readers; ahead it is."""
        return True

    def tell(self) -> int:
        """How many bytes were passed."""
        return self._at

    def seek(self, position: int) -> int:
        """Pass over what is before `position`. Raises ReadError if that lies behind."""
        if position < self._at:
            raise tarfile.ReadError("its headers lead backwards")
        while self._at < position and self._passed(self._stream.read(min(65_536, position - self._at))):
            pass
        return self._at

    def read(self, size: int) -> bytes:
        """The next bytes. Raises ReadError if they are too many for headers, Damaged beyond `most`."""
        if self._headers is None:
            return self.read_contents(size)
        self._headers += max(size, 0)
        if size < 0 or self._headers > HEADERS:
            raise tarfile.ReadError("the headers of a file in it are too long")
        data = self._passed(self._stream.read(size))
        if re.search(rb"\d{256}", data):
            raise tarfile.ReadError("the headers of a file in it make no sense")
        self.at_end_mark = len(data) == tarfile.BLOCKSIZE and not data.strip(b"\0")
        return data

    def read_contents(self, size: int) -> bytes:
        """The next bytes, whatever they are."""
        return self._passed(self._stream.read(size))

    def _passed(self, data: bytes) -> bytes:
        self._at += len(data)
        if self._at > self._most:
            raise Damaged(TOO_DENSE)
        return data
