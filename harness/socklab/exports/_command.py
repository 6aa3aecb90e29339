"""`socklab export`: what another grader takes, written to a folder or a zip."""

from __future__ import annotations

from .. import catalog
from ..i18n import tr
from . import named
from ._files import write


def export(grader: str, exercise: str, output: str | None) -> None:
    """Write it, and say what to do with it.

    Raises UsageError for an exercise that there is not or a place that cannot be written, SetupError if something is missing here.
    """
    found = catalog.find(exercise)
    maker = named(grader)
    path = output or f"{found.slug}-{grader}{'.zip' if maker.is_zip else ''}"
    write(path, maker.files(found))
    print(tr("wrote {path}", path=path))
    print(maker.next_steps(found))
