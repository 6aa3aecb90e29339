"""What was reached so far, what to do next, and what the last change to a file changed: told from the history."""

from __future__ import annotations

import os
import time
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from . import catalog, history
from .errors import UsageError
from .history import Attempt
from .i18n import ENGLISH, language, tr, trn
from .model import HARNESS_ERROR, PASSED, UNGRADABLE, VISIBLE, Report
from .reports import terminal

DONE, TRIED, OPEN = "passed", "tried", "open"

NAMED = 3
"""How many checks are named; the others are counted."""

_MARKS = {DONE: ("32", "✓"), TRIED: ("33", "~"), OPEN: ("2", "·")}


class Progress(NamedTuple):
    """How far one exercise is. `passed`: language -> the first grade that passed; `best`: the first with most points."""

    exercise: catalog.Exercise
    attempts: tuple[Attempt, ...]
    passed: Mapping[str, Attempt]
    best: Attempt | None

    @property
    def state(self) -> str:
        """One of DONE, TRIED, OPEN. A grade that failed by our own fault is a try, and lowers nothing."""
        return DONE if self.passed else TRIED if self.attempts else OPEN

    @property
    def last(self) -> Attempt:
        """The attempt to go on from: the last one that says anything about the file."""
        told = [one for one in self.attempts if one.outcome != HARNESS_ERROR]
        return (told or self.attempts)[-1]


def of(exercise: catalog.Exercise, attempts: Sequence[Attempt]) -> Progress:
    """How far `exercise` is, by all `attempts` that there were at anything."""
    own = tuple(one for one in attempts if one.exercise == exercise.slug)
    passed: dict[str, Attempt] = {}
    for one in own:
        if one.whole and one.outcome == PASSED:
            passed.setdefault(one.language, one)
    return Progress(exercise, own, passed, max((one for one in own if one.whole), key=history.rank, default=None))


def all_of_it() -> tuple[list[Progress], str]:
    """How far each exercise is, in their order; and why the history cannot be had or kept, if so."""
    trouble = history.trouble()
    try:
        attempts = history.read()
    except OSError as error:
        attempts, trouble = [], f"{history.path()}: your history cannot be read ({error.strerror})."
    return [of(exercise, attempts) for exercise in catalog.all_exercises()], trouble


def when(attempt: Attempt) -> str:
    """Its time on the user's own clock; the day only if it was another one."""
    then, now = time.localtime(history.seconds(attempt)), time.localtime()
    clock = time.strftime("%H:%M", then)
    if then[:3] == now[:3]:
        return clock
    if language() != ENGLISH:
        return time.strftime("%Y-%m-%d %H:%M", then)  # no names of months
    return f"{then.tm_mday} {time.strftime('%b %Y', then)}, {clock}"


# -- list ------------------------------------------------------------------------------------------------------------


def as_text(found: Sequence[Progress], *, colour: bool) -> str:
    """`socklab list`: each exercise and how far it is."""
    rows: list[str] = []
    for one in found:
        facts = one.exercise.facts
        paint, mark = _MARKS[one.state]
        mark = f"\x1b[{paint}m{mark}\x1b[0m" if colour else mark
        about = f"{_duration(facts)}; {', '.join(one.exercise.languages())}"
        rows.append(f"{mark} {one.exercise.slug:<22} {tr(one.exercise.title)}  ({about})")
        state = _state_in_words(one)
        if one.state == OPEN and (before := waits_for(one, found)):
            state = tr("open; first comes {names}", names=", ".join(before))
        rows += [f"{'':<24} {text}" for text in (tr(str(facts["summary"])), state)]
    begin, now = tr("Begin with: socklab start EXERCISE"), tr("What to do now: socklab next")
    return "\n".join([*rows, "", begin, now]) + "\n"


def waits_for(one: Progress, found: Sequence[Progress]) -> list[str]:
    """The exercises that are to be solved before it, and are not."""
    missing = {other.exercise.slug for other in found if other.state != DONE}
    return [slug for slug in one.exercise.prerequisites if slug in missing]


