"""The marks of a class in one file: what was handed in, how it was graded, and what people changed by hand.

Nothing is ever overwritten: a regrade adds grades, an adjustment stands beside them, a withdrawal beside that. An attempt is
journalled in one transaction as its grading ends, under a key that is there once; so whatever is killed, the next run goes
on, and two people who grade at once do not count anything twice. Which attempt counts, and for how much, is not known here:
`policy` decides that anew each time.
"""

from __future__ import annotations

import json
import random
import sqlite3
import time
import zlib
from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Any, NamedTuple

from ..errors import UsageError
from ..model import HARNESS_ERROR
from .attempts import Adjustment, Attempt, Grade, Past, Withdrawal, change_of_points, iso
from .people import Student
from .storage import PATIENCE, Kind, Storage

if TYPE_CHECKING:
    from .intake import HandIn

_SCHEMA = """\
CREATE TABLE student (
    id TEXT PRIMARY KEY,
    name TEXT NOT NULL,
    email TEXT NOT NULL
);
CREATE TABLE handed_in (
    id INTEGER PRIMARY KEY,
    exercise TEXT NOT NULL,
    student TEXT NOT NULL REFERENCES student,
    number INTEGER NOT NULL,
    sha256 TEXT NOT NULL,
    submitted TEXT NOT NULL,
    file TEXT NOT NULL,
    origin TEXT NOT NULL,
    late INTEGER NOT NULL,
    arrived TEXT NOT NULL,
    UNIQUE (exercise, student, number, sha256, submitted)
);
CREATE TABLE grade (
    id INTEGER PRIMARY KEY,
    exercise TEXT NOT NULL,
    student TEXT NOT NULL REFERENCES student,
    sha256 TEXT NOT NULL,
    exercise_version TEXT NOT NULL,
    harness_version TEXT NOT NULL,
    regrade INTEGER NOT NULL,
    seed INTEGER NOT NULL,
    tier TEXT NOT NULL,
    outcome TEXT NOT NULL,
    points INTEGER NOT NULL,
    possible INTEGER NOT NULL,
    bonus INTEGER NOT NULL,
    begun TEXT NOT NULL,
    ended TEXT NOT NULL,
    seconds REAL NOT NULL
);
CREATE UNIQUE INDEX graded_once ON grade (
    exercise, student, sha256, exercise_version, harness_version, regrade,
    CASE outcome WHEN 'harness-error' THEN begun ELSE '' END
);
CREATE TABLE report (
    grade INTEGER PRIMARY KEY REFERENCES grade,
    json BLOB NOT NULL
);
CREATE TABLE regrade (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    exercise TEXT NOT NULL,
    begun TEXT NOT NULL,
    ended TEXT NOT NULL
);
CREATE TABLE adjustment (
    id INTEGER PRIMARY KEY,
    exercise TEXT NOT NULL,
    student TEXT NOT NULL REFERENCES student,
    change TEXT NOT NULL,
    note TEXT NOT NULL,
    author TEXT NOT NULL,
    made TEXT NOT NULL
);
CREATE INDEX adjusted ON adjustment (exercise, student);
CREATE TABLE withdrawal (
    adjustment INTEGER PRIMARY KEY REFERENCES adjustment,
    note TEXT NOT NULL,
    author TEXT NOT NULL,
    made TEXT NOT NULL
);
"""

_SINCE_2 = """\
CREATE TABLE source (
    sha256 TEXT PRIMARY KEY,
    content BLOB NOT NULL
);
CREATE TABLE pseudonym (
    student TEXT PRIMARY KEY,
    number INTEGER NOT NULL UNIQUE
)
"""

KIND = Kind("gradebook", 0x534F434B, version=2, schema=_SCHEMA + _SINCE_2, upgrades=(_SINCE_2,))  # "SOCK"


class Regrade(NamedTuple):
    """A round in which everything is graded anew. `continued`: one that was begun earlier and had not ended."""

    number: int
    begun: str
    continued: bool


