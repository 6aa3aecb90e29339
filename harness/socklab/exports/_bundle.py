"""socklab itself, with one exercise, as files that run wherever there is a Python: what every export is laid around.

It is packed as it is installed, from a checkout or from a wheel, and so are the few packages that grading needs, in pure Python.
So nothing is asked of a registry where it runs, and it does there what it does here. The other exercises and all solutions stay
at home.
"""

from __future__ import annotations

import importlib.metadata
import importlib.util
import json
import os
from collections.abc import Iterator

from ..catalog import Exercise
from ..errors import SetupError
from ..i18n import language
from ..languages import all_languages
from ._files import File, Files, from_disk, ours, text

FOLDER = "socklab"
"""Where it lies in an export."""

_NEEDED = ("jinja2", "markupsafe", "polib", "pyseccomp")
"""What grading imports of other people's; the other dependencies are for commands that nobody types there."""

_EXERCISES = "exercises"


def bundle(exercise: Exercise, grader: str) -> Files:
    """Everything below FOLDER that grades `exercise` for `grader`.

    Raises SetupError if a package that grading needs is not here to be packed.
    """
    package = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
    library = dict(_below(package, "socklab"))
    library |= _below(exercise.folder, f"socklab/exercises/{exercise.slug}")
    for name in _NEEDED:
        library |= _installed(name)
    settings = {"grader": grader, "exercise": exercise.slug, "points": worth(exercise), "language": language()}
    return {
        f"{FOLDER}/grade.py": ours("every", "grade.py"),
        f"{FOLDER}/settings.json": text(json.dumps(settings, indent=2) + "\n"),
        **{f"{FOLDER}/{path}": file for path, file in installer().items()},
        **{f"{FOLDER}/lib/{path}": file for path, file in library.items()},
    }


def installer() -> Files:
    """The scripts that install what a machine lacks, and find its Python."""
    return {name: ours("every", name) for name in ("install.sh", "find_python.sh")}


def worth(exercise: Exercise) -> int:
    """The points of all checks, bonus ones apart, in the language that has most of them; a full solution in any has as many."""
    counted = [check for check in exercise.checks if not check.bonus]
    return max(
        sum(check.points for check in counted if not check.languages or name in check.languages)
        for name in exercise.languages()
    )


def expected_files(exercise: Exercise) -> list[str]:
    """What a submission is called, in each language that the exercise is offered in."""
    offered = [each for each in all_languages() if exercise.starter(each.suffixes[0]) is not None]
    return [exercise.function + each.suffixes[0] for each in offered]


def _below(folder: str, into: str) -> Iterator[tuple[str, File]]:
    """The files below `folder`, without what is compiled, and without the exercises that an installed package has in it."""
    for top, folders, names in os.walk(folder):
        folders[:] = [each for each in folders if each != _EXERCISES]
        for name in names:
            if not name.endswith((".pyc", ".so")):
                path = os.path.join(top, name)
                yield f"{into}/{os.path.relpath(path, folder)}", from_disk(path)


def _installed(name: str) -> Files:
    """A package or module as it is imported here, with its licence."""
    spec = importlib.util.find_spec(name)
    if spec is None or spec.origin is None:
        raise SetupError(f"{name} is not installed here, and grading needs it; reinstall socklab.")
    if spec.submodule_search_locations:
        found = dict(_below(spec.submodule_search_locations[0], name))
    else:
        found = {os.path.basename(spec.origin): from_disk(spec.origin)}
    for path in importlib.metadata.files(name) or ():
        if ".dist-info" in path.parts[0] and path.name.upper().startswith(("LICEN", "COPYING")):
            found[str(path)] = from_disk(str(path.locate()))
    return found
