"""Gradescope's "Export Submissions": `assignment_123_export/submission_456/…` and `submission_metadata.yml` beside the folders.

The metadata is what Ruby's YAML writer makes of it, seen in public exports:

    submission_456:
      :submitters:
      - :name: Kim Minji
        :sid: '20231234'
        :email: minji@example.com
      :created_at: 2023-12-02 02:52:07.938335000 Z

followed by results and a history of arbitrary size, which are passed over line by line: no YAML is executed or built here.
"""

from __future__ import annotations

import json
import re

from ..choosing import Task
from ..people import Student
from ..trees import Entry, Tree
from . import Bundle
from .nbgrader import in_utc

METADATA = "submission_metadata.yml"
_FOLDER = re.compile(r"submission_\d+")
_LONGEST_LINE = 10_000


def fits(tree: Tree, task: Task) -> float:
    """Whether there is the metadata, or folders that are named so."""
    if _metadata(tree):
        return 0.99
    return 0.9 * sum(_folder(entry) is not None for entry in tree.entries) / max(1, len(tree.entries))


def bundles(tree: Tree, task: Task) -> list[Bundle]:
    """By submission, with those who made it."""
    about = _metadata(tree)
    people = _read(about.path) if about and about.path else {}
    found: dict[str, list[Entry]] = {name: [] for name in people}
    others: list[Bundle] = []
    for entry in tree.entries:
        folder = _folder(entry)
        if folder is not None:
            found.setdefault(folder, []).append(entry)
        elif entry is not about:
            others.append(Bundle(None, (entry,), "it lies outside of the submissions, so it is nobody's"))
        elif entry.fault:
            others.append(Bundle(None, (entry,)))
    for folder, entries in found.items():
        submitters, created = people.get(folder, ((), ""))
        who = submitters[0] if submitters else Student(folder, folder)
        others.append(Bundle(who, tuple(entries), submitted=created, group=submitters if len(submitters) > 1 else ()))
    return others


def _metadata(tree: Tree) -> Entry | None:
    """The one that lies highest; a student's own file of that name lies deeper, in a submission."""
    found = [entry for entry in tree.entries if entry.parts[-1] == METADATA and len(entry.parts) <= 2]
    found = [entry for entry in found if not _FOLDER.fullmatch(entry.parts[0])]
    return min(found, key=lambda entry: len(entry.parts), default=None)


def _folder(entry: Entry) -> str | None:
    return next((part for part in entry.parts[:-1][:2] if _FOLDER.fullmatch(part)), None)


def _read(path: str) -> dict[str, tuple[tuple[Student, ...], str]]:
    """Submission -> those who made it, and when."""
    found: dict[str, tuple[list[dict[str, str]], list[str]]] = {}
    people: list[dict[str, str]] = []
    moments: list[str] = []
    section = ""
    with open(path, encoding="utf-8", errors="replace") as file:
        whole = True
        while line := file.readline(_LONGEST_LINE):
            begins, whole = whole, line.endswith("\n")
            if not begins:
                continue  # the rest of a long line, which may be what a student's program printed
            if match := re.fullmatch(r"(submission_\d+):\s*", line):
                people, moments, section = [], [], ""
                found[match[1]] = (people, moments)
            elif match := re.match(r"  :(\w+):\s?(.*)", line):
                section = match[1]
                if section == "created_at":
                    moments.append(_scalar(match[2]))
            elif section == "submitters" and (match := re.match(r"  (- |  ):(name|sid|email):\s?(.*)", line)):
                if match[1] == "- ":
                    people.append({})
                if people:
                    people[-1][match[2]] = _scalar(match[3])
    return {name: (tuple(map(_student, those)), in_utc((times or [""])[0])) for name, (those, times) in found.items()}


def _student(facts: dict[str, str]) -> Student:
    name, sid, email = (facts.get(key, "") for key in ("name", "sid", "email"))
    return Student(sid or email or name, name or sid or email, email)


def _scalar(text: str) -> str:
    """A YAML scalar of one line (YAML 1.2, 7.3): plain, 'single' or "double" quoted."""
    text = text.strip()
    if text[:1] == "'" and text[-1:] == "'":
        return text[1:-1].replace("''", "'")
    if text[:1] == '"' and text[-1:] == '"':
        escaped = re.sub(r"\\x([0-9A-Fa-f]{2})", r"\\u00\1", text)
        try:
            return str(json.loads(re.sub(r"\\e", r"\\u001b", escaped)))
        except ValueError:
            return text[1:-1]
    return "" if text in ("null", "~") else text
