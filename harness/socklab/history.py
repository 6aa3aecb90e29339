"""What this user has handed in so far: one line of JSON for each graded file, in a file of the user's own.

It is a diary, not a mark: who owns it may edit it. So nothing in it is trusted, a line that cannot be read is skipped, and
trouble with it never keeps a file from being graded. `check` writes it on the way of every grade, hence by hand and with
no module that is not loaded there anyway (json would take longer than the rest).
"""

from __future__ import annotations

import contextlib
import fcntl
import os
import stat
import time

from .model import EXIT_CODES, FAILED, PASSED, SKIPPED, VISIBLE

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from typing import Any

    from .model import Report

KEPT = 1_000
"""So many lines stay when the file has become too large, beside those that say what was reached."""

LARGEST = 1 << 20
"""Bytes after which the file is cut; size is what one look at it tells, unlike a number of lines."""

_CLOCK = "%Y-%m-%dT%H:%M:%SZ"
_PATIENCE = (20, 0.005)
"""How often to ask for the lock, and how long to wait in between: who cuts the file has done so by then."""


class Attempt:
    """One line: a file that was graded. `failed` and `skipped` are slugs of checks that count; bonus ones are left out.

    No named tuple like the nouns of model.py: making one takes longer than all that is done with it here.
    """

    time: str
    """UTC, as in 2026-01-31T13:02:00Z."""
    exercise: str
    language: str
    file: str
    sha256: str
    outcome: str
    points: int
    possible: int
    failed: tuple[str, ...]
    skipped: tuple[str, ...]
    only: tuple[str, ...]
    """What --only asked for; such a grade says nothing about the whole exercise."""
    tier: str
    seed: int
    reason: str

    def __init__(self, fields: dict[str, Any]) -> None:
        self.__dict__.update(fields)

    @property
    def whole(self) -> bool:
        """Whether all of the exercise was judged."""
        return self.outcome in (PASSED, FAILED) and not self.only


def path() -> str | None:
    """Where the history is; None if it is turned off, or this user has no place for it."""
    if os.environ.get("SOCKLAB_HISTORY", "on").strip().lower() in ("", "off"):
        return None
    top = os.environ.get("XDG_STATE_HOME", "")
    if not os.path.isabs(top):  # the standard says to ignore such a value
        top = os.path.join(os.path.expanduser("~"), ".local", "state")
    return os.path.join(top, "socklab", "history.jsonl") if os.path.isabs(top) else None


# -- writing ---------------------------------------------------------------------------------------------------------


def attempt(report: Report, file: str, only: Sequence[str]) -> Attempt:
    """The line for a report of this moment, by the checks that a learner sees. `file`: where the submission lies."""
    if any(r.visibility != VISIBLE for r in report.results):
        from .visibility import seen_part  # nobody else waits for it

        report = seen_part(report)
    failed = sorted((r for r in report.counted if r.outcome == FAILED), key=lambda r: r.tried == "-")  # the tried first
    return Attempt(
        {
            "time": time.strftime(_CLOCK, time.gmtime()),
            "exercise": report.exercise,
            "language": report.language,
            "file": os.path.abspath(file),
            "sha256": _sha256(report.content),
            "outcome": report.outcome,
            "points": report.points,
            "possible": report.possible,
            "failed": tuple(r.slug for r in failed),
            "skipped": tuple(r.slug for r in report.results if r.outcome == SKIPPED and not r.bonus),
            "only": tuple(only),
            "tier": report.tier,
            "seed": report.seed,
            "reason": report.reason.partition("\n")[0][:200],
        }
    )


def _sha256(content: bytes) -> str:
    """Python's own: hashlib would load OpenSSL (3 ms)."""
    try:
        from _sha2 import sha256  # type: ignore[import-not-found]  # Python 3.12 and newer
    except ImportError:
        try:
            from _sha256 import sha256  # type: ignore[import-not-found]
        except ImportError:
            from hashlib import sha256
    return sha256(content).hexdigest()


def note(graded: Iterable[tuple[str, Report]], only: Sequence[str]) -> None:
    """Append files and their reports to the history; it is no harm if that cannot be done."""
    if path():
        with contextlib.suppress(OSError):  # abspath(), in a folder that was deleted
            add([attempt(report, file, only) for file, report in graded])


def add(attempts: Sequence[Attempt]) -> None:
    """Append `attempts` to the history, in one write; if that cannot be done, nothing is said and nothing is kept."""
    where = path()
    if where is None or not attempts:
        return
    with contextlib.suppress(OSError, ValueError):  # ValueError: a path with a null byte in it
        _append(where, "".join(_line(each) for each in attempts).encode("ascii"))


def _line(attempt: Attempt) -> str:
    return "{" + ", ".join(f'"{name}": {_written(value)}' for name, value in vars(attempt).items()) + "}\n"


def _written(value: object) -> str:
    """A value as JSON; json itself is loaded (1.4 ms) only for text that cannot stand as it is."""
    if isinstance(value, tuple):
        return f"[{', '.join(map(_written, value))}]"
    if not isinstance(value, str):
        return str(value)
    if value.isascii() and value.isprintable() and '"' not in value and "\\" not in value:
        return f'"{value}"'
    import json

    return json.dumps(value)


