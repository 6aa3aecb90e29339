"""A command of socklab's as a process of its own, followed and ended from an event loop.

Strategy: the loop is told by the kernel when there is something to read and when the process has ended (pidfd). What it prints
is taken soon, whoever reads it later: a command must not wait for us.
"""

import asyncio
import contextlib
import os
import signal
import subprocess
import sys
import tempfile
from collections.abc import AsyncIterator, Sequence

PATIENCE = 10.0
"""Seconds in which a process that is told to stop is to have cleared away all that it made; then it is killed."""

PACE = 0.02
"""Seconds between two looks at what it prints: to be woken for every line would take processor time that it needs itself."""

_PIPE = 1 << 16
"""Bytes that a pipe holds (pipe(7)), and that are taken at once."""

_COMMAND = (sys.executable, "-P", "-m", "socklab")
"""-P: a learner's socket.py in the folder is not taken for Python's."""


class Child:
    """One command. In a process group of its own: a terminal sends Ctrl-C to the whole group of the server."""

    def __init__(self, words: Sequence[str]) -> None:
        self._loop = asyncio.get_running_loop()
        self._said = tempfile.TemporaryFile()  # noqa: SIM115  # wait() closes it
        self.complaint = ""
        """What it said on standard error, once it has ended."""
        self._process = subprocess.Popen(
            [*_COMMAND, *words],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=self._said,
            env={**os.environ, "SOCKLAB_HISTORY": "off"},  # it does not know whose file it is given
            process_group=0,
        )
        assert self._process.stdout
        self._out = self._process.stdout.fileno()
        os.set_blocking(self._out, False)
        self._parts: asyncio.Queue[bytes] = asyncio.Queue()
        self._reading = True
        self._ended = asyncio.Event()
        self._force: asyncio.TimerHandle | None = None
        self._pause: asyncio.TimerHandle | None = None
        self._pidfd = os.pidfd_open(self._process.pid)
        self._loop.add_reader(self._out, self._take)
        self._loop.add_reader(self._pidfd, self._end)

    @property
    def code(self) -> int:
        """What it ended with, as a shell has it if that was a signal."""
        code = self._process.returncode or 0
        return code if code >= 0 else 128 - code

    async def lines(self) -> AsyncIterator[str]:
        """What it prints, line by line until it ends; for one reader."""
        rest = b""
        while part := await self._parts.get():
            *whole, rest = (rest + part).split(b"\n")
            for line in whole:
                yield line.decode("utf-8", "replace")

    def _take(self) -> bool:
        """Take what lies ready; whether there was anything."""
        try:
            part = os.read(self._out, _PIPE)
        except BlockingIOError:
            return False
        self._parts.put_nowait(part)
        self._rest(more=bool(part))
        return bool(part)

    def _rest(self, *, more: bool) -> None:
        """Look no further, or if there is `more` to come, not before a while."""
        self._loop.remove_reader(self._out)
        if self._pause:
            self._pause.cancel()
        if more:
            self._pause = self._loop.call_later(PACE, self._loop.add_reader, self._out, self._take)
        self._reading = more

    def _end(self) -> None:
        """It has ended: whoever still has its standard output open is none of ours."""
        self._loop.remove_reader(self._pidfd)
        while self._reading and self._take():
            pass
        if self._reading:
            self._parts.put_nowait(b"")
        self._rest(more=False)
        self._process.wait()
        if self._force:
            self._force.cancel()
        self._said.seek(0)
        self.complaint = self._said.read().decode("utf-8", "replace").strip()
        os.close(self._pidfd)
        for stream in (self._process.stdout, self._said):
            assert stream
            stream.close()
        self._ended.set()

    def stop(self) -> None:
        """Have it clear away what it made and end; by force, if it does not."""
        if not self._ended.is_set() and not self._force:
            signal.pidfd_send_signal(self._pidfd, signal.SIGTERM)
            self._force = self._loop.call_later(PATIENCE, self.kill)

    def kill(self) -> None:
        """End it, and what is in its group, at once."""
        if not self._ended.is_set():
            with contextlib.suppress(ProcessLookupError):
                os.killpg(self._process.pid, signal.SIGKILL)

    async def wait(self) -> None:
        """Return when it has ended."""
        await self._ended.wait()
