"""What is seen while a cell is graded: a small square for each check, which turns into its outcome.

It is one output that is replaced, no more often than an eye can follow; where a front end cannot replace one (a terminal),
nothing is shown before the result.
"""

import secrets
import time
from collections.abc import Mapping
from html import escape
from typing import Any

from IPython.core.getipython import get_ipython
from IPython.display import publish_display_data

from .. import catalog
from ..i18n import tr, trn
from ..model import FAILED, HARNESS_ERROR, PASSED, SKIPPED, UNGRADABLE, Report
from ..reports import _fragment
from ..reports.html import VERDICTS, duration, shown

PERIOD = 0.15
"""Seconds at least between two pictures."""

NAMED = 4
"""How many failing checks are named; the others are counted."""

_SIGNS = {PASSED: "✓", FAILED: "✗", SKIPPED: "–", UNGRADABLE: "!", HARNESS_ERROR: "!"}


class Live:
    """The output of one grade in progress."""

    def __init__(self, exercise: catalog.Exercise) -> None:
        self._slug = exercise.slug
        self._checks: dict[str, Mapping[str, Any]] = {}
        self._outcomes: dict[str, str] = {}
        self._id = f"socklab-{secrets.token_hex(8)}"
        self._drawn = 0.0
        self._due = False
        self._replaceable = hasattr(get_ipython(), "kernel")
        self._publish(*self._picture(), first=True)

    def tell(self, event: Mapping[str, Any]) -> None:
        """Something happened: an event of `check --stream`."""
        if event["event"] == "begun":
            self._checks = {check["slug"]: check for check in event["checks"]}
            self._outcomes = {}
        else:
            self._outcomes[event["slug"]] = event["outcome"]
        self._due = True
        self.refresh()

    def refresh(self) -> None:
        """Draw what has changed, if the last picture has been seen for long enough."""
        if self._due and time.monotonic() - self._drawn >= PERIOD:
            self._publish(*self._picture())

    def close(self) -> None:
        """Show nothing any more: there is no result."""
        self._publish("", "")

    def stopped(self) -> None:
        """Show how far it was."""
        self._publish(*self._picture(tr("{name}: stopped", name=self._slug)))

    def end(self, report: Report) -> None:
        """The verdict, in one line."""
        sign, words = _SIGNS[report.outcome], tr(VERDICTS[report.outcome])
        facts = [f"{report.exercise}, {shown(report.file)}", duration(report.seconds)]
        if report.outcome in (PASSED, FAILED):
            bonus = tr(", {number} bonus", number=report.bonus_points) if report.bonus_points else ""
            facts.insert(0, tr("{number} of {total} points", number=report.points, total=report.possible) + bonus)
        facts = [f" · {fact}" for fact in facts]
        sum_up = f'<span class="sign {report.outcome}">{sign}</span> <strong>{escape(words)}</strong>'
        self._publish(f"<p>{sum_up}{escape(''.join(facts))}</p>", f"{sign} {words}{''.join(facts)}")

    def _picture(self, said: str = "") -> tuple[str, str]:
        """The state of things as HTML and as text; `said`: in place of how far it is."""
        number, total = len(self._outcomes), len(self._checks)
        if not said:
            getting_ready = tr("{name}: getting it ready …", name=self._slug)
            counted = tr("{name}: {number} of {total} checks", name=self._slug, number=number, total=total)
            said = counted if total else getting_ready
        failing = [slug for slug, outcome in self._outcomes.items() if self._kind(slug, outcome) == FAILED]
        named = [f"✗ {tr(self._checks[slug]['title'])}" for slug in failing[:NAMED]]
        more = [trn("{number} more", "{number} more", len(failing) - NAMED)] if len(failing) > NAMED else []
        squares = "".join(map(self._square, self._checks))
        rows = "".join(f'<li class="failed">{escape(row)}</li>' for row in named)
        rows += "".join(f"<li>{escape(row)}</li>" for row in more)
        markup = f'<p>{escape(said)}</p><p class="squares" aria-hidden="true">{squares}</p><ul>{rows}</ul>'
        return markup, "\n".join([said, *named, *more])

    def _square(self, slug: str) -> str:
        kind = self._kind(slug, self._outcomes.get(slug, ""))
        title = escape(tr(self._checks[slug]["title"]))
        return f'<span class="{kind or "open"}" title="{title}">{_SIGNS.get(kind, "")}</span>'

    def _kind(self, slug: str, outcome: str) -> str:
        """An outcome as it is shown: a bonus that was not earned is no failure."""
        return SKIPPED if outcome == FAILED and self._checks[slug]["bonus"] else outcome

    def _publish(self, markup: str, text: str, *, first: bool = False) -> None:
        self._drawn, self._due = time.monotonic(), False
        if self._replaceable:
            page = _fragment.small(markup, "live.css") if markup else ""
            data = {"text/html": page, "text/plain": text}
            publish_display_data(data, transient={"display_id": self._id}, update=not first)
