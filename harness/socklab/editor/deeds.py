"""What a run does: grades a text, or replays one check; and what it tells meanwhile.

A text is graded as it was posted: the command is given a copy, so whatever is saved while the run waits or works changes nothing.
"""

import contextlib
import json
import os
import tempfile
from collections.abc import Iterator, Sequence
from typing import Any

import anyio.to_thread

from .. import history
from ..errors import HarnessError
from ..i18n import language, tr
from ..model import Report
from ..reports.json import from_dict
from . import told
from .attempts import Attempts
from .files import Entry, Folder
from .runs import Deed, Event, Run


def grading(entry: Entry, folder: Folder, content: bytes, version: str, only: Sequence[str]) -> Deed:
    """Grades `content`, which is that `version` of the file."""

    async def grade(run: Run) -> None:
        run.tell("started", id=run.id, version=version)
        words = [word for slug in only for word in ("--only", slug)]
        answered = False
        with _copy(entry.name, content) as path:
            async with run.command("check", path, "--stream", *words) as child:
                async for line in child.lines():
                    event = json.loads(line)
                    answered |= event["event"] in ("report", "error")
                    if event["event"] == "report":
                        made = from_dict(event["report"], content)
                        more = await anyio.to_thread.run_sync(_noted, entry, folder, made, tuple(only), run.id)
                        run.tell(**event, version=version, **more)
                    else:
                        run.tell(**_in_words(event, path))
        if not answered and not run.is_stopped:
            reason = child.complaint.rpartition("\n")[2]
            fault = HarnessError(tr("the grader ended without a report ({reason}).", reason=reason))
            run.tell("error", message=str(fault), exit_code=fault.exit_code)

    return grade


@contextlib.contextmanager
def _copy(name: str, content: bytes) -> Iterator[str]:
    with tempfile.TemporaryDirectory(prefix="socklab-run-", ignore_cleanup_errors=True) as folder:
        path = os.path.join(folder, name)
        with open(path, "wb") as file:
            file.write(content)
        yield path


def _noted(entry: Entry, folder: Folder, made: Report, only: Sequence[str], run: str) -> dict[str, Any]:
    """Remember what was graded, and tell what it came to."""
    path = folder.where(entry)
    history.note([(path, made)], only)
    trouble = ""
    try:
        Attempts(folder.path, entry.name).keep(made.content, made, whole=not only)
    except OSError as error:
        trouble = tr(
            "this attempt could not be kept in {folder} ({reason}).", folder=folder.path, reason=error.strerror
        )
    return {**told.report(made, path, run), "attempts": told.attempts(entry, folder), "trouble": trouble}


def _in_words(event: Event, path: str) -> Event:
    """An event of `check --stream` in the language that is spoken."""
    if event["event"] == "error":
        return event | {"message": tr(event["message"].replace(path, os.path.basename(path)))}
    if event["event"] == "begun":
        checks = [check | {"title": tr(check["title"])} for check in event["checks"]]
        return event | {"title": tr(event["title"]), "checks": checks}
    return event


def replaying(entry: Entry, folder: Folder, check: str) -> Deed:
    """Replays one check with the file on disk."""

    async def replay(run: Run) -> None:
        run.tell("started", id=run.id)
        words = ("replay", entry.exercise.slug, check, folder.where(entry), "--lang", language())
        async with run.command(*words) as child:
            async for line in child.lines():
                run.tell("line", text=line)
        if not run.is_stopped:
            for line in child.complaint.splitlines():
                run.tell("line", text=line)

    return replay