def _duration(facts: Mapping[str, object]) -> str:
    return tr("about {number} minutes", number=facts["minutes"])


def _state_in_words(one: Progress) -> str:
    if one.passed:
        places = [
            tr("in {language} ({time})", language=_shown(lang), time=when(attempt))
            for lang, attempt in one.passed.items()
        ]
        return tr("passed {places}", places=", ".join(places))
    if one.best:
        return tr("tried, {points} so far ({time})", points=_points(one.best), time=when(one.best))
    if one.attempts:
        return tr("tried, not judged as a whole yet ({time})", time=when(one.attempts[-1]))
    return tr("open")


def _shown(text: str) -> str:
    """Words of the history, in one line and with nothing in them that steers a terminal."""
    return terminal.visible(text.replace("\n", "\\n"))


def _points(attempt: Attempt) -> str:
    return tr("{number} of {total} points", number=attempt.points, total=attempt.possible)


def as_json(found: Sequence[Progress]) -> str:
    """`socklab list --format json`: times are UTC."""
    import json

    exercises = [_as_dict(one) for one in found]
    return json.dumps({"schema": 1, "history": history.path(), "exercises": exercises}, indent=2) + "\n"


def _as_dict(one: Progress) -> dict[str, Any]:
    best = one.best and {"points": one.best.points, "possible": one.best.possible, "time": one.best.time}
    return {
        "exercise": one.exercise.slug,
        "title": one.exercise.title,
        "summary": one.exercise.facts["summary"],
        "minutes": one.exercise.facts["minutes"],
        "languages": one.exercise.languages(),
        "prerequisites": list(one.exercise.prerequisites),
        "state": one.state,
        "passed": {language: attempt.time for language, attempt in one.passed.items()},
        "best": best,
        "attempts": len(one.attempts),
        "last": vars(one.last) if one.attempts else None,
    }


# -- next ------------------------------------------------------------------------------------------------------------


def advice(found: Sequence[Progress]) -> str:
    """`socklab next`: the first exercise that is not passed and waits for no other, how it stands, and the command to type."""
    one = next((one for one in found if one.state != DONE and not waits_for(one, found)), None)
    if one is None:
        return tr("Well done: every exercise is passed. `socklab list` shows when.") + "\n"
    rows = [f"{one.exercise.slug}: {tr(one.exercise.title)}"]
    if one.state == OPEN:
        rows += [tr("Not begun yet; about {number} minutes.", number=one.exercise.facts["minutes"])]
    else:
        rows += [f"{_shown(one.last.file)}: {_standing(one)}"]
    return "\n".join([*rows, f"  {_command(one)}"]) + "\n"


def _standing(one: Progress) -> str:
    """How the file stands that was tried last."""
    last = one.last
    if not os.path.isfile(last.file):
        if last.whole:
            return tr("{points}, but the file is no longer there.", points=_points(last))
        return tr("the file is no longer there.")
    if last.outcome == HARNESS_ERROR:
        return tr("the grader failed; no points are lost by this.")
    if last.outcome == UNGRADABLE:
        return _shown(tr(last.reason))
    if not last.failed:
        return tr("passes what --only asked for; the other checks are next.")
    titles = {check.slug: tr(check.title) for check in one.exercise.checks if check.visibility == VISIBLE}
    points = f"{_points(last)}, " if last.whole else ""
    first = titles.get(last.failed[0], _shown(last.failed[0]))
    return points + tr("first to fix: {title}", title=first)


def _command(one: Progress) -> str:
    import shlex

    if one.state == OPEN or not os.path.isfile(one.last.file):
        lang = " --lang python" if one.attempts and one.last.language == "python" else ""
        return f"socklab start {one.exercise.slug}{lang}"
    first = _named_first(one.exercise, one.last.file)
    return f"socklab check {first}{_shown(shlex.quote(_from_here(one.last.file)))}"


