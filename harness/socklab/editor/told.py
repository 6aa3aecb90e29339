"""What the page is told, as plain values: exercises, statements, files and reports; in the language that is spoken."""

import os
import shlex
from typing import Any

from .. import progress
from ..catalog import Exercise
from ..i18n import language, tr
from ..model import FAILED, VISIBLE, CheckResult, Report
from ..progress import DONE, Progress
from ..reports import _fragment
from ..reports._failures import failures
from ..reports.html import messages, shown
from .attempts import Attempts
from .files import Entry, Folder

_CALLS = 4
"""So many calls of one line are named beside it; the others are counted."""


def exercises(folder: Folder, entries: dict[tuple[str, str], Entry]) -> dict[str, Any]:
    """Every exercise, how far it is, and which comes next."""
    all_of_them, trouble = progress.all_of_it()
    found = [one for one in all_of_them if any(slug == one.exercise.slug for slug, _ in entries)]
    waiting = {one.exercise.slug: progress.waits_for(one, found) for one in found}
    ready = (one.exercise.slug for one in found if one.state != DONE and not waiting[one.exercise.slug])
    return {
        "language": language(),
        "folder": folder.path,
        "trouble": tr(trouble) if trouble else "",
        "next": next(ready, None),
        "exercises": [_exercise(one, waiting[one.exercise.slug], folder, entries) for one in found],
    }


def _exercise(
    one: Progress, waits_for: list[str], folder: Folder, entries: dict[tuple[str, str], Entry]
) -> dict[str, Any]:
    slug, facts = one.exercise.slug, one.exercise.facts
    offered = [entries[slug, name] for name in one.exercise.languages()]
    there = [each.language for each in offered if os.path.exists(folder.where(each))]
    return {
        "slug": slug,
        "title": tr(one.exercise.title),
        "summary": tr(str(facts["summary"])),
        "minutes": facts["minutes"],
        "prerequisites": list(one.exercise.prerequisites),
        "waits_for": waits_for,
        "state": one.state,
        "languages": [{"name": each.language, "file": each.name} for each in offered],
        "passed": {name: attempt.time for name, attempt in one.passed.items()},
        "best": one.best and {"points": one.best.points, "possible": one.best.possible},
        "chosen": one.last.language if one.attempts else next(iter(there), offered[0].language),
    }


def exercise(one: Exercise) -> dict[str, Any]:
    """What is asked for, and by which checks it is judged."""
    checks = [check for check in one.checks if check.visibility == VISIBLE]
    return {
        "slug": one.slug,
        "title": tr(one.title),
        "statement": statement(one.statement().decode()),
        "checks": [
            {
                "slug": check.slug,
                "title": tr(check.title),
                "points": check.points,
                "bonus": check.bonus,
                "languages": list(check.languages or one.languages()),
                "replayable": not check.sanitized,
            }
            for check in checks
        ],
    }


def statement(text: str) -> str:
    """Markdown as HTML; markup in it is text. Its heading is left out: whoever shows it has the title."""
    from markdown_it import MarkdownIt

    heading, _, rest = text.partition("\n")
    body = rest if heading.startswith("# ") else text
    return MarkdownIt("commonmark", {"html": False}).enable("table").render(body)


def file(entry: Entry, folder: Folder) -> dict[str, Any]:
    """A file as it is on disk, and what was graded of it."""
    stored = folder.look(entry)
    return {
        "name": entry.name,
        "path": folder.where(entry),
        "exists": bool(stored.version),
        "text": stored.text,
        "version": stored.version,
        "starter": entry.starter,
        "attempts": attempts(entry, folder),
    }


def attempts(entry: Entry, folder: Folder) -> list[dict[str, Any]]:
    """What was graded of a file, the newest first."""
    return [one._asdict() for one in Attempts(folder.path, entry.name).all()]


def report(found: Report, path: str, run: str) -> dict[str, Any]:
    """A report as a fragment of the page, and what is to be seen beside the lines."""
    again = shlex.join(["socklab", "check", found.exercise, path, "--seed", str(found.seed)])
    return {
        "html": _fragment.render(found, f"run-{run}", again=again, styled=False),
        "marks": marks(found),
    }


def sheet() -> str:
    """The style of all such fragments, and their colours for the page around them."""
    return f"{_fragment.palette()}\n{_fragment.style('report.css').text}"


def marks(found: Report) -> list[dict[str, Any]]:
    """What is to be seen beside lines: what the compiler says, mistakes, and calls of the check to mend first."""
    said: list[tuple[int, str, str]] = []
    for message in messages(found.diagnostics):
        notes = "".join(f"\n{tr(note.severity)}: {tr(note.message)}" for note in message.notes)
        kind = "error" if message.diagnostic.severity == "error" else "warning"
        said.append((message.diagnostic.line, kind, tr(message.diagnostic.message) + notes))
    said += [(line, "mistake", tr(mistake.title)) for mistake in found.mistakes for line in mistake.lines]
    to_fix = failures(found) if found.outcome == FAILED else ()
    said += _calls(to_fix[0].result) if to_fix else []
    lines = len(found.source)
    return [{"line": line, "kind": kind, "text": shown(text)} for line, kind, text in said if 0 < line <= lines]


def _calls(check: CheckResult) -> list[tuple[int, str, str]]:
    by_line: dict[int, list[str]] = {}
    for call in check.calls:
        texts = by_line.setdefault(call.line, [])
        if call.text not in texts:
            texts.append(call.text)
    more = {line: len(texts) - _CALLS for line, texts in by_line.items()}
    return [
        (line, "call", "\n".join([*texts[:_CALLS], *([f"… +{more[line]}"] if more[line] > 0 else [])]))
        for line, texts in by_line.items()
    ]
