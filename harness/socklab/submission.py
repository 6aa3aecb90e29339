"""A learner's file, read once and checked for what no exercise can take."""

from __future__ import annotations

import os
import stat

from .errors import SubmissionError, UsageError

LARGEST = 1_000_000


class Submission:
    """What a learner handed in: the file's name as shown, and its contents."""

    def __init__(self, file: str, content: bytes) -> None:
        self.file = file
        self.content = content

    @property
    def text(self) -> str:
        """The contents as text; bytes that are no UTF-8 are replaced."""
        return self.content.decode("utf-8-sig", "replace")


def read(path: str) -> Submission:
    """Read `path`.

    Raises UsageError if it is not a readable file, SubmissionError if what it holds cannot be a submission.
    """
    content = contents(path)
    if not content.strip():
        raise SubmissionError(f"{path}: the file is empty. Did you save it? `socklab start` writes one to begin with.")
    refuse_unreadable(path, content)
    return Submission(os.path.basename(path), content)


def contents(path: str) -> bytes:
    """The bytes of `path`, whatever they are.

    Raises UsageError if it is not a readable file, SubmissionError if it is larger than a submission may be.
    """
    try:
        fd = os.open(path, os.O_RDONLY | os.O_NONBLOCK)
    except FileNotFoundError as error:
        raise UsageError(f"{path}: there is no such file. Is it in this folder ({os.getcwd()})?") from error
    except PermissionError as error:
        raise UsageError(f"{path}: it may not be read. Try: chmod u+r {path}") from error
    except (OSError, ValueError) as error:
        raise UsageError(f"{path!r}: it cannot be opened ({getattr(error, 'strerror', None) or error})") from error
    try:
        kind = os.fstat(fd)
        if stat.S_ISDIR(kind.st_mode):
            raise UsageError(f"{path}: that is a folder. Name one file in it.")
        if not stat.S_ISREG(kind.st_mode):
            raise UsageError(f"{path}: that is no ordinary file.")
        refuse_too_large(path, kind.st_size)
        with os.fdopen(os.dup(fd), "rb") as file:
            return file.read(LARGEST + 1)
    finally:
        os.close(fd)


def refuse_too_large(path: str, size: int) -> None:
    """Raise SubmissionError if so many bytes are no submission."""
    if size > LARGEST:
        raise SubmissionError(f"{path}: {size:,} bytes are too many; a submission has at most {LARGEST:,}.")


def refuse_unreadable(path: str, content: bytes) -> None:
    """Raise SubmissionError if `content` is no text in UTF-8."""
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise SubmissionError(f"{path}: this file is saved as UTF-16. Save it as UTF-8.")
    if b"\0" in content:
        raise SubmissionError(f"{path}: this is a binary file, not source text. Hand in the .c or .py file itself.")
    try:
        content.decode("utf-8")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise SubmissionError(
            f"{path}, line {line}: byte 0x{content[error.start]:02x} is not UTF-8. Save the file as UTF-8."
        ) from error
