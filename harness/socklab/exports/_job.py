"""What an export does inside another grader: one learner's folder in, what that grader reads out.

Whatever happens, the grader gets something that it can read. What the learner has to mend is ungradable, with the reason; what is
our trouble or the machine's is a harness error, which no format makes points of. Its reason is said on standard error too, for
whoever runs the course: to the learner it may not be shown where it could tell of hidden checks.
"""

from __future__ import annotations

import contextlib
import json
import os
import sys
import tempfile
from collections.abc import Sequence

from .. import catalog, submission
from .. import reports as formats
from ..batch.choosing import Task, choose
from ..batch.people import shown
from ..batch.trees import Reader, Room
from ..batch.workers import report_on, without_grading
from ..catalog import Exercise
from ..checking import told
from ..errors import SocklabError, SubmissionError
from ..grading import Options
from ..i18n import choose as choose_language
from ..model import HARNESS_ERROR, UNGRADABLE, Report
from ..output import replace_file
from ..reports._graders import Told
from ..reports.json import from_dict
from ..submission import Submission

TRIAL = "--trial"
_MOST_FAULTS = 5


class _Refused(Exception):
    """There is nothing to grade, for a reason that the learner mends."""

    def __init__(self, reason: str, file: str = "") -> None:
        super().__init__(reason)
        self.file = file


def main(here: str, words: Sequence[str]) -> int:
    """Grade the folder in `words` and write to the file in them, or to standard output; 0, or 4 for a harness error.

    here: the bundle's folder, which is closed to everybody else: checks are not for submissions to read. With TRIAL alone the file
    that learners begin with is graded, to see whether this machine can.
    """
    try:
        return _main(here, words)
    except SocklabError as error:
        print(f"socklab: {shown(str(error))}", file=sys.stderr)
        return 4


def _main(here: str, words: Sequence[str]) -> int:
    with open(os.path.join(here, "settings.json")) as file:
        settings = json.load(file)
    choose_language(settings["language"])
    with contextlib.suppress(OSError):
        os.chmod(here, 0o700)
    exercise = catalog.find(settings["exercise"])
    if list(words) == [TRIAL]:
        return _trial(exercise)
    what = outcome_of(exercise, words[0])
    text = formats.named(settings["grader"]).for_grader(what, out_of=settings["points"])  # type: ignore[attr-defined]
    if len(words) > 1:
        replace_file(words[1], text)
    else:
        sys.stdout.write(text)
    return _exit_code(what.report)


def _trial(exercise: Exercise) -> int:
    with tempfile.TemporaryDirectory() as folder:
        name, content = next(iter(exercise.files_to_start(exercise.languages()[0]).items()))
        with open(os.path.join(folder, name), "wb") as file:
            file.write(content)
        report = outcome_of(exercise, folder).report
    why = f" ({report.tier_reason})" if report.tier_reason else ""
    print(f"socklab: a trial with {name}: {report.outcome}, in the {report.tier} tier{why}")
    return _exit_code(report)


def _exit_code(report: Report) -> int:
    if report.outcome != HARNESS_ERROR:
        return 0
    print(f"socklab: the grader failed: {shown(report.reason)}", file=sys.stderr)
    return 4


def outcome_of(exercise: Exercise, folder: str) -> Told:
    """What came of the submission in `folder`, hidden checks and all."""
    try:
        handed_in = _submission_in(exercise, folder)
        report = report_on(exercise, handed_in, Options(hidden=True))
        return told(from_dict(report, handed_in.content))
    except _Refused as refusal:
        return _nothing_graded(exercise, refusal.file, UNGRADABLE, str(refusal))
    except (SocklabError, OSError) as error:  # before a check ran: nothing of any is in the words
        return _nothing_graded(exercise, "", HARNESS_ERROR, str(error))


def _nothing_graded(exercise: Exercise, file: str, outcome: str, reason: str) -> Told:
    report = from_dict(without_grading(exercise, Submission(file, b""), outcome, reason))
    return Told(report, report, report)


def _submission_in(exercise: Exercise, folder: str) -> Submission:
    """Of all files in `folder` and in archives there the one that is the submission, chosen as `socklab grade` does.

    Raises _Refused if there is none, or it cannot be a submission.
    """
    task = Task.of(exercise)
    room = Room()
    try:
        tree = Reader(room, lambda name: submission.LARGEST if task.is_source(name) else 0).read(folder)
        chosen, why_not = choose(tree.entries, task)
        if not chosen:
            faults = [f"{'/'.join(map(shown, entry.parts))}: {entry.fault}" for entry in tree.entries if entry.fault]
            raise _Refused(". ".join([why_not, *faults[:_MOST_FAULTS]]))
        entry = chosen[-1]
        file = shown(entry.called)
        if entry.fault:
            raise _Refused(f"{file}: {entry.fault}", file)
        try:
            return Submission(file, submission.read(entry.path).content)
        except SubmissionError as error:
            raise _Refused(str(error).replace(entry.path, file), file) from error
    finally:
        room.close()
