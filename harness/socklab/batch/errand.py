"""One submission, graded on another machine for a command: what a dask worker's thread does, and the process that it has for it.

A dask worker is one process with many threads that lives for weeks. Grading wants the opposite: it forks (which in a process
with threads may leave locks held for ever, fork(2)), it ties the end of what it starts to the thread that started it
(PR_SET_PDEATHSIG), it handles signals, and it expects the module's state to be one grade's own. So nothing is graded in that
process. Each of its threads has a `station` of its own, made by posix_spawn(3) and so by exec and not by a mere fork, which grades one
submission after another as any worker of `workers` does; when the thread or the dask worker ends, however that ends, so does
it, and everything that it has started.

Of a submission it is told the file's name and contents and nothing about whose it is. What comes back are bytes of JSON.
"""

from __future__ import annotations

import json
import marshal
import os
import sys
import threading
import time
import zlib
from multiprocessing.connection import Connection, wait
from typing import Any, NamedTuple, NoReturn

from .. import __version__, catalog
from ..catalog import Exercise
from ..grading import Options
from ..submission import Submission
from .station import Station, serve
from .versions import exercise_version
from .workers import ENDING_SECONDS, TRIES, report_on

LOOKS_EVERY = 1.0
"""Seconds between two looks at whether anybody still wants an answer: dask tells a task that runs nothing of its end."""

PATIENCE = 60.0
"""Seconds without a submission after which a station ends: the dask worker may be needed for something else."""

REPORT, REFUSED, LOST = "report", "refused", "lost"
"""What an answer has in it: a report; why this machine must not grade it; how the processes ended that tried to."""

_MARSHAL = 4
"""The version of the format, which Python 3.4 and all later ones read."""

_CONNECTION = 3
"""The descriptor of a station's connection."""

_RUN = "import sys; sys.path[:] = {path!r}; from socklab.batch.errand import main; main({parent})"
"""What a station runs: the same code as the dask worker, wherever that has found it."""


class Errand(NamedTuple):
    """What is asked for. `options`: grading.Options as a dict."""

    exercise: str
    exercise_version: str
    harness_version: str
    options: dict[str, Any]
    file: str
    content: bytes

    def packed(self) -> bytes:
        """As it is sent."""
        return zlib.compress(marshal.dumps(tuple(self), _MARSHAL))


def errand(exercise: Exercise, version: str, options: Options, submission: Submission) -> bytes:
    """Ask `carry_out` for `submission` to be graded. version: that of `exercise`."""
    asked = Errand(exercise.slug, version, __version__, options._asdict(), submission.file, submission.content)
    return asked.packed()


def answered(answer: bytes) -> dict[str, Any]:
    """What `carry_out` returned."""
    return json.loads(zlib.decompress(answer))


# -- in a thread of a dask worker ------------------------------------------------------------------------------------

_own = threading.local()


def carry_out(asked: bytes) -> bytes:
    """Have it graded by this thread's station; the task that dask runs.

    Raises Reschedule, which dask hears only if somebody asks for it again, once nobody wants it any more.
    """
    from distributed import Reschedule, get_worker

    worker = get_worker()
    key = worker.get_current_task()
    message = marshal.dumps((worker.address, asked))
    how = ""
    for _ in range(TRIES):
        station = _station()
        station.ask(message)
        while not wait(station.filenos(), LOOKS_EVERY):
            task = worker.state.tasks.get(key)
            if task is None or task.state == "cancelled":
                station.ask_to_end()
                station.end(ENDING_SECONDS)
                raise Reschedule
        answer = station.answer()
        if answer is not None:
            return answer
        how = station.how_it_ended()
    return _packed({LOST: how, "where": worker.address})


def _station() -> Station:
    """This thread's own; a new one if it has none, or that has ended."""
    station: Station | None = getattr(_own, "station", None)
    if station is None or station.child.poll() is not None:
        if station:
            station.end()
        station = _own.station = Station(_spawn)
    return station


def _spawn(theirs: Connection) -> int:
    program = _RUN.format(path=sys.path, parent=os.getpid())
    actions = [
        (os.POSIX_SPAWN_OPEN, 0, os.devnull, os.O_RDONLY, 0),
        (os.POSIX_SPAWN_DUP2, theirs.fileno(), _CONNECTION),
    ]
    return os.posix_spawn(sys.executable, [sys.executable, "-c", program], os.environ, file_actions=actions)


# -- in the station --------------------------------------------------------------------------------------------------


def main(parent: int) -> NoReturn:
    """What the station does. parent: the number of the dask worker's process."""
    serve(Connection(_CONNECTION), parent, Desk().answer, patience=PATIENCE)


class Desk:
    """Grades what is asked for, if this machine's versions are those of whoever asks."""

    def __init__(self) -> None:
        self._exercises: dict[str, tuple[str, Exercise]] = {}

    def answer(self, message: bytes) -> bytes:
        """Bytes for `answered`."""
        where, packed = marshal.loads(message)
        asked = Errand(*marshal.loads(zlib.decompress(packed)))
        begun = time.time()
        if not catalog.exists(asked.exercise):
            return _packed({REFUSED: f"there is no {asked.exercise}", "where": where})
        exercise, version = self._exercise(asked.exercise)
        for what, ours, theirs in (
            ("socklab", __version__, asked.harness_version),
            (asked.exercise, version, asked.exercise_version),
        ):
            if ours != theirs:
                return _packed({REFUSED: f"{what} is {ours[:12]} there, and {theirs[:12]} here", "where": where})
        report = report_on(exercise, Submission(asked.file, asked.content), Options(**asked.options))
        return _packed({REPORT: report, "begun": begun, "where": where})

    def _exercise(self, slug: str) -> tuple[Exercise, str]:
        """The exercise as it is now, with its version: its files may have changed since its checks were loaded."""
        found = catalog.find(slug)
        version = exercise_version(found)
        known = self._exercises.get(slug)
        if known is None or known[0] != version:
            known = self._exercises[slug] = version, found
        return known[1], version


def _packed(answer: dict[str, Any]) -> bytes:
    return zlib.compress(json.dumps(answer, separators=(",", ":")).encode())
