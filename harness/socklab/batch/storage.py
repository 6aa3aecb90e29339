"""One SQLite file that several processes write at once and that survives whatever ends them; it knows no gradebook.

What is committed is on the disk (write-ahead log, `synchronous=FULL`), and whoever finds the file locked waits. A file that is
not ours is told by the application id in its header before anything is written to it. Every error of SQLite leaves here as a
SetupError that says what happened, where, and what to do next.
"""

from __future__ import annotations

import contextlib
import os
import sqlite3
import time
from collections.abc import Iterator
from typing import Any, NamedTuple

from ..errors import HarnessError, SetupError, UsageError

PATIENCE = 30.0
"""Seconds to wait for somebody who holds the file."""

_REMOTE = {"nfs", "nfs4", "cifs", "smb3", "smbfs", "9p", "afs", "ceph", "lustre", "gfs2", "ocfs2", "vboxsf", "virtiofs"}
"""File systems that several machines share; the write-ahead log needs memory that all its users share (sqlite.org/wal.html)."""

_LEAST_ROOM = 1 << 16
"""Bytes; where fewer are free, an error of reading or writing is a full disk."""


class Kind(NamedTuple):
    """What a file is: `noun` in words, `application_id` in its header, and how its tables are made.

    `upgrades`: what makes a file of version 1 one of version 2, that one of version 3, and so on up to `version`.
    """

    noun: str
    application_id: int
    version: int
    schema: str
    upgrades: tuple[str, ...] = ()


