"""A class as one web page, for whoever teaches it: how many of what, what to explain once more, who needs a look, and everybody.

The page is one file that asks for nothing else, as a learner's report is (`reports/html.py`); its only script sorts and filters the
matrix of students and checks, and without it the matrix is a plain table. What is shown of a student comes down to a line as they
are gone through, and most of the page is those lines, a cell a check: nothing but `<td>✓`, since a big class has 100,000 of them.

Instructors see all checks here; those that learners do not see are marked.
"""

from __future__ import annotations

import base64
import hashlib
import os
import statistics
from collections.abc import Iterator, Sequence
from functools import cached_property
from typing import NamedTuple
from urllib.parse import quote

from markupsafe import Markup, escape

from ...i18n import tr, trn
from ...model import AFTER_DUE, FAILED, HARNESS_ERROR, HIDDEN, PASSED, UNGRADABLE, VISIBLE
from ...reports import html
from ..feedback import Names
from ..people import shown
from ..policy import MISSING
from ..told import Told
from ._overview import FAIL, NONE, PASS, REFUSED, SKIP, STEPS, WAIT, Check, Line, Mistake, Overview, Remark

summary = "a web page for whoever teaches the class"

MOST_CHECKS, MOST_MISTAKES = 10, 6
"""Of those that most fail or make, so many are in view; the others are folded away."""

MOST_LISTED = 30
"""Of those who need a look, so many of a kind are in view."""

MOST_LETTERS = 20
"""Of a name; what is longer may be cut off in the matrix, and is whole in its tooltip."""

STATES = {
    PASSED: "Passed",
    FAILED: "Failed",
    UNGRADABLE: "Ungradable",
    HARNESS_ERROR: "Harness error",
    REFUSED: "Not graded",
    MISSING: "Missing",
}

_CELLS = {
    PASS: "<td>✓",
    FAIL: "<td class=f>✗",
    WAIT: "<td class=w>○",
    SKIP: "<td class=w>–",
    NONE: "<td>",
}


def render(told: Told) -> str:
    """All of it as a page."""
    overview = Overview(told)
    names = Names(told)
    for entry in told.entries(reports=True):
        name = names.of(entry)
        overview.add(entry, address(told.feedback, name) if told.feedback and name else "")
    with open(os.path.join(html.TEMPLATES, "class.js"), encoding="utf-8") as file:
        script = file.read()
    digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
    view = View(told, overview)
    return html.environment().get_template("class.html.j2").render(view=view, script=Markup(script), digest=digest)


def address(folder: str, name: str) -> str:
    """How a page refers to a file in `folder`, which is seen from where the page is."""
    return quote(os.fsencode(os.path.join(folder, name)))


class Bar(NamedTuple):
    """One bar of the picture of points, in its coordinates. `label`: what it stands for."""

    x: float
    y: float
    height: float
    number: int
    label: str


