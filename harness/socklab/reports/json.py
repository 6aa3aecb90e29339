"""Reports as JSON, for scripts: one object with a list of reports, described by report.schema.json beside this file.

Everything that a Report holds is in it; nothing is computed that a reader could not compute too, save the sums of points.
"""

import dataclasses
import json
from collections.abc import Sequence
from typing import Any

from ..model import Report

name = "json"
summary = "for scripts; its schema is in the documentation"

SCHEMA_VERSION = 1


def render_many(reports: Sequence[Report]) -> str:
    """All of `reports` as one JSON object."""
    return json.dumps({"schema": SCHEMA_VERSION, "reports": [as_dict(r) for r in reports]}, indent=2, ensure_ascii=True) + "\n"


def as_dict(report: Report) -> dict[str, Any]:
    """A report as plain values, without the source that its reader has anyway."""
    values = dataclasses.asdict(report)
    del values["source"]
    return values | {"points": report.points, "possible": report.possible, "bonus_points": report.bonus_points}
