"""Files that socklab writes: replaced whole or not at all."""

import contextlib
import errno
import os

from .errors import SetupError, UsageError


def replace_file(path: str, text: str) -> None:
    """Write `text` to `path`; what was there stays as it was until all is written.

    Raises UsageError if `path` cannot be written, SetupError if the disk is full.
    """
    folder, name = os.path.split(os.path.abspath(path))
    if os.path.isdir(path):
        raise UsageError(f"{path}: that is a folder; name a file in it.")
    if os.path.exists(path) and not os.path.isfile(path):  # /dev/stdout and pipes cannot be replaced, only written to
        _write(path, text, path)
        return
    temporary = os.path.join(folder, f".{name[:100]}.{os.getpid()}.tmp")
    try:
        _write(temporary, text, path)
        os.replace(temporary, path)
    except BaseException:
        with contextlib.suppress(OSError):
            os.unlink(temporary)
        raise


def _write(path: str, text: str, wanted: str) -> None:
    try:
        with open(path, "w", encoding="utf-8", errors="backslashreplace") as file:
            file.write(text)
            file.flush()
    except OSError as error:
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            raise SetupError(f"{wanted}: the disk is full; what was there before is untouched.") from error
        raise UsageError(f"{wanted}: cannot be written ({error.strerror}).") from error
