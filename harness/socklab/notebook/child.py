"""A command of socklab's as a process of its own, and Ctrl-C while it runs.

An exception that could come between any two lines would lose a process now and then, or half of a clean-up. So as long as
there is a process, Ctrl-C raises nothing: it is noted, and whoever waits for the process wakes and stops it.
"""

import contextlib
import os
import select
import signal
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator, Mapping, Sequence
from types import FrameType, TracebackType
from typing import Self

from ..i18n import tr

PATIENCE = 10.0
"""Seconds in which a process that is told to stop is to have cleared away all that it made; then it is killed."""

NOTHING_LEFT = "stopped; nothing was left behind"

_COMMAND = (sys.executable, "-P", "-m", "socklab")
"""-P: a learner's socket.py beside the notebook is not taken for Python's."""


class Stopped(KeyboardInterrupt):
    """Ctrl-C. IPython shows one line of it, and runs no further cell that was queued."""

    def _render_traceback_(self) -> list[str]:
        return [str(self)]


class Interrupts:
    """While inside, Ctrl-C is noted instead of raised; `fileno` becomes readable with it.

    If nobody asked for it, Stopped is raised at the end.
    Python lets the main thread alone decide about signals; in any other one, Ctrl-C stays with the main thread.
    """

    def __init__(self) -> None:
        self._pending = False
        self._reading = self._writing = -1
        self._before: object = None

    def __enter__(self) -> Self:
        self._reading, self._writing = os.pipe2(os.O_CLOEXEC | os.O_NONBLOCK)
        if threading.current_thread() is threading.main_thread():
            self._before = signal.signal(signal.SIGINT, self._note)
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, _: TracebackType | None) -> None:
        if threading.current_thread() is threading.main_thread():
            signal.signal(signal.SIGINT, self._before)  # type: ignore[arg-type]
        os.close(self._reading)
        os.close(self._writing)
        if self._pending and kind is None:
            raise Stopped(tr(NOTHING_LEFT))

    def _note(self, _: int, __: FrameType | None) -> None:
        self._pending = True
        with contextlib.suppress(BlockingIOError):
            os.write(self._writing, b"!")

    def fileno(self) -> int:
        """What to wait for."""
        return self._reading

    def heard(self) -> None:
        """Somebody acts on it; wait for the next one from now on."""
        self._pending = False
        with contextlib.suppress(BlockingIOError):
            os.read(self._reading, 4096)


class Child:
    """One command of socklab's. In a process group of its own: Jupyter sends Ctrl-C to the whole group of the kernel."""

    def __init__(self, words: Sequence[str], env: Mapping[str, str] | None = None) -> None:
        self._said = tempfile.TemporaryFile()  # noqa: SIM115  # stop() closes it
        self._rest = b""
        self.complaint = ""
        """The last line of its standard error, once it is stopped."""
        self.process = subprocess.Popen(
            [*_COMMAND, *words],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self._said,
            env={**os.environ, **(env or {})},
            process_group=0,
        )
        self._pidfd = os.pidfd_open(self.process.pid)

    def lines(self, interrupts: Interrupts, seconds: float | None) -> Iterator[str | None]:
        """What it prints, line by line until it ends; None whenever `seconds` went by without one.

        Raises Stopped after Ctrl-C, once it is stopped.
        """
        assert self.process.stdout
        out = self.process.stdout.fileno()
        while True:
            ready = readable([out, interrupts.fileno()], seconds)
            if interrupts.fileno() in ready:
                interrupts.heard()
                raise self._stopped(interrupts)
            if out not in ready:
                yield None
                continue
            part = os.read(out, 1 << 16)
            if not part:
                return
            *whole, self._rest = (self._rest + part).split(b"\n")
            for line in whole:
                yield line.decode("utf-8", "replace")

    def _stopped(self, interrupts: Interrupts) -> Stopped:
        if self.stop(interrupts):
            return Stopped(tr(NOTHING_LEFT))
        folder = tempfile.gettempdir()
        return Stopped(tr("stopped by force; folders called socklab-… may be left in {folder}", folder=folder))

    @property
    def is_running(self) -> bool:
        """Whether it has not ended yet."""
        return not self._said.closed and not readable([self._pidfd], 0)

    def stop(self, interrupts: Interrupts) -> bool:
        """End it, if it has not ended; whether it cleared away by itself.

        First it is asked to; a further Ctrl-C does not wait for that.
        """
        clean = True
        if self.is_running:
            signal.pidfd_send_signal(self._pidfd, signal.SIGTERM)
            clean = self._pidfd in readable([self._pidfd, interrupts.fileno()], PATIENCE)
            if not clean:
                os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()
        if not self._said.closed:
            self._said.seek(0)
            self.complaint = self._said.read().decode("utf-8", "replace").strip().rpartition("\n")[2]
            os.close(self._pidfd)
            for stream in (self.process.stdin, self.process.stdout, self._said):
                assert stream
                stream.close()
        return clean


def readable(descriptors: Sequence[int], seconds: float | None) -> set[int]:
    """Those that can be read from, be it their end; select(2) knows none beyond 1023, and a learner may have opened many."""
    poll = select.poll()
    for fd in descriptors:
        poll.register(fd, select.POLLIN)
    return {fd for fd, _ in poll.poll(None if seconds is None else seconds * 1000)}
