"""`socklab replay`, `socklab scene` and `socklab run`: what a submission does, told as it happens, or looked into by hand."""

import os
from collections.abc import Sequence

from .. import catalog, submission
from ..cell.process import which
from ..cell.sandbox import PRIVATE, SHARED, Unavailable
from ..errors import HarnessError, SetupError
from ..grading import Options, any_seed
from ..languages import all_languages
from ..submission import Submission
from ..workshop import Workshop
from .held import Errand, hold
from .running import run
from .told import Replay, chosen, janitor

__all__ = ["hold_scene", "replay", "run"]


def replay(slug: str, check: str, path: str, command: Sequence[str], options: Options) -> int:
    """`socklab replay`: run one check and tell what happens, or hold its scene for `command`; the exit code.

    Raises UsageError for an unknown exercise, check or file, SetupError for what this machine lacks.
    """
    exercise = catalog.find(slug)
    chosen(exercise, check, options)
    handed_in = submission.read(path)
    if command:
        try:
            return hold(exercise, handed_in, check, Errand(tuple(command), by_hand=True), options)
        except Unavailable as reason:
            raise _no_inside(reason) from reason
    options = options._replace(seed=any_seed() if options.seed is None else options.seed, sanitize=False)
    tier, why = options.tier, "asked for"
    while True:
        workshop = Workshop(exercise, handed_in, tier=tier, tier_reason=why, sanitize=False)
        with janitor(workshop.folder):
            job = Replay(workshop, options, check)
            try:
                return job.tell(job.run())
            except Unavailable as reason:
                if options.tier == PRIVATE or workshop.tier == SHARED:
                    raise SetupError(f"the {workshop.tier} tier cannot be had on this machine: {reason}") from reason
                tier, why = SHARED, str(reason)
            finally:
                job.close()


def hold_scene(slug: str, check: str, command: Sequence[str], options: Options) -> int:
    """`socklab scene`: hold a check's scene open for `command`, a shell, or until standard input ends; the exit code.

    Raises UsageError for an unknown exercise or check, SetupError for what this machine lacks.
    """
    exercise = catalog.find(slug)
    chosen(exercise, check, options)
    inside = tuple(command)
    if not inside and options.tier != SHARED and os.isatty(0):
        inside = ("bash",) if which("bash") else ("sh",)
    try:
        return hold(exercise, _stand_in(exercise), check, Errand(inside, by_hand=False), options)
    except Unavailable as reason:
        if command or options.tier:
            raise _no_inside(reason) from reason
        why = f"the private tier cannot be had here: {reason}"
        errand = Errand((), by_hand=False)
        return hold(exercise, _stand_in(exercise), check, errand, options._replace(tier=SHARED), why)


def _no_inside(reason: Unavailable) -> SetupError:
    return SetupError(
        f"a scene can only be entered in a private network, and that cannot be had here: {reason}. "
        "`socklab doctor` says how to mend it."
    )


def _stand_in(exercise: catalog.Exercise) -> Submission:
    """What a scene is arranged around where there is no submission: it is loaded, and never called."""
    for language in reversed(all_languages()):  # Python first: it needs no compiler
        content = exercise.starter(language.suffixes[0])
        if content is not None:
            return Submission("starter" + language.suffixes[0], content)
    raise HarnessError(f"{exercise.slug} has nothing to begin with")
