"""What changes in the learner's folder, told to every page: what another program saved, and what another page did.

Strategy: the kernel's events only wake us; what counts is each file's version, looked at then and once a second. So nothing is missed
where there are no events: on a network's disk, or behind a link into another folder.
"""

import asyncio
import time
from collections.abc import AsyncGenerator, Mapping
from typing import Any

import anyio.to_thread

from .files import Entry, Folder

ALIVE = 15.0
"""Seconds after which a page is told that there is nothing new."""

LONGEST = 300.0
"""Seconds after which a page has to ask anew: a proxy between us may not tell that it is gone."""

_LOOK = 1000
"""Milliseconds between two looks without an event."""


class Changes:
    """The versions of all files, and the pages that want to know of another one."""

    def __init__(self, folder: Folder, entries: Mapping[tuple[str, str], Entry]) -> None:
        self._folder = folder
        self._entries = entries
        self._known: dict[tuple[str, str], str] = {}
        self._pages: set[asyncio.Queue[dict[str, Any] | None]] = set()
        self._looking = asyncio.Lock()
        self._closed = asyncio.Event()

    async def look(self) -> None:
        """Tell the pages what is another version than before."""
        async with self._looking:
            now = await anyio.to_thread.run_sync(self._versions)
            for key, version in now.items():
                if self._known.get(key, "") != version:
                    self._tell(_changed(key, version))
            self._known = now

    def _versions(self) -> dict[tuple[str, str], str]:
        return {key: self._folder.version(entry) for key, entry in self._entries.items()}

    def _tell(self, event: dict[str, Any] | None) -> None:
        for page in self._pages:
            page.put_nowait(event)

    async def told(self) -> AsyncGenerator[dict[str, Any]]:
        """For one page: every version at first, then what changes, as long as the server is there."""
        if self._closed.is_set():
            return
        page: asyncio.Queue[dict[str, Any] | None] = asyncio.Queue()
        self._pages.add(page)
        try:
            until = time.monotonic() + LONGEST
            yield {"event": "alive"}
            for key, version in list(self._known.items()):
                yield _changed(key, version)
            while time.monotonic() < until:
                try:
                    event = await asyncio.wait_for(page.get(), ALIVE)
                except TimeoutError:
                    event = {"event": "alive"}
                if event is None:
                    return
                yield event
        finally:
            self._pages.discard(page)

    async def watch(self) -> None:
        """Look whenever something happens in the folder, until closed."""
        from watchfiles import awatch

        while not self._closed.is_set():
            try:
                await self.look()
                async for _ in awatch(
                    self._folder.path,
                    watch_filter=None,
                    recursive=False,
                    debounce=50,
                    step=20,
                    rust_timeout=_LOOK,
                    yield_on_timeout=True,
                    stop_event=self._closed,
                ):
                    await self.look()
            except Exception:  # the folder is gone, or the kernel watches no more of them: then looking has to do
                await asyncio.sleep(_LOOK / 1000)

    def close(self) -> None:
        """No page is told anything any more."""
        self._closed.set()
        self._tell(None)


def _changed(key: tuple[str, str], version: str) -> dict[str, Any]:
    return {"event": "changed", "slug": key[0], "lang": key[1], "version": version}
