"""A made-up class of 300, and its work as each LMS would have it downloaded; and archives of all kinds, sound and hostile."""

import bz2
import gzip
import io
import lzma
import tarfile
import zipfile
from collections.abc import Mapping
from pathlib import Path

from socklab.batch.people import Student

SOURCE = b"int is_port_open(int port) { return port != 0; }\n"

FIRST = ["Minji", "Zoë", "Nguyễn", "Ольга", "محمد", "अनिल", "O'Brien", "Jean-Luc", "美咲", "Ada"]
LAST = ["Kim", "van der Berg", "Văn An", "Иванова", "علي", "शर्मा", "Sinéad", "Picard", "田中", "Lovelace"]

ZIP_ENCRYPTED = 0x1


def people(count: int = 300) -> list[Student]:
    """A class: names of many scripts, some of them twice, each with an id of its own."""
    found = []
    for n in range(count):
        name = f"{FIRST[n % 10]} {LAST[n // 10 % 10]}"  # every hundred, the same names again
        found.append(Student(str(2_000_000 + n), name, f"student{n}@example.com"))
    return found


def lay(folder: Path, files: Mapping[str, bytes]) -> Path:
    """Write `files`, paths to contents, below `folder`."""
    for name, content in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def zipped(path: Path, files: Mapping[str, bytes] | list[tuple[str | zipfile.ZipInfo, bytes]]) -> Path:
    """A zip of `files`."""
    pairs = files.items() if isinstance(files, Mapping) else files
    path.parent.mkdir(parents=True, exist_ok=True)
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in pairs:
            archive.writestr(name, content)
    return path


def zip_bytes(files: Mapping[str, bytes]) -> bytes:
    """The same in memory, to be put into something else."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return buffer.getvalue()


def tar_bytes(files: Mapping[str, bytes] | list[tarfile.TarInfo], contents: bytes = SOURCE) -> bytes:
    """A tar of `files`; of TarInfos, those that are files have `contents`."""
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w", format=tarfile.PAX_FORMAT) as archive:
        if isinstance(files, Mapping):
            for name, content in files.items():
                info = tarfile.TarInfo(name)
                info.size = len(content)
                archive.addfile(info, io.BytesIO(content))
        else:
            for info in files:
                info.size = len(contents) if info.isreg() else 0
                archive.addfile(info, io.BytesIO(contents))
    return buffer.getvalue()


COMPRESSED = {
    ".tar": lambda data: data,
    ".tar.gz": gzip.compress,
    ".tgz": gzip.compress,
    ".tar.bz2": bz2.compress,
    ".tar.xz": lzma.compress,
}
"""What each suffix of a tar does to it."""


def tarred(path: Path, files: Mapping[str, bytes] | list[tarfile.TarInfo]) -> Path:
    """A tar of `files`, compressed as its name says."""
    suffix = next(each for each in sorted(COMPRESSED, key=len, reverse=True) if path.name.endswith(each))
    path.write_bytes(COMPRESSED[suffix](tar_bytes(files)))
    return path
