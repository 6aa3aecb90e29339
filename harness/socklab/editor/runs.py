"""The queue: one command of socklab's at a time, each followed by whoever asked for it, and stopped when nobody does.

Strategy: what a run tells is put aside without waiting, and whoever reads it reads at leisure. So a browser that is slow, or
asleep, holds up no run. The queue knows nothing of what a run does: that is a coroutine which is given the run.
"""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any

from ..errors import HarnessError, SetupError
from ..i18n import tr
from .child import Child
from .refusals import Refused, reported

Event = dict[str, Any]

DONE, STOPPED = "done", "stopped"


class Run:
    """One thing that was asked for. `id`: by which it can be stopped."""

    def __init__(self, number: int, deed: "Deed") -> None:
        self.id = str(number)
        self.deed = deed
        self.how = DONE
        self.ended = asyncio.Event()
        self._told: asyncio.Queue[Event | None] = asyncio.Queue()
        self._child: Child | None = None

    @property
    def is_stopped(self) -> bool:
        """Whether nobody wants it any more."""
        return self.how == STOPPED

    def tell(self, event: str, **values: Any) -> None:
        """Something happened; nobody is waited for."""
        self._told.put_nowait({"event": event, **values})

    async def told(self) -> AsyncIterator[Event]:
        """All that happens, to its end; for one reader."""
        while (event := await self._told.get()) is not None:
            yield event

    @contextlib.asynccontextmanager
    async def command(self, *words: str) -> AsyncIterator[Child]:
        """A command of socklab's; when the block is left it has ended, and so has all that it started.

        Raises OSError where this machine cannot start one.
        """
        self._child = child = Child(words)
        try:
            yield child
        finally:
            child.stop()
            await child.wait()

    def stop(self) -> None:
        """Have it end, wherever it is."""
        self.how = STOPPED
        if self._child:
            self._child.stop()

    def kill(self) -> None:
        """End its processes at once."""
        if self._child:
            self._child.kill()

    async def go(self) -> None:
        """Do it; whatever happens, it ends."""
        try:
            if not self.is_stopped:
                await self.deed(self)
        except OSError as error:
            lacks = SetupError(f"this machine has too little of something: {error.strerror}. Nothing was graded.")
            self.tell("error", message=tr(str(lacks)), exit_code=lacks.exit_code)
        except Exception as error:  # the next ones in the queue have nothing to do with it
            self.tell("error", message=reported(error), exit_code=HarnessError.exit_code)
        finally:
            self.end()

    def end(self) -> None:
        """Nothing more will be told."""
        if not self.ended.is_set():
            code = {"code": self._child.code} if self._child and not self.is_stopped else {}
            self.tell("ended", how=self.how, **code)
            self._told.put_nowait(None)
            self.ended.set()


Deed = Callable[[Run], Awaitable[None]]


class Runs:
    """Those that wait, in their order, and the one that is under way."""

    def __init__(self) -> None:
        self._line: list[Run] = []
        self._given = 0
        self._news = asyncio.Event()
        self._closed = False

    def join(self, deed: Deed) -> Run:
        """Have it done when its turn comes. Raises Refused once the server is ending."""
        if self._closed:
            raise Refused(503, tr("the server is ending; start it again: socklab serve"))
        self._given += 1
        run = Run(self._given, deed)
        self._line.append(run)
        run.tell("queued", id=run.id, ahead=len(self._line) - 1)
        self._news.set()
        return run

    def stop(self, number: str) -> bool:
        """Stop the run of this id, if it has not ended; whether there was ever one."""
        for run in self._line:
            if run.id == number:
                self._stop(run)
        return number in map(str, range(1, self._given + 1))

    def _stop(self, run: Run) -> None:
        run.stop()
        if run is not self._line[0]:
            self._leave(run)

    def leave(self, run: Run) -> None:
        """Whoever followed it is gone."""
        if run in self._line:
            self._stop(run)

    def _leave(self, run: Run) -> None:
        at = self._line.index(run)
        del self._line[at]
        run.end()
        for number, other in enumerate(self._line[at:], at):
            if number:
                other.tell("queued", id=other.id, ahead=number)

    async def work(self) -> None:
        """Do what is asked for, one after the other, for ever."""
        while True:
            await self._news.wait()
            self._news.clear()
            while self._line:
                run = self._line[0]
                await run.go()
                self._leave(run)

    async def close(self) -> None:
        """Stop all of them, and wait until nothing is left of any."""
        self._closed = True
        line = list(self._line)
        for run in reversed(line):
            self._stop(run)
        with contextlib.suppress(IndexError):
            await line[0].ended.wait()

    def kill(self) -> None:
        """End the processes that there are at once."""
        self._closed = True
        for run in self._line:
            run.kill()
