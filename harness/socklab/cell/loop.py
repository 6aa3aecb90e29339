"""What the broker does while it waits: it serves a scene's peers and what a submission says, all from one poll().

So a broker needs no threads. A deed is called whenever its descriptor can be read; one that returns False has no more to do.
"""

import select
import time
from collections.abc import Callable, Mapping

READ, WRITE = select.POLLIN, select.POLLOUT


class Loop:
    """Descriptors to be served, and waiting for others meanwhile."""

    def __init__(self) -> None:
        self._deeds: dict[int, Callable[[], object]] = {}

    def react(self, descriptor: int, deed: Callable[[], object]) -> None:
        """From now on call `deed` whenever `descriptor` can be read while something is waited for."""
        self._deeds[descriptor] = deed

    def forget(self, descriptor: int) -> None:
        """Undo `react`; again does nothing."""
        self._deeds.pop(descriptor, None)

    def wait(self, wanted: Mapping[int, int], until: float | None = None) -> list[int]:
        """Serve until one of `wanted` (descriptor -> READ or WRITE) is ready, or time.monotonic() has passed `until`.

        Those that are ready, or whose other end is gone; none if time ran out.
        """
        poller = select.poll()
        for fd in self._deeds:
            poller.register(fd, READ)
        for fd, what in wanted.items():
            poller.register(fd, what)
        while True:
            left = None if until is None else max(0.0, until - time.monotonic()) * 1000
            ready: list[int] = []
            for fd, happened in poller.poll(left):
                if fd in wanted:
                    ready.append(fd)
                elif fd in self._deeds and (not happened & READ or self._deeds[fd]() is False):
                    poller.unregister(fd)
            if ready or (until is not None and time.monotonic() >= until):  # however busy it is kept
                return ready
