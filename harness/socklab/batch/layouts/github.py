"""Clones of GitHub Classroom, as `gh classroom clone student-repos` and the Classroom Assistant make them.

A folder `ASSIGNMENT-submissions` with a repository `ASSIGNMENT-username` for each student or team (docs.github.com, "Using GitHub
Classroom with GitHub CLI"). What is in `.git` is never looked at: neither history nor configuration says anything here.
"""

from __future__ import annotations

from itertools import takewhile

from ..choosing import Task
from ..people import Student
from ..trees import Entry, Tree
from . import Bundle

_AROUND = "-submissions"


def fits(tree: Tree, task: Task) -> float:
    """The share of files that lie in clones, or in folders that all begin with the exercise's name."""
    folders = _folders(tree, task)
    if not folders:
        return 0
    inside = sum(
        any(entry.parts[: len(folder)] == folder for folder in _above(entry) if folder in folders)
        for entry in tree.entries
    )
    return 0.97 * inside / len(tree.entries) if tree.entries else 0.97


def bundles(tree: Tree, task: Task) -> list[Bundle]:
    """By what follows the assignment's name in that of the clone."""
    folders = _folders(tree, task)
    prefix = _prefix(tree, folders, task)
    found: dict[tuple[str, ...], list[Entry]] = {folder: [] for folder in sorted(folders)}
    others: list[Bundle] = []
    for entry in tree.entries:
        folder = next((above for above in _above(entry) if above in folders), None)
        if folder is None:
            others.append(Bundle(None, (entry,), "it lies outside of the clones, so it is nobody's"))
        else:
            found[folder].append(entry)
    for folder, entries in found.items():
        name = (folder[-1] if folder else tree.name).removeprefix(prefix)
        others.append(Bundle(Student(name, name), tuple(entries)))
    return others


def _above(entry: Entry) -> list[tuple[str, ...]]:
    return [entry.parts[:n] for n in range(min(3, len(entry.parts)))]


def _folders(tree: Tree, task: Task) -> frozenset[tuple[str, ...]]:
    """The clones, and folders beside them; where none is one any more (an archive without .git), those named as clones are."""
    is_clone = any(tree.name.startswith(f"{stem}-") for stem in task.stems)  # else the class is kept in a repository
    if () in tree.clones and is_clone and not tree.name.endswith(_AROUND):
        return frozenset({()})
    clones = frozenset(folder for folder in tree.clones if 1 <= len(folder) <= 2)
    around = {folder[:-1] for folder in clones}
    beside = {
        entry.parts[:n]
        for entry in tree.entries
        for n in (1, 2)
        if len(entry.parts) > n and entry.parts[: n - 1] in around
    }
    if clones:
        return clones | beside
    top = {entry.parts[:1] for entry in tree.entries if len(entry.parts) > 1}
    named = (any(folder[0].startswith(f"{stem}-") for stem in task.stems) for folder in top)
    return frozenset(top) if all(named) and not any(folder[0].endswith(_AROUND) for folder in top) else frozenset()


def _prefix(tree: Tree, folders: frozenset[tuple[str, ...]], task: Task) -> str:
    """What all clones have in common: the assignment's name."""
    names = [folder[-1] if folder else tree.name for folder in folders]
    around = {(tree.name, *folder)[-2] for folder in folders if folder}
    known = [each.removesuffix("submissions") for each in around if each.endswith(_AROUND)]
    for prefix in (*known, *(f"{stem}-" for stem in task.stems)):
        if all(name.startswith(prefix) and name != prefix for name in names):
            return prefix
    first, last = min(names, default=""), max(names, default="")
    common = "".join(a for a, _ in takewhile(lambda pair: pair[0] == pair[1], zip(first, last, strict=False)))
    return common[: common.rfind("-") + 1] if len(names) > 1 else ""
