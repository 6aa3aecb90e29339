"""What one learner's server has: a folder, a queue of runs, and whoever watches the folder."""

import asyncio
import contextlib
from collections.abc import AsyncIterator

import anyio.to_thread

from .. import catalog
from ..i18n import tr
from ..model import VISIBLE
from ..reports import _fragment
from .changes import Changes
from .files import Entry, Folder, entries
from .refusals import Refused
from .runs import Runs


class Desk:
    """All of it. Raises HarnessError if the exercises cannot be read."""

    def __init__(self, path: str) -> None:
        self.folder = Folder(path)
        self.exercises = {each.slug: each for each in catalog.all_exercises()}
        self.entries = entries(list(self.exercises.values()))
        self.runs = Runs()
        self.changes = Changes(self.folder, self.entries)

    def exercise(self, slug: str) -> catalog.Exercise:
        """The exercise of that name. Raises Refused if there is none."""
        if slug not in self.exercises:
            raise Refused(404, tr("there is no exercise called {name}.", name=repr(slug)))
        return self.exercises[slug]

    def entry(self, slug: str, language: str) -> Entry:
        """The file of an exercise in a language. Raises Refused if there can be none."""
        exercise = self.exercise(slug)
        if (slug, language) not in self.entries:
            offered = {"language": repr(language), "languages": ", ".join(exercise.languages())}
            raise Refused(404, tr("{name} is not offered in {language}; it is in {languages}.", name=slug, **offered))
        return self.entries[slug, language]

    def check(self, exercise: catalog.Exercise, slug: str) -> str:
        """The name of one of its checks. Raises Refused if a learner sees none of that name."""
        if slug not in [check.slug for check in exercise.checks if check.visibility == VISIBLE]:
            raise Refused(404, tr("{name} has no check called {check}.", name=exercise.slug, check=repr(slug)))
        return slug

    @contextlib.asynccontextmanager
    async def open(self, *_: object) -> AsyncIterator[None]:
        """While inside, runs are worked on and the folder is watched."""
        working = [asyncio.create_task(each) for each in (self.runs.work(), self.changes.watch(), _prepared())]
        try:
            yield
        finally:
            await self.close()
            for each in working:
                each.cancel()
            await asyncio.gather(*working, return_exceptions=True)

    async def close(self) -> None:
        """End all that is under way; nothing is left of it then."""
        self.changes.close()
        await self.runs.close()


async def _prepared() -> None:
    """Load what the first report needs, while nobody waits for it."""
    await anyio.to_thread.run_sync(_fragment.prepare)
