"""check50's checks: the first one has socklab grade, and each of the others says what came of one of its checks.

Written by `socklab export check50`; what socklab needs is in the folder socklab beside this file.
"""

import functools
import json
import subprocess
import sys
from pathlib import Path

import check50  # type: ignore[import-not-found]  # it is where this runs

GRADE = Path(__file__).resolve().parent / "socklab" / "grade.py"
SECONDS = 900


class LeftOut(Exception):
    """This check was not tried, and that is nobody's fault."""


def check(dependency=None, **options):
    """A check of check50's whose result is null, with the reason, where it was left out."""

    def mark(function):
        checked = check50.check(dependency, **options)(function)

        @functools.wraps(checked)
        def outcome(*arguments):
            result, state = checked(*arguments)
            error = (result.cause or {}).get("error", {})
            if error.get("type") == LeftOut.__name__:
                result.cause = {"rationale": error["value"], "help": None}
            return result, state

        return outcome

    return mark


def tell(result):
    """Come to the same result as socklab."""
    for line in result["log"]:
        check50.log(line)
    check50.data(**result["data"])
    if result["passed"] is None:
        raise LeftOut(result["cause"]["rationale"])
    if not result["passed"]:
        failure = check50.Failure(result["cause"]["rationale"], help=result["cause"]["help"])
        failure.payload.update(result["cause"])
        raise failure


def tell_one(results, name, other):
    """What came of the check called `name`; `other`: why there may be nothing."""
    tell(results.get(name) or {"log": [], "data": {}, "passed": None, "cause": {"rationale": other}})


@check(timeout=SECONDS)
def gradable():
    """@GRADABLE@"""
    told = subprocess.run([sys.executable, "-IS", str(GRADE), "."], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
    if not told.stdout:
        raise RuntimeError(f"the grader ended with exit code {told.returncode}")
    answer = json.loads(told.stdout)
    if "error" in answer:
        raise RuntimeError(answer["error"]["value"])
    first, *others = answer["results"]
    tell(first)
    return {result["name"]: result for result in others}
