"""A page for each learner: what they reached and how it came to that, above the report that they may see.

Pages go into a folder, where no file is touched that is no such page, or into a zip, which is written whole or not at all. They are
made one by one, so a class of any size takes the memory of one page and a list of file names.

Names are those that Moodle finds its participants by, where the work came from there ("Upload multiple feedback files in a zip",
is_valid_filename_for_import in mod/assign/feedback/file/importziplib.php): `Full Name_1234567_assignsubmission_file_NAME`. Only the
number counts; it is the one in the name of the download, or on the roster that is Moodle's worksheet. A group's download has the
group's number, which would be somebody else's. All others are `Full Name (id).html`.
"""

from __future__ import annotations

import hashlib
import os
import re
import unicodedata
import zipfile
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import TYPE_CHECKING, NamedTuple

from ..errors import SetupError, UsageError
from ..i18n import tr
from ..model import HARNESS_ERROR
from ..output import replace_file, replacing
from ..reports import html
from ..reports.json import from_dict
from ..visibility import for_learner
from .people import Student, normalised, shown
from .policy import MISSING
from .results import Result
from .told import Entry, Told

if TYPE_CHECKING:
    from jinja2 import Template

MARK = "socklab feedback"
"""What pages say that made them, near their beginning; so they are known again."""

LONGEST_NAME = 255
"""Bytes that a file's name may have (NAME_MAX in Linux); Moodle's database takes as many characters."""

_LONGEST_ID = 60
_ZIP = ".zip"
_FROM_MOODLE = re.compile(r"(?:^|/|: )[^/]*?_(\d+)_assignsubmission_file(?:[_/]|$)")
_OF_WORKSHEET = re.compile(r"\D{3,}(\d+)")
_RESERVED = re.compile(r"(con|prn|aux|nul|com\d|lpt\d)(\..*)?", re.IGNORECASE)  # Windows opens devices by these names


class Above(NamedTuple):
    """What stands above a report. `points`: "" if there are none to tell; `lost`: the grader failed, not they.

    `words`: how it came to the points, such as "Late by 1 hour 1 minute: …", "Late by 2 hours 3 minutes." or
    "Late, as marked where it was handed in." `refused`: why something that was handed in was not graded, each with its file's name.
    """

    student: Student
    exercise: str
    points: str
    bonus: str
    late: bool
    words: str
    refused: tuple[tuple[str, str], ...]
    lost: bool


# -- files -----------------------------------------------------------------------------------------------------------


def is_zip(path: str) -> bool:
    """Whether pages go into a zip of that name."""
    return path.lower().endswith(_ZIP)


def check(path: str) -> None:
    """Raises UsageError if no pages can go to `path`; its folder is known to be there."""
    if is_zip(path):
        if os.path.isdir(path):
            raise UsageError(f"{path}: that is a folder. Name a file that ends in .zip, or a folder that does not.")
    elif os.path.lexists(path) and not os.path.isdir(path):
        raise UsageError(f"{path}: that is no folder. Name a folder, or a file that ends in .zip.")


def is_page(path: str) -> bool:
    """Whether a file is a page that was made here."""
    try:
        with open(path, "rb") as file:
            return not os.path.islink(path) and f'content="{MARK}"'.encode() in file.read(1000)
    except OSError:
        return False


def write(path: str, told: Told) -> int:
    """Make the pages of all learners who handed in something; returns how many there are.

    Raises UsageError if they cannot be written there, or something else has the name of one; SetupError if the disk is full, or the
    gradebook cannot be read.
    """
    return _write_zip(path, told) if is_zip(path) else _write_folder(path, told)


def _write_folder(path: str, told: Told) -> int:
    try:
        os.makedirs(path, exist_ok=True)
    except OSError as error:
        raise UsageError(f"{path}: it cannot be made ({error.strerror}).") from error
    written = 0
    for name, text in pages(told):
        file = os.path.join(path, name)
        if os.path.lexists(file) and not is_page(file):
            raise UsageError(f"{shown(file)}: that is no page of ours, and stays as it is. Name another folder.")
        replace_file(file, text)
        written += 1
    return written


def _write_zip(path: str, told: Told) -> int:
    written = 0
    with replacing(path) as temporary, zipfile.ZipFile(temporary, "w") as archive:
        for name, text in pages(told):
            entry = zipfile.ZipInfo(name)  # without the time: the same pages make the same file
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.external_attr = 0o644 << 16
            archive.writestr(entry, text.encode("utf-8", "backslashreplace"))
            written += 1
    return written


# -- names -----------------------------------------------------------------------------------------------------------


