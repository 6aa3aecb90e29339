"""What people make by hand: a folder of files, or a folder (or archive) a student, perhaps one folder around all.

`kim.c`, `kim_is_port_open.c`, `is_port_open-kim.py`: what is left without the exercise's name is the student. `kim/…` and `kim.zip`: the
folder is. A source that holds `is_port_open.c` itself is one student's, and is named by its own name.
"""

from __future__ import annotations

import os
import re

from .. import archives
from ..choosing import Task, of_copy
from ..people import Student, normalised
from ..trees import Entry, Tree
from . import Bundle

SURE = 0.25
"""Anything can be read so; what carries the marks of an LMS on every fourth file is better read as that."""


def fits(tree: Tree, task: Task) -> float:
    """Always a little."""
    return SURE


def bundles(tree: Tree, task: Task) -> list[Bundle]:
    """By folder, or by file."""
    around = _around(tree, task)
    found: dict[str, tuple[str, list[Entry]]] = {}
    in_folder: set[str] = set()
    for entry in tree.entries:
        names = [tree.name, *entry.parts]
        first, deeper = names[around + 1], names[around + 2 :]
        is_folder = bool(deeper) or archives.is_archive(first)
        # The exercise's name alone: whoever's folder this is.
        name = (_stem(first) if is_folder else _of_file(first, task)) or _stem(names[around])
        key = normalised(name)
        found.setdefault(key, (name, []))[1].append(entry)
        in_folder |= {key} if is_folder or task.is_source(first) else set()
    return [
        Bundle(Student(name, name), tuple(entries), loose=True, stray=key not in in_folder)
        for key, (name, entries) in found.items()
    ]


def _around(tree: Tree, task: Task) -> int:
    """How many folders there are around the class: one that holds all, unless it is a student's own."""
    around = 0
    while around < 3:
        tops = {entry.parts[around] for entry in tree.entries}
        inside: list[tuple[str, ...]] = [entry.parts[around + 1 :] for entry in tree.entries]
        if len(tops) != 1 or not all(inside) or archives.is_archive(min(tops)):
            break
        if any(len(parts) == 1 and task.is_expected(parts[0]) for parts in inside):
            break
        hand_ins = {parts[0] for parts in inside if len(parts) != 1 or task.is_source(parts[0])}
        if len(hand_ins) < 2 and all(len(parts) == 1 for parts in inside):
            break
        around += 1
    return around


def _stem(name: str) -> str:
    for suffix in archives.ZIP + archives.TAR:
        if name.lower().endswith(suffix):
            return name[: -len(suffix)] or name
    return name


def _of_file(name: str, task: Task) -> str:
    """A file's name without its suffix and the exercise's name; "" if nothing else is in it."""
    stem = of_copy(os.path.splitext(name)[0])
    for known in sorted(task.stems, key=len, reverse=True):
        left = re.fullmatch(
            rf"(?:(.+?)[\s_\-.]+)?{re.escape(known)}(?:[\s_\-.]+(.+))?", stem, re.IGNORECASE | re.DOTALL
        )
        if left:
            return left[1] or left[2] or ""
    return stem
