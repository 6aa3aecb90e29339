"""What socklab writes: replaced whole or not at all."""

import contextlib
import errno
import os
from collections.abc import Iterator

from .errors import SetupError, UsageError


def replace_file(path: str, content: str | bytes) -> None:
    """Write `content` to `path`, text as UTF-8; what was there stays as it was until all is written.

    Raises UsageError if `path` cannot be written, SetupError if the disk is full.
    """
    if os.path.isdir(path):
        raise UsageError(f"{path}: that is a folder; name a file in it.")
    target = _target(path)
    if target.startswith(("/dev/", "/proc/")) or (os.path.exists(target) and not os.path.isfile(target)):
        with _refusing(path):
            _write(path, content)  # a device or a pipe cannot be replaced, only written to
    else:
        with replacing(path) as temporary:
            _write(temporary, content)


@contextlib.contextmanager
def replacing(path: str) -> Iterator[str]:
    """A name beside `path` for a file or a folder, which takes its place in the end; if it does not come to that, nothing stays.

    A folder can replace an empty one. Raises UsageError if `path` cannot be written, SetupError if the disk is full.
    """
    target = _target(path)
    temporary = os.path.join(os.path.dirname(target), f".socklab-{os.getpid()}.tmp")
    try:
        with _refusing(path):
            yield temporary
            os.replace(temporary, target)
    finally:
        if os.path.isdir(temporary):
            import shutil  # takes longer to load than a file to write

            shutil.rmtree(temporary, ignore_errors=True)
        with contextlib.suppress(OSError):
            os.unlink(temporary)


@contextlib.contextmanager
def _refusing(path: str) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            raise SetupError(f"{path}: the disk is full; what was there before is untouched.") from error
        raise UsageError(f"{path}: cannot be written ({error.strerror}).") from error


def _target(path: str) -> str:
    """Where the links that `path` may be lead to, as far as the kernel's own such as /dev/stdout: a link stays a link."""
    path = os.path.abspath(path)
    for _ in range(40):
        if path.startswith(("/dev/", "/proc/")) or not os.path.islink(path):
            break
        path = os.path.normpath(os.path.join(os.path.dirname(path), os.readlink(path)))
    return path


def _write(path: str, content: str | bytes) -> None:
    if isinstance(content, str):
        content = content.encode("utf-8", "backslashreplace")
    with open(path, "wb") as file:
        file.write(content)
        file.flush()