class Gradebook:
    """One open gradebook. It belongs to the thread and the process that opened it; others open it for themselves."""

    def __init__(self, path: str, patience: float = PATIENCE, wal: bool | None = None) -> None:
        """Open the gradebook at `path`, or begin one.

        patience: seconds to wait while somebody else writes. wal: whether to write a log ahead; None: where that is safe.

        Raises UsageError if `path` cannot name a file, SetupError if it cannot be read and written, is no gradebook, is
        damaged, or was made by a newer socklab. So does every method, SetupError also if the disk is full: what was
        journalled before is kept.
        """
        self._storage = Storage(path, KIND, patience, wal)
        self.remark = self._storage.remark
        self._opened = iso(time.time())

    def __enter__(self) -> Gradebook:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Close the file; there is nothing in memory that would have to be saved."""
        self._storage.close()

    # -- a run -------------------------------------------------------------------------------------------------------

    def already(
        self,
        student: Student,
        exercise: str,
        sha256: str,
        exercise_version: str,
        harness_version: str,
        *,
        regrade: int = 0,
    ) -> bool:
        """Whether just this was graded for `student`; an error of ours is no grade. `regrade`: whether in that round."""
        return bool(
            self._storage.rows(
                "SELECT 1 FROM grade WHERE exercise=? AND student=? AND sha256=? AND exercise_version=? "
                "AND harness_version=? AND (?=0 OR regrade=?) AND outcome<>? LIMIT 1",
                *(exercise, storable(student.id), sha256, exercise_version, harness_version),
                *(regrade, regrade, HARNESS_ERROR),
            )
        )

    def again(self, exercise: str, seen: Iterable[tuple[HandIn, str]]) -> None:
        """Note hand-ins, each with its SHA-256, that need no grading because `already` knows their content.

        Otherwise a return to an earlier version would not be the last attempt, nor would a corrected late flag be known.
        All of them are one transaction; one that was never graded is left out.
        """
        with self._storage.writing() as sql:
            for hand_in, sha256 in seen:
                for student in members(hand_in):
                    known = sql.execute(
                        "SELECT 1 FROM grade WHERE exercise=? AND student=? AND sha256=? LIMIT 1",
                        (exercise, storable(student.id), sha256),
                    ).fetchone()
                    if known:
                        self._hand_in(sql, exercise, student, hand_in, sha256)

    def journal(
        self,
        exercise: str,
        hand_in: HandIn,
        report: Mapping[str, Any],
        *,
        exercise_version: str,
        begun: float,
        regrade: int = 0,
        content: bytes = b"",
    ) -> bool:
        """Write down an attempt that was graded just now, for each member of its group; it is on the disk afterwards.

        report: as reports/json.py renders one. begun: when its grading began, in seconds since the epoch. regrade: the number
        of the round, from `begin_regrade`. content: the submission, of which the report does not hold a copy.

        Returns whether it was new; if somebody else was quicker, what they wrote stays.
        """
        packed = zlib.compress(json.dumps(report, separators=(",", ":")).encode("ascii"))
        values = {
            "exercise": exercise,
            "sha256": report["sha256"],
            "exercise_version": exercise_version,
            "harness_version": report["version"],
            "regrade": regrade,
            "seed": report["seed"],
            "tier": report["tier"],
            "outcome": report["outcome"],
            "points": report["points"],
            "possible": report["possible"],
            "bonus": report["bonus_points"],
            "begun": iso(begun),
            "ended": iso(time.time()),
            "seconds": report["seconds"],
        }
        new = False
        with self._storage.writing() as sql:
            if content:
                kept = {"sha256": report["sha256"], "content": zlib.compress(content)}
                _insert(sql, "source", kept, "ON CONFLICT DO NOTHING")
            for student in members(hand_in):
                self._hand_in(sql, exercise, student, hand_in, report["sha256"])
                graded = _insert(sql, "grade", values | {"student": storable(student.id)}, "ON CONFLICT DO NOTHING")
                if graded.rowcount:
                    new = True
                    _insert(sql, "report", {"grade": graded.lastrowid, "json": packed})
        return new

    def _hand_in(self, sql: sqlite3.Connection, exercise: str, student: Student, hand_in: HandIn, sha256: str) -> None:
        _enrol(sql, student)
        values = {
            "exercise": exercise,
            "student": storable(student.id),
            "number": hand_in.attempt,
            "sha256": sha256,
            "submitted": hand_in.submitted,
            "file": storable(hand_in.file),
            "origin": storable(hand_in.origin),
            "late": int(hand_in.late),
            "arrived": self._opened,  # the same for all of one run: workers end in any order, the number decides
        }
        newest = "file=excluded.file, origin=excluded.origin, late=excluded.late, arrived=excluded.arrived"
        key = "exercise, student, number, sha256, submitted"
        _insert(sql, "handed_in", values, f"ON CONFLICT ({key}) DO UPDATE SET {newest}")

    def begin_regrade(self, exercise: str) -> Regrade:
        """The round in which `exercise` is graded anew: the one that has not ended, if there is one, else a new one."""
        with self._storage.writing() as sql:
            open_one = sql.execute(
                "SELECT id, begun FROM regrade WHERE exercise=? AND ended='' ORDER BY id LIMIT 1", (exercise,)
            ).fetchone()
            if open_one:
                return Regrade(*open_one, continued=True)
            now = iso(time.time())
            new = _insert(sql, "regrade", {"exercise": exercise, "begun": now, "ended": ""}).lastrowid
            return Regrade(new or 0, now, continued=False)

    def end_regrade(self, regrade: Regrade) -> None:
        """All of the round is graded; the next one is another."""
        with self._storage.writing() as sql:
            sql.execute("UPDATE regrade SET ended=? WHERE id=? AND ended=''", (iso(time.time()), regrade.number))

    # -- by hand -----------------------------------------------------------------------------------------------------

    def adjust(self, student: Student, exercise: str, change: str, *, note: str, author: str) -> int:
        """Change the points of `student` by hand, whatever is graded before or after.

        change: "+1.5", "-2", or points without a sign, which replace what was earned. Returns the number by which the
        adjustment can be withdrawn. Raises UsageError if it is no change, or note or author are empty.
        """
        values = {
            "exercise": exercise,
            "student": storable(student.id),
            "change": change_of_points(change),
            "note": _wanted(note, "why (a note)"),
            "author": _wanted(author, "who changes it (an author)"),
            "made": iso(time.time()),
        }
        with self._storage.writing() as sql:
            _enrol(sql, student)
            return _insert(sql, "adjustment", values).lastrowid or 0

    def withdraw(self, adjustment: int, *, note: str, author: str) -> None:
        """Let an adjustment no longer count; it stays in the history.

        Raises UsageError if there is none of that number, or it is withdrawn already, or note or author are empty.
        """
        values = {
            "adjustment": adjustment,
            "note": _wanted(note, "why (a note)"),
            "author": _wanted(author, "who withdraws it (an author)"),
            "made": iso(time.time()),
        }
        with self._storage.writing() as sql:
            if not sql.execute("SELECT 1 FROM adjustment WHERE id=?", (adjustment,)).fetchone():
                raise UsageError(f"there is no adjustment {adjustment} in {self._storage.path}.")
            if not _insert(sql, "withdrawal", values, "ON CONFLICT DO NOTHING").rowcount:
                raise UsageError(f"adjustment {adjustment} is withdrawn already.")

    # -- what is known -----------------------------------------------------------------------------------------------

    def exercises(self) -> list[str]:
        """The names of all exercises that somebody handed in, or was given points for."""
        found = self._storage.rows("SELECT exercise FROM handed_in UNION SELECT exercise FROM adjustment ORDER BY 1")
        return [row[0] for row in found]

    def students(self, exercise: str | None = None) -> list[Student]:
        """Everybody who handed in `exercise` or was given points for it, by id; None: everybody there is."""
        if exercise is None:
            return [Student(*row) for row in self._storage.rows("SELECT id, name, email FROM student ORDER BY id")]
        found = self._storage.rows(
            "SELECT id, name, email FROM student WHERE id IN (SELECT student FROM handed_in WHERE exercise=? "
            "UNION SELECT student FROM adjustment WHERE exercise=?) ORDER BY id",
            *(exercise, exercise),
        )
        return [Student(*row) for row in found]

    def past(self, student: Student, exercise: str) -> Past:
        """The history of `student` in `exercise`: attempts in the order of handing in, with all their grades; adjustments."""
        who = exercise, storable(student.id)
        with self._storage.reading():
            attempts = sorted(self._attempts(*who), key=lambda attempt: (attempt.when, attempt.number))
            return Past(student, exercise, tuple(attempts), self._adjustments(*who))

    def _attempts(self, *who: str) -> Iterator[Attempt]:
        grades: dict[str, list[Grade]] = {}
        for row in self._storage.rows(
            "SELECT id, sha256, exercise_version, harness_version, regrade, seed, tier, outcome, points, possible, bonus, "
            "begun, ended, seconds FROM grade WHERE exercise=? AND student=? ORDER BY id",
            *who,
        ):
            grade = Grade(*row)
            grades.setdefault(grade.sha256, []).append(grade)
        for number, sha256, file, origin, late, submitted, arrived in self._storage.rows(
            "SELECT number, sha256, file, origin, late, submitted, arrived FROM handed_in "
            "WHERE exercise=? AND student=? ORDER BY id",
            *who,
        ):
            yield Attempt(number, sha256, file, origin, bool(late), submitted, arrived, tuple(grades[sha256]))

    def _adjustments(self, exercise: str, student: str) -> tuple[Adjustment, ...]:
        found = self._storage.rows(
            "SELECT a.id, a.change, a.note, a.author, a.made, w.note, w.author, w.made FROM adjustment a "
            "LEFT JOIN withdrawal w ON w.adjustment=a.id WHERE exercise=? AND student=? ORDER BY a.id",
            *(exercise, student),
        )
        return tuple(
            Adjustment(row, change, note, by, made, Withdrawal(*withdrawn) if withdrawn[0] is not None else None)
            for row, change, note, by, made, *withdrawn in found
        )

    def seed(self, exercise: str) -> int | None:
        """That of the first grade of `exercise`; None if there is none. (What was not judged has no tier, and no seed.)"""
        found = self._storage.rows("SELECT seed FROM grade WHERE exercise=? AND tier!='' ORDER BY id LIMIT 1", exercise)
        return next((seed for (seed,) in found), None)

    def usual_points(self, exercise: str) -> int:
        """The most that could be earned in `exercise`, as its newest version that judged anything says; 0 if there is none."""
        judged = "FROM grade WHERE exercise=? AND outcome IN ('passed', 'failed')"
        found = self._storage.rows(
            f"SELECT max(possible) {judged} AND exercise_version=(SELECT exercise_version {judged} ORDER BY id DESC LIMIT 1)",
            *(exercise, exercise),
        )
        return found[0][0] or 0

    def report(self, grade: Grade) -> dict[str, Any]:
        """The full report of one grade, as reports/json.py rendered it."""
        found = self._storage.rows("SELECT json FROM report WHERE grade=?", grade.row)
        try:
            return json.loads(zlib.decompress(found[0][0]))
        except (IndexError, ValueError, zlib.error) as error:
            raise self._storage.damaged(f"the report of grade {grade.row} cannot be read") from error

    def source(self, sha256: str) -> bytes:
        """The submission with that hash; empty if it was not kept, as by a socklab that did not do so yet."""
        found = self._storage.rows("SELECT content FROM source WHERE sha256=?", sha256)
        try:
            return zlib.decompress(found[0][0]) if found else b""
        except zlib.error as error:
            raise self._storage.damaged(f"the submission {sha256} cannot be read") from error

    def handed_in_together(self, exercise: str) -> set[str]:
        """The origins of what more than one student handed in, as a group does."""
        found = self._storage.rows(
            "SELECT origin FROM handed_in WHERE exercise=? GROUP BY origin HAVING COUNT(DISTINCT student) > 1", exercise
        )
        return {row[0] for row in found}

    def pseudonyms(self, students: Iterable[Student]) -> dict[str, int]:
        """A number for each of `students`, by id as it is kept here: once somebody has one it stays theirs, and none tells of a name.

        Whoever has none yet is numbered in random order, after those who have one.
        """
        wanted = dict.fromkeys(storable(student.id) for student in students)
        with self._storage.writing() as sql:
            known = dict(sql.execute("SELECT student, number FROM pseudonym"))
            new = [each for each in wanted if each not in known]
            random.SystemRandom().shuffle(new)
            for number, each in enumerate(new, max(known.values(), default=0) + 1):
                known[each] = number
                _insert(sql, "pseudonym", {"student": each, "number": number})
        return {each: known[each] for each in wanted}


def members(hand_in: HandIn) -> list[Student]:
    """Everybody for whom something was handed in, each once: of a group its members, and not the group, which is nobody."""
    return list({student.id: student for student in hand_in.group or (hand_in.student,)}.values())


def storable(text: str) -> str:
    """`text` as the gradebook keeps it: bytes of a file name that are no UTF-8 are written out."""
    return text.encode("utf-8", "backslashreplace").decode("utf-8")


def _enrol(sql: sqlite3.Connection, student: Student) -> None:
    """Know `student`; a name or address that is given replaces the one that was."""
    sql.execute(
        "INSERT INTO student (id, name, email) VALUES (?, ?, ?) ON CONFLICT (id) DO UPDATE SET "
        "name=CASE excluded.name WHEN '' THEN name ELSE excluded.name END, "
        "email=CASE excluded.email WHEN '' THEN email ELSE excluded.email END",
        (storable(student.id), storable(student.name), storable(student.email)),
    )


def _insert(sql: sqlite3.Connection, table: str, values: Mapping[str, Any], otherwise: str = "") -> sqlite3.Cursor:
    places = ", ".join("?" * len(values))
    return sql.execute(
        f"INSERT INTO {table} ({', '.join(values)}) VALUES ({places}) {otherwise}", tuple(values.values())
    )


def _wanted(text: str, what: str) -> str:
    if not text.strip():
        raise UsageError(f"an adjustment must say {what}.")
    return storable(text.strip())