class Storage:
    """One open file. It belongs to the thread and the process that opened it.

    `remark`: what whoever runs the machine should know of it; "" as a rule.
    """

    def __init__(self, path: str, kind: Kind, patience: float = PATIENCE, wal: bool | None = None) -> None:
        """Open the file at `path`, or make it.

        patience: seconds to wait while somebody else holds it. wal: whether to write a log ahead; None: where that is safe.

        Raises UsageError if `path` cannot name a file, SetupError if it cannot be read and written, is something else, is
        damaged, or was made by a newer version.
        """
        self.path = os.path.abspath(path)
        self.kind = kind
        self.remark = ""
        self._patience = patience
        self._process = os.getpid()
        _refuse_what_is_no_file(path)
        with self._told():
            self._sql = sqlite3.connect(self.path, timeout=patience, isolation_level=None)
            try:
                self._begin(wal)
            except BaseException:
                self._sql.close()
                raise
        self._inode = os.stat(self.path).st_ino

    def _begin(self, wal: bool | None) -> None:
        self._identify()  # first: a file that is not ours stays as it is
        self._choose_mode(wal)
        self._sql.execute("PRAGMA synchronous=FULL")
        self._sql.execute("PRAGMA foreign_keys=ON")
        if self._identify() == self.kind.version:
            return
        with self._transaction("IMMEDIATE"):
            version = self._identified()  # somebody else may have been quicker
            for script in self.kind.upgrades[version - 1 :] if version else [self.kind.schema]:
                for statement in script.split(";\n"):
                    self._sql.execute(statement)
            self._sql.execute(f"PRAGMA application_id={self.kind.application_id}")
            self._sql.execute(f"PRAGMA user_version={self.kind.version}")

    def _identify(self) -> int:
        """The version of its tables; 0 if it is empty. Raises SetupError if it is something else."""
        with self._transaction("DEFERRED"):
            return self._identified()

    def _identified(self) -> int:
        application = self._sql.execute("PRAGMA application_id").fetchone()[0]
        version = self._sql.execute("PRAGMA user_version").fetchone()[0]
        if application == 0 and version == 0 and not self._sql.execute("SELECT 1 FROM sqlite_master").fetchone():
            return 0
        if application != self.kind.application_id:
            raise self._something_else()
        if version > self.kind.version:
            raise SetupError(
                f"{self.path}: this {self.kind.noun} was made by a newer socklab (its version is {version}, known here is "
                f"{self.kind.version}). Update socklab."
            )
        return version

    def _choose_mode(self, wal: bool | None) -> None:
        remote = remote_kind(self.path) if wal is None else ""
        if wal is False or remote:
            why = f"it lies on a network file system ({remote})" if remote else "as asked for"
        elif self._switched("WAL") == "wal":
            return
        else:
            why = "its file system does not allow it"
        mode = self._switched("DELETE")
        if mode == "wal":
            raise SetupError(
                f"{self.path}: it is written ahead by somebody else, which is not safe here ({why}). Wait until they have "
                "ended, or copy it to a local folder."
            )
        self.remark = (
            f"{self.path}: kept without a write-ahead log ({why}): just as safe, but slower, and several people wait for each "
            "other. A local folder is better."
        )

    def _switched(self, mode: str) -> str:
        """The journal mode after asking for `mode`."""
        give_up = time.monotonic() + self._patience
        while True:
            try:
                return self._sql.execute(f"PRAGMA journal_mode={mode}").fetchone()[0]
            except sqlite3.OperationalError as error:
                # SQLite does not wait by itself here: two who make the same file would wait for each other for ever
                if not _is_locked(error) or time.monotonic() > give_up:
                    raise
            time.sleep(0.01)

    # -- use ---------------------------------------------------------------------------------------------------------

    @contextlib.contextmanager
    def writing(self) -> Iterator[sqlite3.Connection]:
        """A transaction: all of it is on the disk afterwards, or, if anything is raised, nothing.

        Raises SetupError if it cannot be written, HarnessError for a mistake of ours.
        """
        with self._told(), self._transaction("IMMEDIATE"):  # the lock at once: one taken later is not waited for
            self._refuse_if_replaced()
            yield self._sql

    @contextlib.contextmanager
    def reading(self) -> Iterator[None]:
        """Let all queries inside see one state of the file, whatever others write meanwhile.

        Raises SetupError if it cannot be read.
        """
        with self._told(), self._transaction("DEFERRED"):
            yield

    def rows(self, sql: str, *values: Any) -> list[Any]:
        """What a query finds.

        Raises SetupError if the file cannot be read, HarnessError for a mistake of ours.
        """
        with self._told():
            return self._sql.execute(sql, values).fetchall()

    def close(self) -> None:
        """Close the file; whatever was committed is in it."""
        if os.getpid() == self._process:
            self._sql.close()

    @contextlib.contextmanager
    def _transaction(self, how: str) -> Iterator[None]:
        if os.getpid() != self._process:  # sqlite.org/howtocorrupt.html, 2.6
            raise HarnessError(f"{self.path} was opened before this process was forked")
        self._sql.execute(f"BEGIN {how}")
        try:
            yield
            self._sql.execute("COMMIT")
        except BaseException:
            if self._sql.in_transaction:  # a full disk, say, has undone it already
                with contextlib.suppress(sqlite3.Error):
                    self._sql.execute("ROLLBACK")
            raise

    def _refuse_if_replaced(self) -> None:
        try:
            still = os.stat(self.path).st_ino == self._inode
        except FileNotFoundError:
            still = False
        if not still:
            raise SetupError(
                f"{self.path}: it was moved, deleted or replaced while in use. Put it back and start again."
            )

    # -- trouble -----------------------------------------------------------------------------------------------------

    @contextlib.contextmanager
    def _told(self) -> Iterator[None]:
        try:
            yield
        except sqlite3.Error as error:
            raise self._trouble(error) from error

    def _trouble(self, error: sqlite3.Error) -> SetupError | HarnessError:
        name = getattr(error, "sqlite_errorname", "")
        kept = f"{self.path}: %s. What was written before is kept; %s, then run the same command again."
        if _is_locked(error):
            return SetupError(f"{self.path}: somebody else has held it for {self._patience:g} s. {self._whom_to_ask()}")
        if name == "SQLITE_FULL" or (name.startswith(("SQLITE_IOERR", "SQLITE_CANTOPEN")) and self._is_full()):
            return SetupError(kept % ("the disk is full", "make room"))
        if name.startswith("SQLITE_IOERR"):
            return SetupError(kept % (f"it cannot be read or written ({error})", "look at the disk, or your quota"))
        if name.startswith(("SQLITE_READONLY", "SQLITE_CANTOPEN", "SQLITE_PERM", "SQLITE_AUTH")):
            return SetupError(
                f"{self.path}: it cannot be written. Both the file and its folder ({os.path.dirname(self.path)}) must be "
                "yours to write: SQLite keeps its log beside the file."
            )
        if name.startswith("SQLITE_NOTADB"):
            return self._something_else()
        if name.startswith("SQLITE_CORRUPT"):
            return self.damaged(str(error))
        return HarnessError(f"{self.path}: {name or type(error).__name__}: {error}")

    def damaged(self, why: str) -> SetupError:
        """What to say of a file whose contents cannot be."""
        return SetupError(
            f"{self.path}: it is damaged ({why}). Take a backup, or save what can be read: "
            f"sqlite3 {os.path.basename(self.path)} .recover | sqlite3 recovered.sqlite"
        )

    def _something_else(self) -> SetupError:
        return SetupError(f"{self.path}: this is no {self.kind.noun}, and stays as it is. Name another file.")

    def _is_full(self) -> bool:
        try:
            room = os.statvfs(os.path.dirname(self.path))
        except OSError:
            return False
        return room.f_bavail * room.f_frsize < _LEAST_ROOM or (room.f_files > 0 and room.f_favail == 0)

    def _whom_to_ask(self) -> str:
        holders = ", ".join(_process_in_words(each) for each in _holders(self.path))
        return f"It is process {holders}." if holders else f"See who: fuser -v {self.path}"


