"""Canvas's "Download Submissions", by lib/content_zipper.rb and app/models/attachment.rb (make_unique_filename).

Flat names, `lastfirst_LATE_12345_67890_file.c`: the sortable name in lower case without punctuation (of a group: the group's name),
LATE where it was, the user's id, the attachment's, and the file's own name. Anonymous: `anon_Ab12C_67890_file.c`. A file that was handed
in again under its name has a number: `file-1.c`, up to 7. Typed text and links are `lastfirst_12345_text.html`, `…_link.html`.
"""

from __future__ import annotations

import re

from ..choosing import Task
from ..people import Student
from ..trees import Entry, Tree
from . import Bundle, by_student

_ANONYMOUS = re.compile(r"(?:(?P<late>LATE)_)?(?P<id>anon_[A-Za-z0-9]+)_(?P<file>\d+)_(?P<rest>.+)", re.DOTALL)
_NAMED = re.compile(r"(?P<name>.+?)_(?:(?P<late>LATE)_)?(?P<id>\d+)_(?P<file>\d+)_(?P<rest>.+)", re.DOTALL)
_TYPED = re.compile(r"(?:(?P<name>.+?)_)?(?:LATE_)?(?P<id>\d+|anon_[A-Za-z0-9]+)_(?:text|link)\.html", re.DOTALL)
_AGAIN = re.compile(r"(.+)-([1-7])((?:\.[A-Za-z0-9]+)+)", re.DOTALL)


def fits(tree: Tree, task: Task) -> float:
    """The share of files with Canvas's numbers; 0 if they cannot be Canvas's, which gives each attachment its own."""
    found = [match for entry in tree.entries if (match := _match(entry)) and match.re is not _TYPED]
    marked = {_part(entry) for entry in tree.entries if _match(entry)}
    attachments, people = {match["file"] for match in found}, {}
    for match in found:
        people.setdefault(match["id"], set()).add(match.groupdict().get("name"))
    named = {match[0] for match in found}
    if len(attachments) < 0.8 * len(named) or sum(len(called) == 1 for called in people.values()) < 0.8 * len(people):
        return 0
    return len(marked) / max(1, len({_part(entry) for entry in tree.entries}))


def bundles(tree: Tree, task: Task) -> list[Bundle]:
    """By user; what was typed in, and what has no numbers, apart."""
    files: list[tuple[Student, Entry]] = []
    others: list[Bundle] = []
    for entry in tree.entries:
        match = _match(entry)
        if not match:
            others.append(Bundle(None, (entry,), "its name is not one of a Canvas download, so it is nobody's"))
            continue
        who = Student(match["id"], match.groupdict().get("name") or match["id"])
        if match.re is _TYPED:
            others.append(Bundle(who, (entry,), "a text or link typed into Canvas; only files are graded"))
        else:
            files.append((who, _as_handed_in(entry, match)))
    return by_student(files) + others


def _as_handed_in(entry: Entry, match: re.Match[str]) -> Entry:
    again = _AGAIN.fullmatch(match["rest"])
    name = again[1] + again[3] if again else match["rest"]
    version = int(again[2]) if again else 0
    own = (
        name if entry.parts[-1] == match[0] else ""
    )  # "": it was in an archive that was handed in, and has a name of its own
    return entry._replace(name=own, version=version, late=match["late"] is not None)


def _match(entry: Entry) -> re.Match[str] | None:
    for part in entry.parts[:2]:
        for pattern in (_ANONYMOUS, _NAMED, _TYPED):
            if match := pattern.fullmatch(part):
                return match
    return None


def _part(entry: Entry) -> str:
    """What Canvas named: the file, or the archive that it was in."""
    match = _match(entry)
    return match[0] if match else entry.parts[0]
