"""Where a submission is built: its folder, its sandbox, and its builds, plain and with sanitizers.

This and all that it imports is loaded before a compiler can start, so none of it uses `typing` or `re`: those take as long
to load as the interpreter takes to start. What is only needed once a compiler runs is imported then, elsewhere.
"""

from __future__ import annotations

import os

from .cell.process import permit_descriptors
from .cell.sandbox import PRIVATE, SHARED, Folder, Sandbox, find_bubblewrap, unprivileged_user
from .errors import UsageError
from .languages import for_file

TYPE_CHECKING = False
if TYPE_CHECKING:
    from .catalog import Exercise
    from .languages import Build, Language
    from .submission import Submission


class Workshop:
    """One submission's builds; `close` gives everything back. `tier_reason`: why the tier is no better one."""

    def __init__(
        self,
        exercise: Exercise,
        submission: Submission,
        *,
        tier: str | None = None,
        tier_reason: str = "asked for",
        sanitize: bool = True,
    ) -> None:
        permit_descriptors()
        self.exercise = exercise
        self.submission = submission
        self.language = language_of(exercise, submission)
        self.tier, self.tier_reason = (tier, tier_reason) if tier else best_tier()
        self.sanitize = sanitize
        self.folder = Folder(unprivileged_user())
        self.sandbox = Sandbox(self.tier, self.folder)
        self.plain: Build | None = None
        self.sanitized: Build | None = None

    def fits(self, exercise: Exercise, submission: Submission, *, tier: str | None, sanitize: bool) -> bool:
        """Whether what is built here is what a workshop of these would build."""
        ours = (self.exercise.folder, self.submission.file, self.submission.content, self.sanitize, self.tier)
        return ours == (exercise.folder, submission.file, submission.content, sanitize, tier or best_tier()[0])

    def build(self) -> Build:
        """Start what has to be built, the first time; the plain build."""
        if self.plain is None:
            subject = (self.sandbox, self.submission.content, self.submission.file, self.exercise.header())
            self.plain = self.language.begin(*subject, sanitized=False)
            if self.sanitize and not self.language.can_sanitize():
                self.sanitized = self.language.begin(*subject, sanitized=True)
        return self.plain

    def close(self) -> None:
        """End compilers that still run and delete the folder."""
        for build in (self.plain, self.sanitized):
            if build:
                build.cancel()
        self.folder.remove()


def begin(exercise: Exercise, submission: Submission, *, sanitize: bool) -> Workshop:
    """A workshop in the best tier, with its compilers at work. Raises UsageError or SetupError as building does."""
    workshop = Workshop(exercise, submission, sanitize=sanitize)
    try:
        workshop.build()
    except BaseException:
        workshop.close()
        raise
    return workshop


def best_tier() -> tuple[str, str]:
    """The tier to try first, and why it is no better one."""
    return (PRIVATE, "") if find_bubblewrap() else (SHARED, "bubblewrap is not installed")


def language_of(exercise: Exercise, submission: Submission) -> Language:
    """The language of a submission.

    Raises UsageError if no language has its suffix, or the exercise is not offered in it.
    """
    language = for_file(submission.file)
    suffix = os.path.splitext(submission.file)[1]
    if language is None or exercise.starter(suffix.lower()) is None:
        offered = [name[7:] for name in sorted(os.listdir(exercise.folder)) if name.startswith("starter.")]
        raise UsageError(
            f"{submission.file}: {exercise.slug} is solved in {' or '.join(offered)} files, not {suffix or 'without a suffix'}."
        )
    return language