def _is_locked(error: sqlite3.Error) -> bool:
    return getattr(error, "sqlite_errorname", "").startswith(("SQLITE_BUSY", "SQLITE_LOCKED", "SQLITE_PROTOCOL"))


def _refuse_what_is_no_file(path: str) -> None:
    """Raises UsageError or SetupError for what SQLite would only call "unable to open database file"."""
    if not path or "\0" in path:
        raise UsageError(f"{path!r} is no name of a file.")
    if os.path.isdir(path):
        raise UsageError(f"{path}: that is a folder; name a file in it.")
    if os.path.exists(path) and not os.path.isfile(path):
        raise UsageError(f"{path}: that is no ordinary file.")
    folder = os.path.dirname(os.path.abspath(path))
    if not os.path.isdir(folder):
        raise UsageError(f"{path}: there is no folder {folder}. Make it first: mkdir -p {folder}")
    for each in (folder, path):
        if os.path.exists(each) and not os.access(each, os.R_OK | os.W_OK):
            hint = "its folder" if each == folder else "it"
            raise SetupError(
                f"{path}: {hint} cannot be written by you. Choose another place, or try: chmod u+rw {each}"
            )


def remote_kind(path: str, mounts: str = "/proc/self/mountinfo") -> str:
    """The kind of network file system that `path` lies on; "" if it lies on none, or that cannot be known."""
    real = os.path.realpath(path)
    best, kind = "", ""
    try:
        with open(mounts, encoding="utf-8", errors="surrogateescape") as file:
            for line in file:  # proc(5): … mount point (5th field), options …, a dash, the kind
                words = line.split()
                point = words[4].replace("\\040", " ")
                if len(point) >= len(best) and (real == point or real.startswith(point.rstrip("/") + "/")):
                    best, kind = point, words[words.index("-") + 1]
    except (OSError, ValueError, IndexError):
        return ""
    return kind if kind in _REMOTE or kind.startswith("fuse.") else ""


def _holders(path: str) -> list[int]:
    """The processes of this machine that keep others from writing, as far as /proc/locks tells."""
    inodes = set()
    for name in (path, path + "-shm"):  # the log's lock is in the shared memory
        with contextlib.suppress(OSError):
            inodes.add(str(os.stat(name).st_ino))
    found = set()
    with contextlib.suppress(OSError, ValueError, IndexError), open("/proc/locks", encoding="ascii") as file:
        for line in file:
            words = line.split()
            if words[3] == "WRITE" and words[5].rpartition(":")[2] in inodes:
                found.add(int(words[4]))
    return sorted(each for each in found - {os.getpid()} if each > 0)


def _process_in_words(number: int) -> str:
    import pwd

    try:
        with open(f"/proc/{number}/comm", encoding="utf-8", errors="replace") as file:
            command = file.read().strip()
        owner = os.stat(f"/proc/{number}").st_uid
    except OSError:
        return str(number)
    try:
        return f"{number} ({command}, of {pwd.getpwuid(owner).pw_name})"
    except KeyError:
        return f"{number} ({command}, of user {owner})"
