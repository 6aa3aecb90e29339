"""Marks as JSON, for scripts: one object with a list of results, the counts, and whatever could not be graded.

Values are as they are in the gradebook, names with whatever is in them: JSON has no commands.
"""

from __future__ import annotations

import json
from typing import Any

from ..results import Result
from ..told import Told

summary = "for scripts"

SCHEMA_VERSION = 1


def render(told: Told) -> str:
    """All of it as one JSON object."""
    tally = told.tally
    content = {
        "schema": SCHEMA_VERSION,
        "exercise": told.exercise.slug,
        "title": told.exercise.title,
        "policy": told.policy.which,
        "due": told.policy.due.isoformat() if told.policy.due else None,
        "gradebook": told.gradebook,
        "run": {
            "handed_in": tally.total,
            "graded": tally.graded,
            "unchanged": tally.unchanged,
            **{outcome.replace("-", "_"): count for outcome, count in sorted(tally.outcomes.items())},
        },
        "results": [_result(result) for result in told.results()],
        "troubles": [
            {
                "origin": trouble.origin,
                "student": trouble.student.id if trouble.student else None,
                "reason": trouble.reason,
            }
            for trouble in told.troubles
        ],
    }
    return json.dumps(content, indent=2, ensure_ascii=True) + "\n"


def _result(result: Result) -> dict[str, Any]:
    student = result.student
    who = {"student": student.id, "name": student.name, "email": student.email}
    return who | {name: value for name, value in result._asdict().items() if name not in ("student", "report")}
