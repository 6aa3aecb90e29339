"""Students, and rosters: who is who, by whatever an LMS calls them.

A roster is a CSV file with a line of column names. Those of Moodle (grading worksheet, participants, gradebook), Canvas
(gradebook, where a line "Points Possible" comes before the students), GitHub Classroom and Gradescope are known, in any order
and case, besides plain `id,name,email`; separated by commas, semicolons or tabs, as spreadsheets of all countries write them.

Names are kept in one Unicode form (NFC) and without what could change the look of the text around them (`shown`). Beside them
the file is kept as it stands, since an LMS takes marks back only in its own columns. It knows nothing of files that were
handed in.
"""

from __future__ import annotations

import codecs
import csv
import io
import re
import unicodedata
from typing import NamedTuple

from ..errors import UsageError

LARGEST_ROSTER = 20_000_000

_IDS = (
    "id", "identifier", "student id", "id number", "sid", "student number", "matriculation number", "sis user id",
    "username", "user name", "login", "sis login id", "github username", "학번", "식별자",
)  # fmt: skip
"""Columns that say who somebody is; the first of them that is filled is the id, the others are known as well."""

_NAMES = ("name", "full name", "student", "student name", "이름", "성명")
_FIRST, _LAST = ("first name", "given name", "firstname"), ("last name", "surname", "family name", "lastname")
_EMAILS = ("email", "email address", "e mail", "mail", "이메일", "이메일 주소")
_GROUPS = ("group", "group name", "team", "groups", "조")

# What turns or hides the text around it (UAX #9, UAX #31); the joiners 200C and 200D are not among them, since Persian and
# Hindi names need them.
_UNSEEN = frozenset("\u061c\u200b\u200e\u200f\u2060\ufeff") | {
    chr(c) for c in (*range(0x202A, 0x202F), *range(0x2066, 0x2070))
}


class Student(NamedTuple):
    """Somebody who hands in. `also`: what else names them, such as a login; `group`: the one that they hand in with."""

    id: str
    name: str
    email: str = ""
    also: tuple[str, ...] = ()
    group: str = ""


class Sheet(NamedTuple):
    """A CSV file as it stands: its rows that are not blank, each with the student whose it is, the column names first.

    `mark`: whether it begins with a byte order mark, in UTF-8.
    """

    path: str
    delimiter: str
    newline: str
    mark: bool
    rows: tuple[tuple[list[str], Student | None], ...]


class Roster(dict[str, Student]):
    """The students of a CSV file, by id, in its order; and the file itself."""

    def __init__(self, students: dict[str, Student], sheet: Sheet) -> None:
        super().__init__(students)
        self.sheet = sheet


def shown(text: str) -> str:
    r"""`text` as it can be shown anywhere: NFC, with control characters, bidi marks and broken bytes as \x1b or \u202e."""
    text = unicodedata.normalize("NFC", text)
    return "".join(_escaped(c) if c in _UNSEEN or unicodedata.category(c) in _NEVER else c for c in text)


_NEVER = ("Cc", "Cs", "Zl", "Zp")


def _escaped(character: str) -> str:
    code = ord(character)
    if 0xDC80 <= code <= 0xDCFF:  # a byte that was no UTF-8, as os.fsdecode keeps it
        return f"\\x{code - 0xDC00:02x}"
    return f"\\x{code:02x}" if code < 0x100 else f"\\u{code:04x}"


def normalised(text: str) -> str:
    """What two spellings of one name have in common: Unicode form, case and spaces do not count."""
    return " ".join(unicodedata.normalize("NFC", unicodedata.normalize("NFC", text).casefold()).split())