class Names:
    """What the pages are called. Whoever asks for all of them in the same order is told the same names."""

    def __init__(self, told: Told) -> None:
        self._file = f"{told.exercise.slug}.html"
        self._together = told.book.handed_in_together(told.exercise.slug)
        self._roster = told.roster or {}
        self._taken: set[str] = set()

    def of(self, entry: Entry) -> str:
        """The name of a student's page, which is unlike all others whatever a file system takes for alike; "" if there is none."""
        if entry.result.verdict == MISSING and not entry.refused:
            return ""
        student = entry.result.student
        called = _safe(student.name) or _safe(student.id) or "nameless"
        if number := self._number(entry):
            stem, end = called.replace("_", " "), f"_{number}_assignsubmission_file_{self._file}"
        elif normalised(student.name) == normalised(student.id) or not _safe(student.id):
            stem, end = called, ".html"
        else:
            stem, end = called, f" ({_cut(_safe(student.id), _LONGEST_ID)}).html"
        name = _cut(stem, LONGEST_NAME - len(end.encode())) + end
        if normalised(name) in self._taken:
            digest = hashlib.sha256(student.id.encode("utf-8", "surrogateescape")).hexdigest()
            name = _cut(stem, LONGEST_NAME - len(end.encode()) - 17) + f" {digest[:16]}{end}"
        self._taken.add(normalised(name))
        return name

    def _number(self, entry: Entry) -> str:
        """The number of Moodle's participant; "" if there is none that is certain."""
        student = entry.result.student
        origin = entry.result.origin or next((each.origin for each in entry.troubles), "")
        known = self._roster.get(student.id, student).also
        if any((found := _OF_WORKSHEET.fullmatch(word)) and found[1] == student.id for word in known):
            return student.id
        found = _FROM_MOODLE.search(origin)
        return found[1] if found and origin not in self._together else ""


def _safe(text: str) -> str:
    """`text` as a part of a file's name on any system; a name that begins with . or ~ would be passed over by Moodle."""
    text = re.sub(r'[<>:"/\\|?*]', "-", shown(text)).strip().lstrip(".~").rstrip(". ")
    return f"{text}-" if _RESERVED.fullmatch(text) else text


def _cut(text: str, most: int) -> str:
    """The beginning of `text` that has at most so many bytes, with no letter cut apart from its accents."""
    if len(text.encode()) <= most:
        return text
    cut = text.encode()[:most].decode("utf-8", "ignore")
    while cut and unicodedata.combining(text[len(cut)]):
        cut = cut[:-1]
    return cut.rstrip(". ")


# -- pages -----------------------------------------------------------------------------------------------------------


def pages(told: Told) -> Iterator[tuple[str, str]]:
    """Each page, with the name of its file. Raises SetupError if the gradebook cannot be read."""
    due = told.policy.due
    due_passed = due is not None and due <= datetime.now(UTC)
    names, template = Names(told), html.environment().get_template("feedback.html.j2")
    for entry in told.entries(reports=True):
        if name := names.of(entry):
            yield name, _page(entry, told, template, due_passed=due_passed)


def _page(entry: Entry, told: Told, template: Template, *, due_passed: bool) -> str:
    result = entry.result
    views = []
    if result.report and result.verdict != HARNESS_ERROR:
        try:
            report = from_dict(result.report, told.book.source(result.sha256))
        except (KeyError, TypeError) as error:
            raise SetupError(
                f"{told.gradebook}: the report on {shown(result.student.name)} was made by another version of socklab and cannot be "
                "shown. Grade once more with --regrade."
            ) from error
        views = [html.View(for_learner(report, told.exercise, due_passed=due_passed), "report", 1)]
    return template.render(above=_above(entry, told.exercise.title), views=views, mark=MARK)


def _above(entry: Entry, title: str) -> Above:
    result = entry.result
    lost = result.verdict == HARNESS_ERROR
    counts = not lost or result.adjusted is not None
    return Above(
        student=result.student,
        exercise=title,
        points=_of(result) if counts else "",
        bonus=f"{result.bonus}" if result.bonus and counts else "",
        late=result.late,
        words="" if lost or entry.refused else result.note,
        refused=tuple((_of_origin(each.origin), each.reason) for each in entry.troubles),
        lost=lost,
    )


def _of(result: Result) -> str:
    """The points in words; where no check ever ran, nobody knows of how many."""
    if not result.possible:
        return str(result.points)
    return tr("{number} of {total}", number=result.points, total=result.possible)


def _of_origin(origin: str) -> str:
    """The file's name: where it lies with whoever grades is nothing to a learner."""
    return re.split(r"/|: ", origin)[-1]
