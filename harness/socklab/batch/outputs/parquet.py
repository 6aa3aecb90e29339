"""A class as Apache Parquet, for pandas, DuckDB, R and the like: a row for each student and check, with typed columns.

One table, since whoever analyses it wants students and checks together and Parquet stores what repeats once. Of whom there
is no report, there is one row without a check; so is of whom nothing could be built or tried. Times are UTC, missing
values null, texts as they are: Parquet has no commands. It needs pyarrow, the extra [parquet], which is loaded once
there is something to write.

Rows are written in groups, so memory holds one group and what is compressed already.
"""

from __future__ import annotations

import importlib.util
import io
from collections.abc import Iterator
from itertools import islice
from typing import TYPE_CHECKING, Any

from ...errors import SetupError, UsageError
from ...model import CheckResult
from ...reports.json import from_dict
from ..attempts import moment
from ..gradebook import storable
from ..results import Result
from ..told import Told
from . import Wanted
from .csv import COLUMNS, values

if TYPE_CHECKING:
    import pyarrow

summary = "Apache Parquet, a row for each student and check; needs the extra [parquet]"

GROUP = 10_000
"""Rows that are kept in memory, and written together."""


def check(wanted: Wanted) -> None:
    """Raise UsageError if it is to be shown here, SetupError if there is no pyarrow."""
    if not wanted.path:
        raise UsageError("--format parquet is nothing to read here; say where to write it: --output marks.parquet")
    if importlib.util.find_spec("pyarrow") is None:
        raise SetupError("--format parquet needs pyarrow, which is not installed: pip install 'socklab[parquet]'")


def render(told: Told) -> bytes:
    """The whole file."""
    import pyarrow
    from pyarrow import parquet

    kind = schema()
    content = io.BytesIO()
    rows = (row for result in told.results(reports=True) for row in _rows(result))
    with parquet.ParquetWriter(content, kind) as writer:
        while group := list(islice(rows, GROUP)):
            writer.write_table(pyarrow.Table.from_pylist(group, kind))
    return content.getvalue()


def schema() -> pyarrow.Schema:
    """The columns and their types: those of the CSV of the same names, then those of a check."""
    import pyarrow as pa

    text, number, time = pa.string(), pa.float64(), pa.timestamp("ms", "UTC")
    types = {
        "points": number,
        "possible": pa.int32(),
        "bonus": number,
        "late": pa.bool_(),
        "adjusted": number,
        "attempt": pa.int32(),
        "submitted": time,
        "graded": time,
        "seconds": number,
    }
    return pa.schema(
        [
            *((name, types.get(name, text)) for name in COLUMNS),
            ("mistakes", pa.list_(text)),
            ("check", text),
            ("title", text),
            ("outcome", text),
            ("check_points", pa.int32()),
            ("earned", pa.int32()),
            ("is_bonus", pa.bool_()),
            ("visibility", text),
            ("expected", text),
            ("got", text),
            ("message", text),
        ]
    )


def _rows(result: Result) -> Iterator[dict[str, Any]]:
    """Of one student."""
    report = from_dict(result.report) if result.report else None
    row: dict[str, Any] = dict(zip(COLUMNS, values(result), strict=True))
    row |= {name: moment(row[name]) for name in ("submitted", "graded")}
    row["mistakes"] = [mistake.slug for mistake in report.mistakes] if report else None
    for found in (report.results if report else ()) or (None,):
        yield {name: _value(value) for name, value in (row | (_of_check(found) if found else {})).items()}


def _of_check(found: CheckResult) -> dict[str, Any]:
    return {
        "check": found.slug,
        "title": found.title,
        "outcome": found.outcome,
        "check_points": found.points,
        "earned": found.earned,
        "is_bonus": found.bonus,
        "visibility": found.visibility,
        "expected": found.expected,
        "got": found.got,
        "message": found.message,
    }


def _value(value: Any) -> Any:
    """As Parquet takes it: nothing is null, and bytes of a name that are no UTF-8 are written out."""
    return (storable(value) or None) if isinstance(value, str) else value
