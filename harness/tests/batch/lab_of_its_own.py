"""A socklab with an exercise of the tests' own, hidden checks among its checks, behind the same front door; and a class that did it."""

import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from classroom import lay
from front_door import Answer
from front_door import socklab as command
from tiny_exercise import exercise

import socklab
from socklab.batch.gradebook import Gradebook
from socklab.batch.people import Student
from socklab.batch.policy import Policy
from socklab.batch.run import Tally
from socklab.batch.sorting import HandIn, Trouble
from socklab.batch.told import Told
from socklab.catalog import Exercise

CHECKS = '''
from socklab.vocabulary import AFTER_DUE

@check(points=2, hint="Twice is two times.")
def doubles(program, scene):
    """twice a number is two times it"""
    expect(program.call(21)).to_return(42)

@check(points=1, hint="A sum is enough.")
def large_ones_too(program, scene):
    """a thousand is doubled as well"""
    expect(program.call(1000)).to_return(2000)

@check(points=3, hint="a clandestine hint", visible=False)
def nought_clandestine(program, scene):
    """clandestine: nought stays nought"""
    expect(program.call(0)).to_return(0)

@check(points=4, hint="a belated hint", visible=AFTER_DUE)
def less_belated(program, scene):
    """belated: below nothing it is the same"""
    expect(program.call(-1)).to_return(-2)

@check(points=1, hint="a waiting hint", needs=(nought_clandestine,))
def waits_for_it(program, scene):
    """five is ten, if all else is right"""
    expect(program.call(5)).to_return(10)
'''

CLANDESTINE, BELATED = b"clandestine", b"belated"
"""What of each hidden check is in every text of it: nothing else has these words."""

RIGHT = "def twice(x):\n    return 2 * x\n"
ALMOST = "def twice(x):\n    return 2 * x or 7\n"  # wrong of nought only
ABSOLUTE = "def twice(x):\n    return abs(2 * x)\n"  # wrong below nothing only
WRONG = "def twice(x):\n    print('asked for', x)\n    return x\n"
BROKEN = "def twice(x:\n"

LONG = "Wolfeschlegelsteinhausenbergerdorff " * 6
HOSTILE = "<script>document.title = 'run'</script>"
ROSTER = {
    "s01": "Kim Minji",
    "s02": "Zoë van der Berg",
    "s03": "Ольга Иванова",
    "s04": "محمد علي",
    "s05": "अनिल शर्मा",
    "s06": "田中 美咲",
    "s07": HOSTILE,
    "s08": f"{LONG}",
    "s09": """O'Brien "Bob" &amp; Co/Ltd""",
    "s10": "Empty Ernest",
    "s11": "Broken Berta",
    "s12": "Missing Max",
}
"""Everybody in the class, by id."""

WORK = {
    "s01": RIGHT,
    "s02": ALMOST,
    "s03": ABSOLUTE,
    "s04": WRONG,
    "s05": RIGHT + "# thrice\n",
    "s06": WRONG + "# never\n",
    "s07": ALMOST + "# no\n",
    "s08": RIGHT + "# long\n",
    "s09": WRONG + "# <b>\n",
    "s10": "",
    "s11": BROKEN,
}
"""What they handed in."""


class Lab:
    """A folder with an exercise called "twice", and the command that knows no other. `folder`: where it runs."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        (folder / "harness").mkdir(parents=True)
        (folder / "harness" / "socklab").symlink_to(
            Path(socklab.__file__).parent
        )  # it looks for exercises beside itself
        (folder / "exercises").mkdir()
        exercise(folder / "exercises", "twice", CHECKS, "int twice(int x);")

    def grade(self, *words: str | Path, env: Mapping[str, str | None] | None = None) -> Answer:
        """`socklab grade twice …`."""
        where = {"PYTHONPATH": str(self.folder / "harness"), **(env or {})}
        return command("grade", "twice", "--no-sanitizer", *words, cwd=self.folder, env=where)

    def hand_in(self, work: Mapping[str, str], roster: Mapping[str, str]) -> tuple[str, ...]:
        """The work of a class in a folder, a folder each, and a roster: the words that grade it."""
        lay(self.folder / "week", {f"{who}/twice.py": source.encode() for who, source in work.items()})
        rows = [f'{who},"{name.replace(chr(34), chr(34) * 2)}",{who}@example.org' for who, name in roster.items()]
        (self.folder / "class.csv").write_text("\n".join(["id,name,email", *rows]))
        return "week", "--roster", "class.csv"


def journal(book: Gradebook, student: Student, report: dict[str, Any], content: bytes = b"", **more: Any) -> None:
    """One attempt, as if it had been graded just now."""
    hand_in = HandIn(student, **{"file": "is_port_open.c", "origin": f"week.zip: {student.id}/a.c", "path": "", **more})
    book.journal(report["exercise"], hand_in, report, exercise_version="v", begun=time.time(), content=content)


def told_of(
    exercise: Exercise, book: Gradebook, troubles: tuple[Trouble, ...] = (), roster: dict[str, Student] | None = None
) -> Told:
    """A class as outputs are told of it, without a run."""
    return Told(exercise, book, Policy(), roster, troubles, Tally(0), "book.sqlite", "socklab grade")
