"""What outputs are given, made of reports without grading anything: a gradebook in which they are journalled."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from journalling import EXERCISE, handed_in, journal

from socklab import catalog
from socklab.batch.gradebook import Gradebook
from socklab.batch.people import Student
from socklab.batch.policy import Policy
from socklab.batch.run import Tally
from socklab.batch.told import Told
from socklab.model import Report
from socklab.reports.json import as_dict


@contextmanager
def told_of(
    folder: Path, reports: Mapping[Student, Report], origins: Mapping[Student, str] | None = None, **more: Any
) -> Iterator[Told]:
    """A class that handed in what `reports` are about, from there."""
    with Gradebook(str(folder / "book.sqlite")) as book:
        for student, report in reports.items():
            origin = (origins or {}).get(student, f"week/{report.file}")
            journal(book, handed_in(student, file=report.file, origin=origin), as_dict(report))
        usual: dict[str, Any] = {"policy": Policy(), "roster": None, "troubles": (), "tally": Tally(len(reports))}
        facts = usual | {"gradebook": "book.sqlite", "again": "socklab grade"} | more
        yield Told(exercise=catalog.find(EXERCISE), book=book, **facts)
