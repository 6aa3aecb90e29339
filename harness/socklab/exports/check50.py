"""check50: a folder of checks, as "Writing check50 checks" lays it out. One of them has socklab grade, the others tell what came of it."""

from __future__ import annotations

from ..catalog import Exercise
from ..i18n import tr
from ..languages import all_languages
from ..model import VISIBLE
from ..reports._graders import GRADABLE
from ..reports.check50 import FIRST, name_of
from ._bundle import bundle
from ._files import File, Files, ours, text

is_zip = False

_CHECK = """

@check({first})
def {name}(results):
    {title!r}
    tell_one(results, {name!r}, {why_not!r})
"""


def files(exercise: Exercise) -> Files:
    """All of the folder."""
    template = ours("check50", "checks.py")
    checks = template.content.decode().replace("@GRADABLE@", tr(GRADABLE))
    for check in exercise.checks:
        if check.visibility == VISIBLE:
            why_not = tr("only for {languages}", languages=", ".join(check.languages)) if check.languages else ""
            checks += _CHECK.format(
                first=FIRST, name=name_of(check.slug), title=tr(check.title), why_not=why_not or tr("it was not run")
            )
    return {
        ".cs50.yml": text(_config(exercise)),
        "__init__.py": File(checks.encode(), False, template.modified),
        **bundle(exercise, "check50"),
    }


def next_steps(exercise: Exercise) -> str:
    """How to try it, and where it goes."""
    said = tr("Try it in a folder with a solution: check50 --dev THAT-FOLDER. For students, push it to a repository.")
    if all(check.visibility == VISIBLE for check in exercise.checks):
        return said
    return f"{said} {tr('It holds hidden checks, so students must not be able to read that repository.')}"


def _config(exercise: Exercise) -> str:
    offered = [each for each in all_languages() if exercise.starter(each.suffixes[0]) is not None]
    included = "".join(f'    - !include "*{suffix}"\n' for language in offered for suffix in language.suffixes)
    return f'check50:\n  checks: __init__.py\n  files:\n    - !exclude "*"\n{included}'
