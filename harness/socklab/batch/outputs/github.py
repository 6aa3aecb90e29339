"""A class in the log of a GitHub workflow: an annotation for whoever needs a look, and the page for people.

How learners' words are kept from being commands is told in reports/github.py. Of the ten errors that GitHub shows, those come
first that are ours to mend, then what cannot be graded, then what failed; each at the line that its first failure names. What
is no submission at all is a warning.
"""

from __future__ import annotations

from ...i18n import tr
from ...model import FAILED, HARNESS_ERROR, UNGRADABLE
from ...reports.github import ERROR, SHOWN, WARNING, Annotation, annotations, commands, guarded
from ...reports.json import from_dict
from ...reports.markdown import VERDICTS
from ..people import shown
from ..results import Result
from ..told import Told
from . import terminal

summary = "annotations of a GitHub workflow, and the page for its log"

SHOWS_PAGE = True


def render(told: Told) -> str:
    """The annotations, then all that is said in a terminal."""
    found: dict[str, list[Annotation]] = {HARNESS_ERROR: [], UNGRADABLE: [], FAILED: []}
    more = 0
    for result in told.results(reports=True):
        if result.verdict in found:
            if len(found[result.verdict]) < SHOWN:
                found[result.verdict].append(_annotation(result))
            else:
                more += 1
    warnings = [Annotation(WARNING, tr("not graded"), f"{each.origin}: {tr(each.reason)}") for each in told.troubles]
    errors = [each for kind in found.values() for each in kind]
    return commands([*errors, *warnings], more) + guarded(terminal.render(told))


def _annotation(result: Result) -> Annotation:
    """What to look at first."""
    words = tr(VERDICTS[result.verdict])
    title = f"{shown(result.student.name)}: {words} {result.points}/{result.possible}"
    told = annotations(from_dict(result.report), hints=0) if result.report else []
    first = told[0] if told else Annotation(ERROR, "", words)
    message = f"{first.title}\n{first.message}".strip()
    return first._replace(kind=ERROR, title=title, message=message, file=shown(result.origin))
