"""`socklab grade` killed at fifty random moments: the next run goes on, nothing is lost, nothing is there twice."""

import os
import random
import signal
import sqlite3
import subprocess
from pathlib import Path

import pytest
from classroom import lay
from front_door import SECONDS, all_end, socklab, started, wait_until

EXERCISE = "is-port-open"
KILLS = 50
STUDENTS = 6
LONGEST = 0.1
"""How many seconds after an event the kill comes at the latest: about what one grade takes."""


def attempts(path: Path) -> list[tuple[str, str]]:
    """Whose attempts there are and how they were graded, each with a whole report; the file must be sound."""
    if not path.exists():
        return []
    with sqlite3.connect(path) as book:
        assert book.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        tables = {name for (name,) in book.execute("SELECT name FROM sqlite_master WHERE type='table'")}
        if "grade" not in tables:  # killed before it was made
            return []
        assert book.execute(
            "SELECT count(*) FROM grade LEFT JOIN report ON report.grade=grade.id WHERE json IS NULL"
        ).fetchone() == (0,)
        return sorted(book.execute("SELECT student, outcome FROM grade"))


@pytest.fixture
def week(solutions: Path, tmp_path: Path) -> Path:
    """Six people, each with a submission of their own."""
    right = (solutions / "right" / "blocking.py").read_bytes()
    return lay(tmp_path / "week", {f"s{number}.py": right + b"#" * number for number in range(STUDENTS)})


def killed(words: tuple[str, ...], book: Path, some: random.Random, temporary: Path) -> bool:
    """Start the command and kill it a moment after some number of grades; whether it had not ended before."""
    at_least = some.randrange(STUDENTS)  # so that kills do not all fall before the first grade
    with started(*words, cwd=book.parent, env={"TMPDIR": str(temporary)}) as process:
        wait_until(lambda: process.poll() is not None or len(attempts(book)) >= at_least, process, "grades")
        with all_end(process):
            try:
                process.wait(some.uniform(0, LONGEST))
            except subprocess.TimeoutExpired:
                process.kill()
            process.communicate(timeout=SECONDS)
    assert process.returncode in (0, -signal.SIGKILL)
    return process.returncode != 0


def test_killed_at_fifty_random_moments(week: Path, tmp_path: Path, temporary: Path) -> None:
    """With SIGKILL, at any moment from the command's first breath to its last; the workers die with it."""
    seed = random.randrange(1 << 30)
    some = random.Random(seed)
    kills = classes = 0
    while kills < KILLS:
        classes += 1
        book = tmp_path / f"book{classes}.sqlite"
        words = ("grade", EXERCISE, "week", "--no-sanitizer", "--gradebook", book.name)
        known: list[tuple[str, str]] = []
        for _ in range(some.randrange(1, 6)):
            kills += killed(words, book, some, temporary)
            found = attempts(book)
            assert {*known} <= {*found}, f"seed {seed}: an attempt was lost"
            assert len(found) == len({*found}) <= STUDENTS, f"seed {seed}: an attempt is there twice"
            known = found
        answer = socklab(*words, cwd=tmp_path)
        assert answer.code == 0, (seed, answer)
        assert attempts(book) == [(f"s{number}", "passed") for number in range(STUDENTS)], f"seed {seed}"
    left = {name: os.listdir(temporary / name) for name in os.listdir(temporary)}
    assert left == {}, f"seed {seed}"
