"""What the broker does while it waits: it serves a scene's peers and what a submission says, all from one poll().

So a broker needs no threads. A deed is called whenever its descriptor can be read; one that returns False has no more to do.
"""

import contextlib
import select
import time
from collections.abc import Callable, Mapping

READ, WRITE = select.POLLIN, select.POLLOUT


class Loop:
    """Descriptors to be served, and waiting for others meanwhile."""

    def __init__(self) -> None:
        self._deeds: dict[int, Callable[[], object]] = {}
        self._poller = select.poll()

    def react(self, descriptor: int, deed: Callable[[], object]) -> None:
        """From now on call `deed` whenever `descriptor` can be read while something is waited for."""
        self._deeds[descriptor] = deed
        self._poller.register(descriptor, READ)

    def forget(self, descriptor: int) -> None:
        """Undo `react`; again does nothing."""
        if self._deeds.pop(descriptor, None):
            self._leave(descriptor)

    def _leave(self, descriptor: int) -> None:
        with contextlib.suppress(KeyError):  # it had no more to do, and was left alone already
            self._poller.unregister(descriptor)

    def wait(self, wanted: Mapping[int, int], until: float | None = None) -> list[int]:
        """Serve until one of `wanted` (descriptor -> READ or WRITE) is ready, or time.monotonic() has passed `until`.

        Those that are ready, or whose other end is gone; none if time ran out.
        """
        for fd, what in wanted.items():
            self._poller.register(fd, what)
        try:
            while True:
                left = None if until is None else max(0.0, until - time.monotonic()) * 1000
                ready: list[int] = []
                for fd, happened in self._poller.poll(left):
                    if fd in wanted:
                        ready.append(fd)
                    elif not happened & READ or self._deeds.get(fd, _nothing)() is False:
                        self._leave(fd)
                if ready or (until is not None and time.monotonic() >= until):  # however busy it is kept
                    return ready
        finally:
            for fd in wanted:
                self._poller.unregister(fd)


def _nothing() -> bool:
    """For what a deed before it in the same round has forgotten."""
    return False
