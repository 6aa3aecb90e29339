"""`socklab similar`: submissions that are alike, told as what they are: a hint where a person may want to look.

A number alone accuses whoever it is about, so each output says first how alike submissions of this class are as a rule, and what
such a number cannot tell. Names and sources are whatever people wrote: the page makes both harmless as a learner's report does.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Sequence
from typing import Any, NamedTuple

from .. import catalog
from ..catalog import Exercise
from ..i18n import rows, tr, trn
from ..output import replace_file
from ..reports import html
from .intake import Trouble, collect
from .people import Student, read_roster, shown
from .similar import Comparison, Pair, Text, common_lines, compare, library

FORMATS = ("terminal", "json")

NOTES = (
    "Alike says nothing about why. A small exercise has few good solutions, and the same lecture, book or template leads to the same lines.",
    "What stands out from the rest of this class may be worth a look; what is usual here says nothing.",
    "Other names, comments or layout change nothing in these numbers. What was written anew is not seen, and neither is what came from elsewhere.",
    "Which of two was there first is not known. Look at both, and talk to people before you conclude anything.",
)
"""What a reader must know before all numbers."""

MOST_LISTED = 20
MOST_SHOWN = 50
"""Pairs that the terminal lists, and pairs whose sources are on the page: the ones that are most alike."""

MOST_LINES = 400
"""A longer source is shown in excerpts."""

_USUAL = 0.01
_ENOUGH = 100
"""Of at least so many pairs, one in 100 that reaches the threshold makes it say little."""

_WIDTH = 100


class Request(NamedTuple):
    """What `socklab similar` was asked for. `output`: where to write a page, if anywhere."""

    exercise: str
    sources: Sequence[str]
    threshold: float
    format: str = "terminal"
    output: str | None = None
    roster: str | None = None


def tell_what_is_alike(request: Request) -> int:
    """Compare and tell; 0, whatever is found.

    Raises UsageError for what was typed wrong, SetupError if something is missing here.
    """
    library()
    exercise = catalog.find(request.exercise)
    roster = read_roster(request.roster) if request.roster is not None else None
    with collect(exercise, request.sources, roster) as intake:
        number = len(intake.handed_in)
        print(
            trn("comparing {number} submission", "comparing {number} submissions", number), file=sys.stderr, flush=True
        )
        found = compare(exercise, intake.handed_in, request.threshold)
    ours = {os.path.realpath(path) for path in (request.output, request.roster) if path}
    strange = [each for each in intake.troubles if os.path.realpath(each.origin) not in ours]
    found = found._replace(troubles=(*strange, *found.troubles))
    sys.stdout.write(as_json(exercise, found) if request.format == "json" else as_text(exercise, found, request.output))
    sys.stdout.flush()
    if request.output:
        replace_file(request.output, as_page(exercise, found))
        print(tr("wrote {path}", path=shown(request.output)), file=sys.stderr)
    return 0


# -- words -----------------------------------------------------------------------------------------------------------


def percent(share: float) -> str:
    """Rounded down: 100% is said of nothing less."""
    return f"{int(share * 100 + 1e-9)}%"


def who(text: Text) -> str:
    """Whose it is: names, with ids where these are not the names."""
    return ", ".join(_named(each) for each in (text.hand_in.group or (text.hand_in.student,)))


def _named(student: Student) -> str:
    return shown(student.name if student.name == student.id else f"{student.name} ({student.id})")


def counted(found: Comparison) -> str:
    """How much was compared."""
    texts = trn("{number} submission", "{number} submissions", found.texts)
    students = trn("{number} student", "{number} students", found.students)
    pairs = trn("{number} pair", "{number} pairs", found.pairs)
    return tr("compared: {submissions} of {students}, {pairs}", submissions=texts, students=students, pairs=pairs)


def usual(found: Comparison) -> str:
    """What is usual in this class; "" if nothing was compared."""
    if found.scale is None:
        return ""
    half, most, nearly_all = (percent(each) for each in found.scale[:3])
    text = "Of all pairs in this class, half are at most {half} alike, 9 in 10 at most {most}, 99 in 100 at most {all}."
    return tr(text, half=half, most=most, all=nearly_all)


def reached(found: Comparison) -> str:
    """How many pairs reach the threshold."""
    if not found.found:
        return tr("No pair reaches {percent}.", percent=percent(found.threshold))
    one, many = "{number} pair reaches {percent}.", "{number} pairs reach {percent}."
    said = trn(one, many, len(found.found), percent=percent(found.threshold))
    if found.pairs >= _ENOUGH and len(found.found) > found.pairs * _USUAL:
        said += " " + tr("So many that it says little here; a higher --threshold says more.")
    return said


# -- outputs ---------------------------------------------------------------------------------------------------------


def as_text(exercise: Exercise, found: Comparison, page: str | None) -> str:
    """For reading here."""
    head = [f"{exercise.slug}: {tr(exercise.title)}", counted(found), *rows(usual(found), _WIDTH)]
    pairs = [reached(found)]
    for pair in found.found[:MOST_LISTED]:
        pairs.append(f"  {percent(pair.similarity):>6}  {who(pair.one)}  |  {who(pair.other)}")
        pairs.append(f"          {shown(pair.one.hand_in.origin)}  |  {shown(pair.other.hand_in.origin)}")
    more = len(found.found) - MOST_LISTED
    pairs += [trn("  and {number} more pair", "  and {number} more pairs", more)] if more > 0 else []
    pairs += [] if page or not found.found else [tr("To see them beside each other: --output similar.html")]
    notes = [row for note in NOTES for row in rows(f"- {tr(note)}", _WIDTH, "  ")]
    parts = [head, pairs, [tr("What this can tell, and what not:"), *notes], _troubles(found.troubles)]
    return "\n\n".join("\n".join(lines) for lines in parts if lines) + "\n"


def _troubles(troubles: Sequence[Trouble]) -> list[str]:
    lines = [tr("Not compared, and why:")] if troubles else []
    for trouble in troubles:
        lines.append(f"  {shown(trouble.origin)}" + (f" ({_named(trouble.student)})" if trouble.student else ""))
        lines += [f"      {row}" for row in rows(shown(tr(trouble.reason)), _WIDTH - 6)]
    return lines


def as_json(exercise: Exercise, found: Comparison) -> str:
    """For scripts: names as they are."""
    content = {
        "schema": 1,
        "exercise": exercise.slug,
        "threshold": found.threshold,
        "submissions": found.texts,
        "students": found.students,
        "pairs": found.pairs,
        "scale": found.scale._asdict() if found.scale else None,
        "found": [_pair(pair) for pair in found.found],
        "not_compared": [
            {"origin": each.origin, "student": each.student.id if each.student else None, "reason": each.reason}
            for each in found.troubles
        ],
        "notes": NOTES,
    }
    return json.dumps(content, indent=2, ensure_ascii=True) + "\n"


def _pair(pair: Pair) -> dict[str, Any]:
    sides = [
        {
            "students": [each.id for each in (text.hand_in.group or (text.hand_in.student,))],
            "origin": text.hand_in.origin,
            "attempt": text.hand_in.attempt,
            "share": round(share, 4),
        }
        for text, share in zip((pair.one, pair.other), pair.shares, strict=True)
    ]
    return {"similarity": round(pair.similarity, 4), "language": pair.one.language, "submissions": sides}


class Side(NamedTuple):
    """One of two sources on the page."""

    who: str
    origin: str
    share: str
    lines: list[html.Line]


class Shown(NamedTuple):
    """A pair on the page."""

    percent: str
    sides: tuple[Side, Side]


class Step(NamedTuple):
    """A bar of the scale: so many pairs are that alike. `height`: of 100."""

    x: int
    height: float
    reaches: bool


def as_page(exercise: Exercise, found: Comparison) -> str:
    """A page of its own, the pairs beside each other."""
    return (
        html.environment()
        .get_template("similar.html.j2")
        .render(
            title=exercise.title,
            counted=counted(found),
            usual=usual(found),
            reached=reached(found),
            steps=_steps(found),
            notes=NOTES,
            pairs=[_shown(pair) for pair in found.found[:MOST_SHOWN]],
            left_out=max(0, len(found.found) - MOST_SHOWN),
            troubles=[(shown(e.origin), _named(e.student) if e.student else "", e.reason) for e in found.troubles],
        )
    )


def _steps(found: Comparison) -> list[Step]:
    if found.scale is None:
        return []
    most = max(found.scale.counts)
    return [
        Step(5 * number, max(1.5, 100 * count / most) if count else 0.0, 5 * number + 5 > 100 * found.threshold)
        for number, count in enumerate(found.scale.counts)
    ]


def _shown(pair: Pair) -> Shown:
    sides = [
        Side(who(text), shown(text.hand_in.origin), percent(share), _source(text, lines))
        for text, share, lines in zip((pair.one, pair.other), pair.shares, common_lines(pair), strict=True)
    ]
    return Shown(percent(pair.similarity), (sides[0], sides[1]))


def _source(text: Text, marked: set[int]) -> list[html.Line]:
    """All of a source, or what matters of a long one."""
    lines = text.content.split("\n")
    if len(lines) > MOST_LINES:
        return html.excerpt(lines, marked)[:MOST_LINES]
    return [
        html.Line(number, html.clipped(line, html.LONGEST_LINE), number in marked, gap=False)
        for number, line in enumerate(lines, 1)
    ]