def read_roster(path: str) -> Roster:
    """The students of the CSV file `path`.

    Raises UsageError if it cannot be read, has no column that names anybody, or gives one id to two students.
    """
    text, mark = _text(path)
    delimiter, rows = _rows(text, path)
    header = [column(cell) for cell in rows[0][1]] if rows else []
    if not {*header} & {*_IDS, *_NAMES, *_FIRST, *_LAST, *_EMAILS}:
        raise UsageError(
            f"{shown(path)}: no column says who the students are; its first line must name some of id, name, email."
        )
    students: dict[str, Student] = {}
    lines: dict[str, int] = {}
    people = [(line, _person(dict(reversed([*zip(header, row, strict=False)])))) for line, row in rows[1:]]
    whose = dict(_without_common_word([each for each in people if each[1] is not None], header))
    for line, student in whose.items():
        if (known := students.setdefault(student.id, student)) != student and not _same_person(known, student):
            raise UsageError(
                f"{shown(path)}, line {line}: the id {student.id} is {known.name}'s already (line {lines[student.id]})."
            )
        lines.setdefault(student.id, line)
    kept = tuple((row, whose.get(line)) for line, row in rows)
    return Roster(students, Sheet(path, delimiter, "\r\n" if "\r\n" in text else "\n", mark, kept))


def _text(path: str) -> tuple[str, bool]:
    """What it says, and whether it begins with a byte order mark of UTF-8."""
    try:
        with open(path, "rb") as file:
            content = file.read(LARGEST_ROSTER + 1)
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or error
        raise UsageError(f"{shown(path)}: the roster cannot be read ({reason}).") from error
    if len(content) > LARGEST_ROSTER:
        raise UsageError(f"{shown(path)}: a roster has at most {LARGEST_ROSTER:,} bytes.")
    wide = content.startswith((b"\xff\xfe", b"\xfe\xff"))  # Excel's "Unicode text"
    try:
        return content.decode("utf-16" if wide else "utf-8-sig"), content.startswith(codecs.BOM_UTF8)
    except UnicodeDecodeError as error:
        raise UsageError(f"{shown(path)}: the roster is not UTF-8. Save it as “CSV UTF-8”.") from error


def _rows(text: str, path: str) -> tuple[str, list[tuple[int, list[str]]]]:
    """What stands between its cells, as makes most columns of the first row; its rows that are not blank, each with its line."""
    text = re.sub(r"\Asep=(.)\r?\n", "", text)  # Excel's own hint
    first = text.lstrip().split("\n", 1)[0]
    delimiter = max(",;\t", key=first.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    try:
        return delimiter, [(reader.line_num, row) for row in reader if any(cell.strip() for cell in row)]
    except csv.Error as error:
        raise UsageError(f"{shown(path)}, line {reader.line_num}: no CSV ({error}).") from error


def column(cell: str) -> str:
    """A column's name, whatever its case, and whether its words are joined."""
    return normalised(re.sub(r"[_\-]", " ", cell))


def _person(row: dict[str, str]) -> Student | None:
    """The student of a row; None where it is nobody's: Canvas's line of points, and its test student."""
    cell = {column: unicodedata.normalize("NFC", value).strip() for column, value in row.items()}

    def first(columns: tuple[str, ...]) -> str:
        return next((cell[column] for column in columns if cell.get(column)), "")

    name = first(_NAMES) or f"{first(_FIRST)} {first(_LAST)}".strip()
    if name in ("Points Possible", "Student, Test"):
        return None
    email = first(_EMAILS)
    ids = [*dict.fromkeys(cell[column] for column in _IDS if cell.get(column))]
    student_id = (ids or [email or name])[0]
    if not student_id:
        return None
    return Student(shown(student_id), shown(name or student_id), shown(email), tuple(ids[1:]), shown(first(_GROUPS)))


def _without_common_word(people: list[tuple[int, Student | None]], header: list[str]) -> list[tuple[int, Student]]:
    """Moodle's worksheet writes "Participant 1234567", in its own language; folders of its download say 1234567."""
    found = [(line, student) for line, student in people if student]
    parts = [re.fullmatch(r"(\D{3,})(\d+)", student.id) for _, student in found]  # in Korean the word has three letters
    if "identifier" not in header and "식별자" not in header:
        return found
    if not all(parts) or len({part[1] for part in parts if part}) > 1:
        return found
    return [
        (line, student._replace(id=part[2], also=(student.id, *student.also)))
        for (line, student), part in zip(found, parts, strict=True)
        if part
    ]


def _same_person(one: Student, other: Student) -> bool:
    """Canvas lists somebody once for each section that they are in."""
    return (normalised(one.name), normalised(one.email)) == (normalised(other.name), normalised(other.email))
