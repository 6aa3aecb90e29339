"""nbgrader's `submitted/STUDENT/ASSIGNMENT/file`, as its directory structure is documented and `nbgrader collect` makes it.

Each assignment's folder has a timestamp.txt such as "2015-02-02 15:58:23.948203 UTC" (nbgrader.utils.parse_utc). A course's folder may
hold several assignments; the one that is called like the exercise is taken, or the only one.
"""

from __future__ import annotations

import datetime
import zoneinfo

from ..choosing import Task
from ..matching import squashed
from ..people import Student
from ..trees import Entry, Tree
from . import Bundle

STAMP = "timestamp.txt"


def fits(tree: Tree, task: Task) -> float:
    """Whether there is a folder `submitted` around all, or a time stamp in most hand-ins."""
    below = [parts for entry in tree.entries if (parts := _below(tree, entry))]
    hand_ins = {parts[:2] for parts in below}
    stamped = {parts[:2] for parts in below if parts[2:] == (STAMP,)}
    named = tree.name == "submitted" or any("submitted" in entry.parts[:3] for entry in tree.entries)
    whole = len(below) >= 0.8 * len(tree.entries)
    return 0.95 if hand_ins and whole and (named or 2 * len(stamped) >= len(hand_ins)) else 0


def bundles(tree: Tree, task: Task) -> list[Bundle]:
    """By student, of the assignment that is meant."""
    found: dict[str, dict[str, list[Entry]]] = {}
    others: list[Bundle] = []
    for entry in tree.entries:
        if parts := _below(tree, entry):
            found.setdefault(parts[0], {}).setdefault(parts[1], []).append(entry)
        else:
            others.append(Bundle(None, (entry,), "it lies outside of STUDENT/ASSIGNMENT/, so it is nobody's"))
    there = {assignment for each in found.values() for assignment in each}
    meant = {each for each in there if squashed(each) in map(squashed, task.stems)} or (
        there if len(there) == 1 else set()
    )
    for student, assignments in found.items():
        who = Student(student, student)
        mine = [entries for name, entries in assignments.items() if name in meant]
        if meant and not mine:
            continue  # they handed in other assignments only
        entries = tuple(entry for each in mine for entry in each)
        why_not = "" if meant else f"none of the assignments is called {task.slug}; there is {', '.join(sorted(there))}"
        files = tuple(entry for entry in entries if entry.parts[-1] != STAMP)
        others.append(Bundle(who, files, why_not, submitted=_stamp(entries)))
    return others


def _below(tree: Tree, entry: Entry) -> tuple[str, ...]:
    """STUDENT, ASSIGNMENT and what is below them; () if the path has no such parts."""
    parts = entry.parts
    if "submitted" in parts[:3]:
        parts = parts[parts.index("submitted") + 1 :]
    return parts if len(parts) >= 3 else ()


def _stamp(entries: tuple[Entry, ...]) -> str:
    path = next((entry.path for entry in entries if entry.parts[-1] == STAMP and entry.path), "")
    if not path:
        return ""
    try:
        with open(path, encoding="ascii") as file:
            return in_utc(file.read(100).strip())
    except (OSError, ValueError):
        return ""


def in_utc(text: str) -> str:
    """A date, a time and perhaps a zone (UTC, +09:00, Asia/Seoul) as ISO 8601 in UTC; "" if it is none."""
    words = text.split()
    try:
        moment = datetime.datetime.fromisoformat(" ".join(words[:2]))
        zone = words[2] if len(words) > 2 else "UTC"
        if moment.tzinfo is None:
            offset = zone[:1] in "+-"
            moment = (
                datetime.datetime.fromisoformat(f"{moment.isoformat()}{zone}")
                if offset
                else moment.replace(tzinfo=_zone(zone))
            )
        return moment.astimezone(datetime.UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    except (ValueError, OverflowError, IndexError, zoneinfo.ZoneInfoNotFoundError, OSError):
        return ""


def _zone(name: str) -> datetime.tzinfo:
    return datetime.UTC if name in ("UTC", "Z", "GMT") else zoneinfo.ZoneInfo(name)
