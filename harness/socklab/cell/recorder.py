"""The recorder's memory, read from the broker's side (native/record.h).

It decodes events and sets the two faults that the recorder makes itself. Learner code can write to this memory: what
stands in it explains, and never earns points.
"""

import mmap
import os
import socket
import struct
from collections.abc import Iterator
from typing import NamedTuple

CAPACITY = 4096
_HEADER = struct.Struct("<IIIIQQiiiiQ64III")
_EVENT = struct.Struct("<IIQQQIIqqqqqiI16s32s")
_FAULTS, _FAULTS_AT = struct.Struct("<iiii"), 32
_ARMED, _NEXT, _CRASH_SIGNAL, _RANGE, _CRASH_SITE, _LINES = 4, 8, 12, 16, 48, 56
_HOW_MANY_LINES = 64
_LATE = _LINES + 4 * _HOW_MANY_LINES
MAGIC = 0x736F636B
_LOOK_BACK = 64
_NUMBERS = 1 << 32
"""So many calls have a number each; then they begin again at 0."""

MOST_AT_ONCE = 1 << 30
"""More calls than a program can make while somebody waits for it: beyond that it has written here itself."""

SIZE = _HEADER.size + CAPACITY * _EVENT.size
_DONE = 2


class Event(NamedTuple):
    """One recorded call. Times are nanoseconds of CLOCK_MONOTONIC; `ended` is 0 for a call that never came back."""

    name: str
    args: tuple[int, int, int, int]
    data: bytes
    result: int
    error: int
    injected: bool
    started: int
    ended: int
    site: int
    line: int
    thread: int

    @property
    def pending(self) -> bool:
        """Whether the call had not returned when the recording was read."""
        return self.ended == 0

    @property
    def address(self) -> tuple[str, int] | None:
        """The host and port that the call named, for calls that take an Internet address."""
        if len(self.data) >= 8 and self.name in ("connect", "bind", "sendto", "sendmsg"):
            (family,) = struct.unpack_from("=H", self.data)
            (port,) = struct.unpack_from("!H", self.data, 2)
            if family == socket.AF_INET:
                return socket.inet_ntoa(self.data[4:8]), port
            if family == socket.AF_INET6 and len(self.data) >= 24:
                return socket.inet_ntop(socket.AF_INET6, self.data[8:24]), port
        return None

    @property
    def text(self) -> str:
        """The host name, path or command that the call named."""
        return self.data.decode("utf-8", "replace")


class Crash(NamedTuple):
    """The signal that ended a C submission, and where in its code that was (0: unknown)."""

    signal: int
    site: int


class Faults(NamedTuple):
    """What the recorder is told to make fail: errno values, 0 for none, as they stand in native/record.h."""

    close: int = 0
    connect: int = 0
    connect_port: int = 0
    socket: int = 0


class Recording:
    """Memory shared between broker and recorder."""

    def __init__(self) -> None:
        self.descriptor = os.memfd_create("recording", os.MFD_CLOEXEC)
        os.truncate(self.descriptor, SIZE)
        self._memory = mmap.mmap(self.descriptor, SIZE)
        struct.pack_into("<I", self._memory, 0, MAGIC)
        self._faults = Faults()
        self._fresh = 0  # the first call of the process that is listened to now

    def close(self) -> None:
        """Give the memory back."""
        self._memory.close()
        os.close(self.descriptor)

    @property
    def begun(self) -> int:
        """How many calls have been recorded so far."""
        (count,) = struct.unpack_from("<I", self._memory, _NEXT)
        return count

    def since(self, start: int, most: int = CAPACITY) -> tuple[tuple[Event, ...], int]:
        """The events from number `start` on, at most the last `most`, and how many came before those."""
        count = (self.begun - start) % _NUMBERS
        if count > MOST_AT_ONCE:
            return (), 0
        lost = max(0, count - min(most, CAPACITY))
        return tuple(self._event((start + number) % CAPACITY) for number in range(lost, count)), lost

    def numbered(self, numbers: list[int]) -> Iterator[tuple[int, Event]]:
        """The events of these numbers, as far as they have not been overwritten."""
        oldest = self.begun - CAPACITY
        return ((number, self._event(number % CAPACITY)) for number in numbers if number >= oldest)

    def _event(self, slot: int) -> Event:
        (state, injected, started, ended, site, line, thread, result, a, b, c, d, error, length, name, data) = (
            _EVENT.unpack_from(self._memory, _HEADER.size + slot * _EVENT.size)
        )
        return Event(
            name.rstrip(b"\0").decode("ascii", "replace"),
            (a, b, c, d),
            data[: min(length, len(data))],
            result,
            error,
            bool(injected),
            started,
            ended if state == _DONE else 0,
            site,
            line,
            thread,
        )

    def under_way(self, thread: int) -> Event | None:
        """The call that a thread of the process that is listened to now began last, if it has not come back yet."""
        end = self.begun
        for number in range(end - 1, max(self._fresh, end - _LOOK_BACK) - 1, -1):
            event = self._event(number % CAPACITY)
            if event.thread == thread:
                return event if event.pending else None
        return None

    def line_of(self, thread: int) -> int:
        """The line that a thread of a Python submission is on; 0 in C, and where lines are not followed."""
        (line,) = struct.unpack_from("<I", self._memory, _LINES + 4 * (thread % _HOW_MANY_LINES))
        return line

    def site_of(self, address: int) -> int:
        """A code address as a place in the submission, as events have it; 0 if it is outside."""
        base, end = struct.unpack_from("<QQ", self._memory, _RANGE)
        return address - base if base <= address < end else 0

    def crash(self) -> Crash | None:
        """Where the submission crashed, if it did."""
        (signal,) = struct.unpack_from("<I", self._memory, _CRASH_SIGNAL)
        (site,) = struct.unpack_from("<Q", self._memory, _CRASH_SITE)
        return Crash(signal, site) if signal else None

    def start_afresh(self) -> None:
        """Make ready for another process: it is not listened to until it says so, and has not crashed."""
        self._fresh = self.begun
        struct.pack_into("<I", self._memory, _ARMED, 0)
        struct.pack_into("<I", self._memory, _CRASH_SIGNAL, 0)
        struct.pack_into("<Q", self._memory, _CRASH_SITE, 0)

    def leave_after_close(self, error: int) -> None:
        """From now on a close() that succeeds leaves `error` in errno; 0 ends that. POSIX permits it."""
        self._arrange(self._faults._replace(close=error))

    def fail_connect(self, port: int, error: int) -> None:
        """From now on connect() to `port` fails with `error` without asking the kernel; `error` 0 ends that."""
        self._arrange(self._faults._replace(connect=error, connect_port=port))

    def fail_socket(self, error: int) -> None:
        """From now on socket() fails with `error` without asking the kernel; `error` 0 ends that."""
        self._arrange(self._faults._replace(socket=error))

    def tell_late(self, yes: bool) -> None:
        """From now on a connection that is made is told only once its other end has said something or hung up; or no more."""
        struct.pack_into("<I", self._memory, _LATE, yes)

    @property
    def faults(self) -> Faults:
        """What is arranged now."""
        return self._faults

    def _arrange(self, faults: Faults) -> None:
        self._faults = faults
        _FAULTS.pack_into(self._memory, _FAULTS_AT, *faults)

    @property
    def tampered(self) -> bool:
        """Whether the faults that stand in the memory are not those that we arranged."""
        return _FAULTS.unpack_from(self._memory, _FAULTS_AT) != self._faults
