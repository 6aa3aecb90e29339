"""Exercises of the tests' own, written where a test wants them, and graded as any other."""

from pathlib import Path

from socklab import catalog
from socklab.grading import Options, grade
from socklab.model import FAILED, CheckResult, Report
from socklab.submission import Submission

IMPORTS = """\
import contextlib, errno, signal
from socklab.vocabulary import LOOPBACK, Mismatch, check, expect, hang_up, reset
"""

C_HEAD = """\
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/types.h>
#include <sys/wait.h>
#include <unistd.h>

"""


def exercise(folder: Path, slug: str, checks: str, header: str = "") -> catalog.Exercise:
    """An exercise with these checks. `header`: a prototype; without one it asks for a whole program."""
    place = folder / slug
    place.mkdir(exist_ok=True)
    facts = 'order = 1\nminutes = 1\ntags = []\nprerequisites = []\nsummary = "tiny"\n'
    files = {
        "exercise.toml": facts,
        "statement.md": "# Tiny\n",
        "starter.c": "/* begin */\n",
        "starter.py": "# begin\n",
        "checks.py": IMPORTS + checks,
    }
    if header:
        files[f"{header.partition('(')[0].split()[-1].lstrip('*')}.h"] = header + "\n"
    for name, text in files.items():
        (place / name).write_text(text)
    return catalog.Exercise(str(place))


def graded(of: catalog.Exercise, suffix: str, source: str, *only: str, **options: object) -> Report:
    """The report on source text; `only`: these checks."""
    wanted = Options(**{"only": only, "seed": 1, "sanitize": False, **options})  # type: ignore[arg-type]
    return grade(of, Submission(f"{of.function}{suffix}", source.encode()), wanted)


def the_failure(report: Report) -> CheckResult:
    """Its one check, which failed."""
    (result,) = report.results
    assert (report.outcome, result.outcome) == (FAILED, FAILED), report
    return result


def line_of(source: str, mark: str) -> int:
    """The number of the line that has `mark` in it."""
    (found,) = (number for number, line in enumerate(source.split("\n"), 1) if mark in line)
    return found
