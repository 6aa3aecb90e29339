"""Reports as JSON, for scripts: one object with a list of reports, described by report.schema.json beside this file.

Everything that a Report holds is in it; nothing is computed that a reader could not compute too, save the sums of points.
"""

import json
from collections.abc import Mapping, Sequence
from typing import Any

from ..model import CheckResult, Diagnostic, Mistake, RecordedCall, Report
from ._failures import failures

name = "json"
summary = "for scripts; its schema is in the documentation"

SCHEMA_VERSION = 1


def render_many(reports: Sequence[Report], *, hints: int = 1) -> str:
    """All of `reports` as one JSON object; scripts get every hint, whatever a reader asked for."""
    return (
        json.dumps({"schema": SCHEMA_VERSION, "reports": [as_dict(r) for r in reports]}, indent=2, ensure_ascii=True)
        + "\n"
    )


def as_dict(report: Report) -> dict[str, Any]:
    """A report as plain values, without the source that its reader has anyway."""
    values = report._asdict()
    del values["content"]
    values["sha256"] = report.sha256
    values["diagnostics"] = [diagnostic._asdict() for diagnostic in report.diagnostics]
    values["results"] = [_result(result) for result in report.results]
    values["mistakes"] = [mistake._asdict() for mistake in report.mistakes]
    values["to_fix"] = [failure.result.slug for failure in failures(report)]
    return values | {"points": report.points, "possible": report.possible, "bonus_points": report.bonus_points}


def from_dict(values: Mapping[str, Any], content: bytes = b"") -> Report:
    """The report that `as_dict` made `values` of; `content`: the submission, which is not among them.

    Raises KeyError or TypeError if they are no report.
    """
    fields = {name: values[name] for name in Report._fields if name in values and name not in _NESTED}
    return Report(
        **fields,
        content=content,
        diagnostics=tuple(Diagnostic(**each) for each in values["diagnostics"]),
        results=tuple(_result_from(each) for each in values["results"]),
        mistakes=tuple(Mistake(**each | {"lines": tuple(each["lines"])}) for each in values["mistakes"]),
        remarks=tuple(values["remarks"]),
        hidden_remarks=tuple(values.get("hidden_remarks", ())),
    )


_NESTED = ("diagnostics", "results", "mistakes", "remarks", "hidden_remarks")


def _result_from(values: Mapping[str, Any]) -> CheckResult:
    calls = tuple(RecordedCall(**call) for call in values["calls"])
    return CheckResult(**{**values, "calls": calls, "arranged": tuple(values["arranged"])})


def _result(result: CheckResult) -> dict[str, Any]:
    return result._asdict() | {"calls": [call._asdict() for call in result.calls]}