class View:
    """The overview, in the words and forms of the page."""

    WIDTH, HEIGHT, STEP = 640, 150, 58
    """Of the picture of points: its size without labels, and from one bar to the next."""

    def __init__(self, told: Told, overview: Overview) -> None:
        self.told = told
        self.of = overview

    # -- counts ------------------------------------------------------------------------------------------------------

    @property
    def students(self) -> int:
        """How many there are."""
        return len(self.of.lines)

    @property
    def counts(self) -> list[tuple[str, str, int]]:
        """What there is any of: its name for the style, in words, and how many."""
        found = [(state, tr(words), self.of.states[state]) for state, words in STATES.items() if self.of.states[state]]
        return [*found, *([("late", tr("Late"), self.of.late)] if self.of.late else [])]

    # -- points ------------------------------------------------------------------------------------------------------

    @cached_property
    def bars(self) -> list[Bar]:
        """How many reached which part of the points."""
        most = max(self.of.spread) or 1
        labels = [f"{n * 100 // STEPS}–{(n + 1) * 100 // STEPS - 1}%" for n in range(STEPS)] + ["100%"]
        heights = [count / most * self.HEIGHT for count in self.of.spread]
        return [
            Bar(n * self.STEP, self.HEIGHT - height, height, number, label)
            for n, (height, number, label) in enumerate(zip(heights, self.of.spread, labels, strict=True))
        ]

    @property
    def spread_in_words(self) -> str:
        """The picture in a sentence or two."""
        if not self.of.shares:
            return tr("Nobody has points yet.")
        low, middle, high = (percent(share) for share in self.of.quartiles())
        mean = percent(statistics.fmean(self.of.shares))
        words = trn("{number} student was graded.", "{number} students were graded.", len(self.of.shares))
        more = tr(
            "The median is {middle}, the mean {mean}; the middle half lies between {low} and {high}.",
            middle=middle,
            mean=mean,
            low=low,
            high=high,
        )
        return f"{words} {more}"

    # -- what failed -------------------------------------------------------------------------------------------------

    @property
    def failing(self) -> tuple[Sequence[Check], Sequence[Check]]:
        """The checks that most failed, and the rest of those that somebody failed."""
        found = self.of.failing()
        return found[:MOST_CHECKS], found[MOST_CHECKS:]

    @property
    def mistakes(self) -> tuple[Sequence[Mistake], Sequence[Mistake]]:
        """The mistakes that most made, and the rest."""
        found = self.of.most_made()
        return found[:MOST_MISTAKES], found[MOST_MISTAKES:]

    def share(self, check: Check) -> str:
        """What part failed a check."""
        return percent(check.share)

    def mark(self, check: Check) -> str:
        """That a check is a bonus, or when learners see it, in words; "" for most."""
        seen = {HIDDEN: tr("hidden"), AFTER_DUE: tr("hidden until the due date")}.get(check.visibility, "")
        return ", ".join(filter(None, (tr("bonus") if check.bonus else "", seen)))

    def head(self, check: Check) -> str:
        """What stands above a check's column."""
        marks = (tr("hidden") if check.visibility != VISIBLE else "", tr("bonus") if check.bonus else "")
        return " · ".join(filter(None, (*marks, check.slug)))

    # -- who needs a look --------------------------------------------------------------------------------------------

    most_listed = MOST_LISTED

    @property
    def ungradable(self) -> list[Remark]:
        """Those whose work cannot be graded."""
        return self.of.remarks[UNGRADABLE]

    @property
    def errors(self) -> list[Remark]:
        """Those whose work we failed to grade."""
        return self.of.remarks[HARNESS_ERROR]

    @property
    def troubles(self) -> list[Remark]:
        """What nobody could take for a submission."""
        return [Remark(each.student, "", each.origin, each.reason) for each in self.told.troubles]

    @property
    def needs_a_look(self) -> bool:
        """Whether there is anybody or anything that does."""
        return bool(self.errors or self.ungradable or self.told.troubles or self.of.missing)

    # -- times -------------------------------------------------------------------------------------------------------

    @property
    def times(self) -> list[str]:
        """How long grading took and when work was handed in, in sentences."""
        found = []
        if self.of.seconds:
            seconds = sorted(each for each, _ in self.of.seconds)
            longest, student = max(self.of.seconds, key=lambda each: each[0])
            found.append(
                tr(
                    "Grading one took {median} (the median), at most {longest} ({name}), and {total} in all.",
                    median=html.duration(statistics.median(seconds)),
                    longest=html.duration(longest),
                    name=shown(student.name),
                    total=html.duration(sum(seconds)),
                )
            )
        if self.of.submitted:
            handed_in = sorted(self.of.submitted)
            first, middle, last = (handed_in[at][:16].replace("T", " ") for at in (0, len(handed_in) // 2, -1))
            text = "It was handed in between {first} and {last} UTC, half of it before {middle}."
            found.append(tr(text, first=first, last=last, middle=middle))
        return found

    # -- the matrix --------------------------------------------------------------------------------------------------

    @cached_property
    def columns(self) -> list[Check]:
        """The checks."""
        return self.of.columns()

    @property
    def rows(self) -> Iterator[Markup]:
        """The lines of the matrix."""
        words = {state: escape(tr(text)) for state, text in STATES.items()}
        late, by_hand = (Markup(" <b>{}</b>").format(text) for text in (tr("late"), tr("changed by hand")))
        return (
            self._row(line, words[line.state] + late * line.late + by_hand * line.adjusted) for line in self.of.lines
        )

    def _row(self, line: Line, state: Markup) -> Markup:
        """One of them. End tags are left out, as HTML allows: the page is half as long."""
        name, number = shown(line.student.name), shown(line.student.id)
        called = (
            Markup("<a href='{}'>{}</a>").format(line.page, name) if line.page else Markup("<bdi>{}</bdi>").format(name)
        )
        if number != name:
            called += Markup(" <small>{}</small>").format(number)
        cells = Markup("".join(_CELLS[letter] for letter in line.outcomes.ljust(len(self.columns))))
        whole = Markup(" title='{}'").format(name) if len(name) > MOST_LETTERS else ""
        return Markup("<tr role=row><th role=rowheader scope=row{}>{}<td class={}>{}<td class=n>{}{}").format(
            whole, called, line.state, state, line.points or "–", cells
        )


def percent(share: float) -> str:
    """A share in words; what is not everything is never called so."""
    return f"{min(round(share * 100), 99) if share < 1 else 100}%"
