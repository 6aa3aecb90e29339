"""Files to hand over, by path, as a folder, a zip or a tar; what is written is whole or not there at all."""

from __future__ import annotations

import io
import os
import tarfile
import time
import zipfile
from typing import NamedTuple

from ..errors import UsageError
from ..output import replacing

_HERE = os.path.join(os.path.dirname(os.path.abspath(__file__)), "files")


class File(NamedTuple):
    """A file's contents, and when they were changed last, in seconds since the epoch: what is made of sources is kept by that."""

    content: bytes
    executable: bool
    modified: float


Files = dict[str, File]


def ours(*names: str, executable: bool = False) -> File:
    """A file of the folder `files` beside this module."""
    return from_disk(os.path.join(_HERE, *names), executable=executable)


def from_disk(path: str, *, executable: bool = False) -> File:
    """A file of this machine."""
    with open(path, "rb") as file:
        return File(file.read(), executable, os.stat(path).st_mtime)


def text(content: str) -> File:
    """A file that is made now."""
    return File(content.encode(), False, time.time())


def as_zip(files: Files) -> bytes:
    """A zip of `files`, which keeps who may execute them (APPNOTE 4.4.15: the upper half is the mode of Unix)."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for path, file in sorted(files.items()):
            info = zipfile.ZipInfo(path, time.localtime(file.modified)[:6])
            info.external_attr = (0o100000 | _mode(file)) << 16
            info.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(info, file.content)
    return buffer.getvalue()


def as_tar(files: Files) -> bytes:
    """A tar of `files`, not compressed."""
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w", format=tarfile.USTAR_FORMAT) as archive:
        for path, file in sorted(files.items()):
            info = tarfile.TarInfo(path)
            info.size, info.mode, info.mtime = len(file.content), _mode(file), int(file.modified)
            archive.addfile(info, io.BytesIO(file.content))
    return buffer.getvalue()


def _mode(file: File) -> int:
    return 0o755 if file.executable else 0o644


def write(path: str, files: Files) -> None:
    """Write `files` to `path`: a zip, which may be there, if it ends in .zip, else a folder that is new or empty.

    Raises UsageError if `path` cannot be that, SetupError if the disk is full.
    """
    target = os.path.abspath(path)
    is_zip = target.endswith(".zip")
    if os.path.isdir(target) if is_zip else os.path.lexists(target) and not _is_empty(target):
        raise UsageError(f"{path}: that is there already. Name another place with --output, or remove it first.")
    with replacing(path) as temporary:
        _write_zip(temporary, files) if is_zip else _write_folder(temporary, files)


def _is_empty(path: str) -> bool:
    return os.path.isdir(path) and not os.listdir(path)


def _write_zip(path: str, files: Files) -> None:
    with open(path, "wb") as file:
        file.write(as_zip(files))


def _write_folder(top: str, files: Files) -> None:
    os.mkdir(top)
    for name, file in files.items():
        path = os.path.join(top, name)
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(path, "wb") as target:
            target.write(file.content)
        os.chmod(path, _mode(file))
        os.utime(path, (file.modified, file.modified))
