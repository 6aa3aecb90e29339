"""What was graded before: each text, kept beside the learner's files for whoever wants it back.

One file each, in .socklab/attempts/FILE/, whose name says all that is known of it. Nothing else reads them, and a folder in
which nothing can be kept keeps nobody from being graded.
"""

import os
import re
import time
from typing import NamedTuple

from ..model import EXIT_CODES, Report

KEPT = 50
"""How many attempts stay of each file."""

_HERE = ".socklab"
_NAME = re.compile(
    r"(?P<day>\d{8})T(?P<clock>\d{6})\.\d{6}Z_(?P<outcome>[a-z-]+)_(?P<points>\d+)-of-(?P<possible>\d+)(?P<part>_part)?"
)


class Attempt(NamedTuple):
    """One text that was graded. `whole`: by all checks of the exercise."""

    id: str
    time: str
    outcome: str
    points: int
    possible: int
    whole: bool


class Attempts:
    """Those at one file of a folder."""

    def __init__(self, folder: str, file: str) -> None:
        self._top = os.path.join(folder, _HERE)
        self._folder = os.path.join(self._top, "attempts", file)
        self._suffix = os.path.splitext(file)[1]

    def all(self) -> list[Attempt]:
        """All that are kept, the newest first."""
        try:
            names = sorted(os.listdir(self._folder), reverse=True)
        except OSError:
            return []
        stems = (name.removesuffix(self._suffix) for name in names if name.endswith(self._suffix))
        return [one for stem in stems if (one := _told(stem))]

    def content(self, number: str) -> bytes | None:
        """The text of the attempt with this id; None if it is not kept (any more)."""
        if number not in [one.id for one in self.all()]:
            return None
        try:
            with open(os.path.join(self._folder, number + self._suffix), "rb") as file:
                return file.read()
        except OSError:
            return None

    def keep(self, content: bytes, report: Report, *, whole: bool) -> None:
        """Keep what was graded just now; the same text again takes the place of the one before.

        Raises OSError if that cannot be done.
        """
        os.makedirs(self._folder, exist_ok=True)
        self._hide()
        now = time.time()
        clock = time.strftime("%Y%m%dT%H%M%S", time.gmtime(now))
        part = "" if whole else "_part"
        name = f"{clock}.{int(now % 1 * 1_000_000):06}Z_{report.outcome}_{report.points}-of-{report.possible}{part}"
        before = self.all()
        with open(os.path.join(self._folder, name + self._suffix), "wb") as file:
            file.write(content)
        same = [one for one in before[:1] if one.whole <= whole and self.content(one.id) == content and one.id != name]
        for one in (*same, *before[KEPT - 1 :]):
            os.unlink(os.path.join(self._folder, one.id + self._suffix))

    def _hide(self) -> None:
        """Keep our folder out of the learner's own version control."""
        try:
            with open(os.path.join(self._top, ".gitignore"), "x", encoding="ascii") as file:
                file.write("*\n")
        except FileExistsError:
            pass


def _told(stem: str) -> Attempt | None:
    """What a name says; None if it is none of ours."""
    found = _NAME.fullmatch(stem)
    if not found or found["outcome"] not in EXIT_CODES:
        return None
    day, clock = found["day"], found["clock"]
    when = f"{day[:4]}-{day[4:6]}-{day[6:]}T{clock[:2]}:{clock[2:4]}:{clock[4:]}Z"
    return Attempt(stem, when, found["outcome"], int(found["points"]), int(found["possible"]), not found["part"])
