"""The user's cache: what is made once on this machine and then only read.

It is only believed where nobody but the user could have written to it; submissions never see its path.
"""

from __future__ import annotations

import os
import zlib

from ..errors import SetupError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable


def folder(kind: str, key: Iterable[str]) -> str:
    """A folder named after `kind` and all that its content depends on, which only this user can have written to.

    Raises SetupError if none can be had.
    """
    top = os.environ.get("XDG_CACHE_HOME") or os.path.join(os.path.expanduser("~"), ".cache")
    for candidate in (os.path.join(top, "socklab"), f"/tmp/socklab-cache-{os.getuid()}"):
        path = os.path.join(candidate, f"{kind}-{zlib.crc32(' '.join(key).encode()):08x}")
        try:
            os.makedirs(path, mode=0o700, exist_ok=True)
        except OSError:
            continue
        if all(_only_ours(each) for each in (candidate, path)) and os.access(path, os.W_OK):
            return path
    raise SetupError(
        f"socklab keeps its compiled recorder in {top}/socklab, and that cannot be written. "
        "Make it writable, or set XDG_CACHE_HOME to a folder of yours."
    )


def stamp(path: str) -> str:
    """What changes whenever the file does."""
    status = os.stat(path)
    return f"{status.st_mtime_ns}:{status.st_size}"


def read(path: str) -> bytes | None:
    """A file of the cache, or None if it is not there."""
    try:
        with open(path, "rb") as file:
            return file.read()
    except FileNotFoundError:
        return None


def keep(path: str, content: bytes) -> None:
    """Write a file of the cache whole, whoever else does the same at this moment.

    Raises SetupError if that cannot be done, on a full disk say; nothing is left of it then.
    """
    temporary = f"{path}.{os.getpid()}"
    try:
        with open(temporary, "wb") as file:
            file.write(content)
        os.replace(temporary, path)
    except OSError as error:
        if os.path.exists(temporary):
            os.unlink(temporary)
        raise SetupError(f"{os.path.dirname(path)}: socklab's cache cannot be written ({error.strerror}).") from error


def _only_ours(path: str) -> bool:
    status = os.lstat(path)
    return status.st_uid == os.getuid() and not status.st_mode & 0o022
