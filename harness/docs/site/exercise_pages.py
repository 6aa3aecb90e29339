"""How each exercise is graded, from its statement, checks and mistakes: what learners may know of them, and nothing else.

A page cannot differ from the checks, since it is made from them. Hidden checks are counted; neither they nor a mistake that
only they betray is named.
"""

from collections.abc import Iterable

from markup import contents, plain, table

from socklab.catalog import Exercise, all_exercises
from socklab.diagnosis import Rule, rules_of
from socklab.model import VISIBLE
from socklab.vocabulary import Check

FOLDER = "exercises"

_ABOUT_CHECKS = """\
Each check arranges one situation and is worth its points or nothing. Where another check is *needed*, this one says nothing as
long as that one fails, and is not tried then. What a machine cannot arrange is skipped, and costs nothing. The hint is what a
report says where the check fails.
"""

_ABOUT_MISTAKES = """\
## Mistakes that reports name

Where checks, recorded calls and source fit one of these, the report begins with it, and points at the lines.

<details>
<summary>{number} named mistakes; they give away what there is to find out</summary>

"""

_ABOUT_EXERCISES = """\
# Exercises, and how each is graded

Each page has the statement, and then what the exercise's own checks say: what they demand, what they are worth, their hints.

"""


def pages() -> dict[str, str]:
    """Names of pages without suffix -> their text, the list of them first."""
    exercises = all_exercises()
    titles = {exercise.slug: exercise.title for exercise in exercises}
    return {
        f"{FOLDER}/index": _ABOUT_EXERCISES + _overview(exercises) + contents([f"{FOLDER}/{slug}" for slug in titles]),
        **{f"{FOLDER}/{exercise.slug}": _page(exercise, titles) for exercise in exercises},
    }


def _overview(exercises: list[Exercise]) -> str:
    rows = [("Exercise", "What it asks for", "Minutes", "Points")]
    for each in exercises:
        counted = [check for check in each.checks if check.visibility == VISIBLE and not check.bonus]
        points = [f"{sum(c.points for c in _asked(counted, name))} in {name.title()}" for name in each.languages()]
        name = f"[{plain(each.title)}]({each.slug}.md)\\\n    `{each.slug}`"
        rows.append((name, plain(str(each.facts["summary"])), str(each.facts["minutes"]), ", ".join(points)))
    return table("exercises", (28, 46, 10, 16), rows)


def _page(exercise: Exercise, titles: dict[str, str]) -> str:
    heading, _, statement = (exercise.read("statement.md") or b"").decode().partition("\n")
    return "\n".join(
        [heading, "", _facts(exercise, titles), statement.strip(), "", _checks(exercise), _mistakes(exercise)]
    )


def _facts(exercise: Exercise, titles: dict[str, str]) -> str:
    """In one line what the exercise is called, and what comes before it."""
    before = [f"[{plain(titles[slug])}]({slug}.md)" for slug in exercise.prerequisites]
    parts = [f"`{exercise.slug}`", " or ".join(language.title() for language in exercise.languages())]
    parts += [f"about {exercise.facts['minutes']} minutes", *([f"after {' and '.join(before)}"] if before else [])]
    return " · ".join(parts) + "\n"


def _checks(exercise: Exercise) -> str:
    seen = [check for check in exercise.checks if check.visibility == VISIBLE]
    named = {check.slug for check in seen}
    rows = [("Check", "Points", "Needs", "Hint")]
    for each in seen:
        needs = ", ".join(f"[{slug}](#check-{slug})" for slug in each.needs if slug in named)
        rows.append((_title(each), str(each.points), needs, plain(each.hint)))
    parts = ["## How it is graded\n", _sums(exercise, seen), _ABOUT_CHECKS]
    if kept := len(exercise.checks) - len(seen):
        verbs = ("runs", "is") if kept == 1 else ("run", "are")
        parts.append(
            f"{_counted(kept, 'more check')} {verbs[0]} only when a class is graded, and {verbs[1]} not listed.\n"
        )
    return "\n".join([*parts, table("checks", (44, 8, 16, 32), rows)])


def _title(check: Check) -> str:
    remarks = [f"{' and '.join(name.title() for name in check.languages)} only"] if check.languages else []
    remarks += ["bonus"] if check.bonus else []
    remarks += ["judges the build with sanitizers"] if check.sanitized else []
    remarks += ["looks back on all checks before it"] if check.last else []
    below = " · ".join([f"`{check.slug}`", *remarks])
    return f"[{plain(check.title)}]{{#check-{check.slug}}}\\\n    {below}"


def _sums(exercise: Exercise, seen: list[Check]) -> str:
    """What all checks are worth together, in each language."""
    sentences = []
    for language in exercise.languages():
        asked = [check for check in _asked(seen, language) if not check.bonus]
        bonus = [check for check in _asked(seen, language) if check.bonus]
        sentence = f"In {language.title()}, {_counted(len(asked), 'check')} {'is' if len(asked) == 1 else 'are'} worth {_worth(asked)}"
        sentence += f", and {_counted(len(bonus), 'bonus check')} {_worth(bonus)} more" if bonus else ""
        sentences.append(f"{sentence}.")
    if any(check.bonus for check in seen):
        sentences.append("Missing a bonus costs nothing.")
    return " ".join(sentences) + "\n"


def _asked(seen: list[Check], language: str) -> list[Check]:
    return [check for check in seen if not check.languages or language in check.languages]


def _worth(some: list[Check]) -> str:
    return _counted(sum(check.points for check in some), "point")


def _counted(number: int, noun: str) -> str:
    return f"{number} {noun}{'' if number == 1 else 's'}"


def _mistakes(exercise: Exercise) -> str:
    rules = list(_tellable(exercise))
    if not rules:
        return ""
    entries = [
        f"{plain(rule.title)} `{rule.slug}`\n: {plain(rule.explanation)}\n\n  *Try:* {plain(rule.next)}\n"
        for rule in rules
    ]
    return "\n".join([_ABOUT_MISTAKES.format(number=len(rules)), *entries, "</details>\n"])


def _tellable(exercise: Exercise) -> Iterable[Rule]:
    """The mistakes that visible checks betray."""
    rules, groups = rules_of(exercise)
    kept = {check.slug for check in exercise.checks if check.visibility != VISIBLE}
    for rule in rules:
        words = [word for condition in rule.when for word in condition.split()]
        asked, explained = (
            {slug for word in some for slug in groups.get(word, [word])} for some in (words, rule.explains)
        )
        if not asked & kept and (explained - kept or not explained):
            yield rule