def _from_here(file: str) -> str:
    """A file's path as one would type it."""
    try:
        here = os.path.join(os.getcwd(), "")
    except OSError:  # the folder was deleted
        return file
    short = file.removeprefix(here)
    return f"./{short}" if short.startswith("-") else short


def _named_first(exercise: catalog.Exercise, file: str) -> str:
    """The exercise, as a word before the file, if the file's name does not tell."""
    try:
        return "" if catalog.infer(file).slug == exercise.slug else f"{exercise.slug} "
    except UsageError:
        return f"{exercise.slug} "


# -- what changed ----------------------------------------------------------------------------------------------------


class Changes:
    """Tells of each further grade of one file what it changed; of the first one, since the last time in the history."""

    def __init__(self, exercise: str, file: str, only: Sequence[str]) -> None:
        self.file = os.path.abspath(file)
        self.only = tuple(only)
        self.last: Attempt | None = None
        self.graded: Attempt | None = None
        try:
            attempts = history.read()
        except OSError:  # `socklab list` says so
            attempts = []
        for one in attempts:
            if (one.exercise, one.file, one.only) == (exercise, self.file, self.only):
                self._remember(one)
        self.since = tr("since {time}: ", time=when(self.last)) if self.last else ""

    def _remember(self, one: Attempt) -> None:
        if one.outcome != HARNESS_ERROR:  # which says nothing about the file
            self.last = one
            self.graded = one if one.outcome != UNGRADABLE else self.graded

    def add(self, report: Report) -> str:
        """Keep this grade, in the history too, and say what it changed; "" if there is nothing to compare."""
        now = history.attempt(report, self.file, self.only)
        told = self._told(now, {result.slug: tr(result.title) for result in report.results})
        self._remember(now)
        if now.outcome != HARNESS_ERROR:
            self.since = ""
        history.add([now])
        return told

    def _told(self, now: Attempt, titles: Mapping[str, str]) -> str:
        if self.last is None or now.outcome == HARNESS_ERROR:
            return ""
        if now.outcome == UNGRADABLE:
            return self.since + _still_or_no_longer(self.last, now)
        if self.last.outcome != UNGRADABLE:
            return self.since + difference(self.last, now, titles)
        compiles = _compiler_said(self.last)
        if self.graded is None:
            template = tr("it compiles now: {what}") if compiles else tr("it can be graded now: {what}")
            return self.since + template.format(what=_points(now))
        template = tr("it compiles again: {what}") if compiles else tr("it can be graded again: {what}")
        return self.since + template.format(what=difference(self.graded, now, titles))


def _compiler_said(attempt: Attempt) -> bool:
    return attempt.reason.startswith("it does not compile")


def _still_or_no_longer(before: Attempt, now: Attempt) -> str:
    if (before.outcome, before.reason) == (now.outcome, now.reason):
        return tr("nothing changed")
    if before.outcome == UNGRADABLE:
        return tr("it still cannot be graded, for another reason")
    return tr("it no longer compiles") if _compiler_said(now) else tr("it can no longer be graded")


def difference(before: Attempt, now: Attempt, titles: Mapping[str, str]) -> str:
    """What passes now and did not before, and the other way round; checks that were not tried then do not count."""
    better = [slug for slug in before.failed if slug in titles and slug not in (*now.failed, *now.skipped)]
    worse = [slug for slug in now.failed if slug not in (*before.failed, *before.skipped)]
    passing, failing = _named(better, titles), _named(worse, titles)
    passes = trn("{number} more passes", "{number} more pass", len(better))
    fails = trn("{number} newly fails: {what}", "{number} newly fail: {what}", len(worse), what=failing)
    if better and worse:
        return f"{passes}, {fails}\n" + tr("now passing: {what}", what=passing)
    if better:
        return f"{passes}: {passing}"
    return fails if worse else tr("nothing changed")


def _named(slugs: Sequence[str], titles: Mapping[str, str]) -> str:
    more = tr("; and {number} more", number=len(slugs) - NAMED) if len(slugs) > NAMED else ""
    return "; ".join(titles[slug] for slug in slugs[:NAMED]) + more
