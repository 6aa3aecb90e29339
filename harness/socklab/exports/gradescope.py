"""Gradescope: the zip of an autograder, with setup.sh and run_autograder at its root ("Autograder specifications")."""

from __future__ import annotations

from ..catalog import Exercise
from ..i18n import tr
from ._bundle import bundle, expected_files, worth
from ._files import Files, ours

is_zip = True


def files(exercise: Exercise) -> Files:
    """All of the zip."""
    scripts = {name: ours("gradescope", name, executable=True) for name in ("setup.sh", "run_autograder")}
    return scripts | bundle(exercise, "gradescope")


def next_steps(exercise: Exercise) -> str:
    """Where to upload it."""
    return tr(
        "Make a programming assignment of {points} autograder points and upload the zip there (Configure Autograder). "
        "Students hand in {names}.",
        points=worth(exercise),
        names=tr(" or ").join(expected_files(exercise)),
    )
