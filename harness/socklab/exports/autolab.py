"""Autolab: the two files that a lab with an autograder has ("Guide for Lab Authors"), and the image that it runs in."""

from __future__ import annotations

from ..catalog import Exercise
from ..i18n import tr
from ._bundle import bundle, expected_files, installer, worth
from ._files import File, Files, as_tar, ours

is_zip = False

SCRIPT = "socklab-autograde.sh"


def files(exercise: Exercise) -> Files:
    """The lab's files, and the image's."""
    packed = {SCRIPT: ours("autolab", SCRIPT, executable=True)} | bundle(exercise, "autolab")
    makefile = ours("autolab", "autograde-Makefile")
    return {
        "autograde-Makefile": makefile,
        "autograde.tar": File(as_tar(packed), False, makefile.modified),
        "image/Dockerfile": ours("autolab", "Dockerfile"),
        **{f"image/{path}": file for path, file in installer().items()},
    }


def next_steps(exercise: Exercise) -> str:
    """What the lab has to be told."""
    return tr(
        "Build the image (docker build -t NAME image), give the lab a problem called {name} with {points} points, the file "
        "name {file}, and upload autograde-Makefile and autograde.tar.",
        name=exercise.slug,
        points=worth(exercise),
        file=tr(" or ").join(expected_files(exercise)),
    )