def _append(where: str, lines: bytes) -> None:
    os.makedirs(os.path.dirname(where), mode=0o700, exist_ok=True)
    fd = _opened(where, fcntl.LOCK_SH)
    try:
        size = os.fstat(fd).st_size
        if size and os.pread(fd, 1, size - 1) != b"\n":  # somebody was stopped in the middle, by a full disk say
            lines = b"\n" + lines
        os.write(fd, lines)
    finally:
        os.close(fd)
    if size + len(lines) > LARGEST:
        _cut(where)


def _opened(where: str, lock: int) -> int:
    """The history, open for appending and locked, unless somebody holds the lock for longer than one waits.

    Raises OSError if it cannot be opened or is no ordinary file.
    """
    times, pause = _PATIENCE
    for _ in range(times):
        fd = os.open(where, os.O_RDWR | os.O_APPEND | os.O_CREAT | os.O_NONBLOCK | os.O_CLOEXEC, 0o600)
        try:
            if not stat.S_ISREG(os.fstat(fd).st_mode):
                raise OSError(0, "it is no ordinary file")
            if _locked(fd, lock) and _is_still(fd, where):
                return fd
        except BaseException:
            os.close(fd)
            raise
        os.close(fd)
        time.sleep(pause)
    raise OSError(0, "it is in use")


def _locked(fd: int, lock: int) -> bool:
    """Take the lock; False if somebody else has it. A file system without locks has to do without."""
    try:
        fcntl.flock(fd, lock | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    except OSError:
        pass
    return True


def _is_still(fd: int, where: str) -> bool:
    """Whether what is open has not been cut, and so replaced, in the meantime."""
    try:
        return os.path.samestat(os.fstat(fd), os.stat(where))
    except FileNotFoundError:
        return False


def _cut(where: str) -> None:
    """Leave out the oldest lines, except those that say what was reached; the file is replaced whole or not at all."""
    from .errors import SocklabError
    from .output import replace_file

    fd = _opened(where, fcntl.LOCK_EX)  # whoever appends meanwhile waits
    try:
        with open(where, "rb") as file:
            lines = {one: line for line in file if (one := _read(line))}
        recent: list[Attempt] = []
        room = LARGEST // 2
        for one in reversed(lines):
            room -= len(lines[one])
            if room < 0 or len(recent) == KEPT:
                break
            recent.append(one)
        stay = {*recent, *_reached(lines)}
        usual = os.umask(0o077)
        try:
            replace_file(where, "".join(line.decode("ascii", "replace") for one, line in lines.items() if one in stay))
        except SocklabError:
            pass  # it stays as long as it is
        finally:
            os.umask(usual)
    finally:
        os.close(fd)


def _reached(attempts: Iterable[Attempt]) -> Iterable[Attempt]:
    """For each exercise and language the first attempt that reached the most: a pass, or the most points."""
    best: dict[tuple[str, str], Attempt] = {}
    for each in attempts:
        key = each.exercise, each.language
        if each.whole and (key not in best or rank(each) > rank(best[key])):
            best[key] = each
    return best.values()


def rank(attempt: Attempt) -> tuple[bool, int]:
    """What makes one whole grade better than another."""
    return attempt.outcome == PASSED, attempt.points


# -- reading ---------------------------------------------------------------------------------------------------------


def read() -> list[Attempt]:
    """All attempts, the oldest first. Raises OSError if there is a history that cannot be read."""
    where = path()
    if where is None:
        return []
    try:
        fd = os.open(where, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
    except FileNotFoundError:
        return []
    with open(fd, "rb") as file:
        if not stat.S_ISREG(os.fstat(fd).st_mode):
            raise OSError(0, "it is no ordinary file")
        return [one for line in file if (one := _read(line))]


def _read(line: bytes) -> Attempt | None:
    """The attempt that a line tells of; None if it tells of none."""
    import json

    try:
        fields = json.loads(line)
        if not isinstance(fields, dict):
            return None
        one = Attempt({name: _value(fields[name], kind) for name, kind in Attempt.__annotations__.items()})
        seconds(one)
    except (ValueError, KeyError, TypeError, RecursionError):
        return None
    return one if one.outcome in EXIT_CODES else None


def _value(value: object, kind: str) -> Any:
    """`value`, if it is of that kind. Raises TypeError if it is not."""
    if kind == "str" and isinstance(value, str):
        return value
    if kind == "int" and type(value) is int and 0 <= value < 1 << 31:
        return value
    if kind.startswith("tuple") and isinstance(value, list) and all(isinstance(one, str) for one in value):
        return tuple(value)
    raise TypeError(kind)


def seconds(attempt: Attempt) -> int:
    """When it was, as the clock counts. Raises ValueError if the line does not say."""
    import calendar

    return calendar.timegm(time.strptime(attempt.time, _CLOCK))


def trouble() -> str:
    """Why the history cannot be kept, in words; "" if it can, or is turned off."""
    where = path()
    if where is None:
        return ""
    there = where
    while not os.path.lexists(there):
        there = os.path.dirname(there)
    wanted = os.R_OK | os.W_OK | (os.X_OK if os.path.isdir(there) else 0)
    sound = os.path.isfile(there) if there == where else os.path.isdir(there)
    return "" if sound and os.access(there, wanted) else f"{where}: your history cannot be kept there."
