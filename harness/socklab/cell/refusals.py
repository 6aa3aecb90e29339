"""System calls that a submission was refused, as the kernel tells the broker of them (seccomp_unotify(2)).

Each is refused with EPERM. What it was about is read from the caller's registers and memory at that moment, so it holds
for raw system calls and inline assembly too; the line comes from the recorder, as far as the call passed it.
"""

import contextlib
import errno
import fcntl
import os
import struct
from typing import NamedTuple

from . import evidence
from .confinement import SIGNALS, deed
from .recorder import Recording

_RECEIVE, _SEND = 0xC0502100, 0xC0182101  # SECCOMP_IOCTL_NOTIF_RECV and _SEND, from <linux/seccomp.h>
_NOTICE = struct.Struct("<QIIiIQ6Q")
_ANSWER = struct.Struct("<QqiI")
_ANSWER_CONTINUE = 1  # SECCOMP_USER_NOTIF_FLAG_CONTINUE
_MOST = 100
"""How many are kept: a submission may try for ever."""

_PATH_ARGUMENT = {"execve": 0, "execveat": 1}


class Refused(NamedTuple):
    """One refused system call: what it would have done, in words, and where it was made as far as that is known."""

    name: str
    words: str
    site: int
    line: int
    loading: bool  # it happened while the submission was being loaded


class Refusals:
    """The broker's end of a runner's filter; what is refused is added to `found`."""

    def __init__(
        self, listener: int, names: dict[int, str], recording: Recording | None, found: list[Refused], *, family: bool
    ) -> None:
        self.descriptor = listener
        self.found = found
        self.loading = False
        self._names = names
        self._family = family  # it may send signals to processes that it has started
        self._recording = recording

    def answer_one(self) -> None:
        """Refuse the call that waits for an answer, if it still waits, and keep what it was about."""
        notice = bytearray(_NOTICE.size)
        try:
            fcntl.ioctl(self.descriptor, _RECEIVE, notice)
        except OSError:  # a signal took the caller out of its call, or its life
            return
        ticket, pid, _, number, _, address, *arguments = _NOTICE.unpack(notice)
        name = self._names.get(number, f"system call {number}")
        if name in SIGNALS and self._family and self._is_own(pid, _signed(arguments[0])):
            self._answer(ticket, _ANSWER_CONTINUE)
            return
        if len(self.found) < _MOST:
            path = _text_at(pid, arguments[_PATH_ARGUMENT[name]]) if name in _PATH_ARGUMENT else ""
            self.found.append(Refused(name, _words(name, path, arguments), *self._place(pid, address), self.loading))
        self._answer(ticket, 0)

    def _answer(self, ticket: int, flags: int) -> None:
        """Let the call go on, or fail with EPERM."""
        error = 0 if flags else -errno.EPERM
        with contextlib.suppress(OSError):  # it is gone meanwhile
            fcntl.ioctl(self.descriptor, _SEND, _ANSWER.pack(ticket, 0, error, flags))

    @staticmethod
    def _is_own(caller: int, target: int) -> bool:
        """Whether a signal to `target` reaches nothing but processes below this one: a program's own.

        The number stands in a register that the kernel has copied: the caller cannot change it any more.
        """
        if target <= 0:  # its process group, whose leader is the program that we started
            try:
                group = os.getpgid(caller)
            except ProcessLookupError:  # it is gone, or just ending
                return False
            return target in (0, -group) and group in evidence.descendants(os.getpid())
        return target in evidence.descendants(os.getpid())

    def _place(self, thread: int, address: int) -> tuple[int, int]:
        """Call site and line: of the recorded call that is under way, else of the instruction itself."""
        if self._recording is None or self.loading:
            return 0, 0
        number = evidence.own_number(thread)
        waiting = self._recording.under_way(number)
        if waiting:
            return waiting.site, waiting.line
        return self._recording.site_of(address), self._recording.line_of(number)

    def close(self) -> None:
        """Stop listening: refused calls then fail with ENOSYS."""
        os.close(self.descriptor)


def _signed(register: int) -> int:
    return struct.unpack("<i", struct.pack("<I", register & 0xFFFFFFFF))[0]


def _words(name: str, path: str, arguments: list[int]) -> str:
    if path:
        return f"start {path}"
    if name in SIGNALS:
        whom = _signed(arguments[0])
        return f"send a signal to process {whom}" if whom > 0 else "send a signal to other processes"
    return deed(name) if name in ("clone", "fork", "vfork") else f"{deed(name)} with {name}()"


def _text_at(pid: int, address: int) -> str:
    """The string at `address` in the memory of process `pid`; "" if it cannot be read."""
    try:
        with open(f"/proc/{pid}/mem", "rb", buffering=0) as memory:
            memory.seek(address)
            text = memory.read(256)
    except (OSError, ValueError, OverflowError):
        return ""
    return text.partition(b"\0")[0].decode("utf-8", "replace")
