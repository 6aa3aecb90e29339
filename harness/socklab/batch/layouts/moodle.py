"""Moodle's "Download all submissions", by mod/assign/classes/downloader.php (locallib.php before 4.1).

A folder `Full Name_1234567_assignsubmission_file` (with a further `_` at its end before 4.1), or the same before the file's name
where "download in folders" is off. The number is the participant's in the grading worksheet, never a user id. Underscores in names
become spaces, so the first ones are Moodle's. Blind marking says "Participant" for the name; a group hand-in has the group's name and
number, or "Default group" without one. What was typed in is `_assignsubmission_onlinetext`.
"""

from __future__ import annotations

import re

from ..choosing import Task
from ..people import Student
from ..trees import Entry, Tree
from . import Bundle, by_student

_NAME = re.compile(r"(?P<name>.+?)(?:_(?P<id>\d+))?_assignsubmission_(?P<kind>[a-z]+)(?:_(?P<rest>.*))?", re.DOTALL)


def fits(tree: Tree, task: Task) -> float:
    """The share of files with Moodle's mark."""
    return sum(_match(entry) is not None for entry in tree.entries) / max(1, len(tree.entries))


def bundles(tree: Tree, task: Task) -> list[Bundle]:
    """By participant; what was typed in, and what has no mark, apart."""
    files: list[tuple[Student, Entry]] = []
    others: list[Bundle] = []
    for entry in tree.entries:
        match = _match(entry)
        if not match:
            others.append(Bundle(None, (entry,), "its name is not one of a Moodle download, so it is nobody's"))
            continue
        who = Student(match["id"] or match["name"], match["name"])
        if match["kind"] == "file":
            # The flat form has the file's own name behind the mark.
            named = (
                entry
                if len(entry.parts) > 1 and entry.parts[-1] != match[0]
                else entry._replace(name=match["rest"] or "")
            )
            files.append((who, named))
        elif match["kind"] == "onlinetext":
            others.append(Bundle(who, (entry,), "a text typed into Moodle; only files are graded"))
        else:
            others.append(Bundle(who, (entry,), f"a hand-in of the kind {match['kind']}; only files are graded"))
    return by_student(files) + others


def _match(entry: Entry) -> re.Match[str] | None:
    """Moodle's part of a path: at most two folders around it, so that no name deep in a hand-in is taken for one."""
    return next((match for part in entry.parts[:3] if (match := _NAME.fullmatch(part))), None)
