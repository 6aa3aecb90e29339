"""With what time limit those who sleep wait: read from the calls that a process's threads are in (proc(5), /proc/PID/task/ID/syscall),
and from its timers.

Whoever hangs up after half a minute would else be seen only by those who wait for half a minute with everybody.
"""

import contextlib
import os
import re
import socket
import stat
import struct
import time
from collections.abc import Iterator

from . import evidence, linux

_MILLISECONDS, _SECONDS_AND_MICRO, _SECONDS_AND_NANO, _MOMENT, _RECEIVING, _SENDING = range(6)
"""How a limit is told: as a number, as a struct timeval or timespec, as the moment in which it is over, or by the socket, whose
option it is (socket(7))."""

_READERS = dict.fromkeys(("read", "readv", "recvfrom", "recvmsg", "accept", "accept4"), (0, _RECEIVING))
_WRITERS = dict.fromkeys(("write", "writev", "sendto", "sendmsg", "sendfile"), (0, _SENDING))
_WHERE = {
    **_READERS,
    **_WRITERS,
    "poll": (2, _MILLISECONDS),
    "epoll_wait": (3, _MILLISECONDS),
    "epoll_pwait": (3, _MILLISECONDS),
    "select": (4, _SECONDS_AND_MICRO),
    "pselect6": (4, _SECONDS_AND_NANO),
    "ppoll": (2, _SECONDS_AND_NANO),
    "epoll_pwait2": (3, _SECONDS_AND_NANO),
    "futex": (3, _MOMENT),
}
"""System call -> which argument has its limit, counted from 0, and how."""

_NUMBERS = {
    "x86_64": {
        **{"read": 0, "write": 1, "poll": 7, "readv": 19, "writev": 20, "select": 23, "sendfile": 40, "accept": 43},
        **{"sendto": 44, "recvfrom": 45, "sendmsg": 46, "recvmsg": 47, "epoll_wait": 232, "pselect6": 270},
        **{"ppoll": 271, "epoll_pwait": 281, "accept4": 288, "epoll_pwait2": 441, "futex": 202},
    },
    "aarch64": {
        **{"epoll_pwait": 22, "read": 63, "write": 64, "readv": 65, "writev": 66, "sendfile": 71, "pselect6": 72},
        **{"ppoll": 73, "accept": 202, "sendto": 206, "recvfrom": 207, "sendmsg": 211, "recvmsg": 212},
        **{"accept4": 242, "epoll_pwait2": 441, "futex": 98},
    },
}
_NAMES = {number: name for name, number in _NUMBERS.get(os.uname().machine, {}).items()}


def time_limits(pid: int) -> list[float]:
    """For each thread of it that waits in a call with a time limit: after how many seconds at most that limit has shown itself. And
    for each timer that is a descriptor: in how many seconds it is due.

    Threads that wait for ever, run, or wait in some other way are left out; so are all where the kernel does not tell.
    """
    found = list(_timers(pid))
    with contextlib.suppress(FileNotFoundError, ProcessLookupError):
        for task in os.listdir(f"/proc/{pid}/task"):
            with contextlib.suppress(OSError, ValueError):
                found += _limit(pid, task)
    return found


_DUE = re.compile(r"^it_value: \((\d+), (\d+)\)$", re.MULTILINE)


def _timers(pid: int) -> Iterator[float]:
    """In how many seconds its timers are due (timerfd_create(2); proc(5), /proc/PID/fdinfo); those that are not set are left out."""
    with contextlib.suppress(PermissionError):
        timers = [number for number, what in evidence.descriptors(pid).items() if what == "anon_inode:[timerfd]"]
        for number in timers:
            with contextlib.suppress(OSError), open(f"/proc/{pid}/fdinfo/{number}") as file:
                for whole, part in _DUE.findall(file.read()):
                    if seconds := int(whole) + int(part) / 1e9:
                        yield seconds


def _limit(pid: int, task: str) -> Iterator[float]:
    with open(f"/proc/{pid}/task/{task}/syscall") as file:
        number, *arguments = file.read().split()
    name = _NAMES.get(int(number), "")
    if name not in _WHERE:
        return
    which, form = _WHERE[name]
    value = int(arguments[which], 16)
    if form == _MILLISECONDS:
        (limit,) = struct.unpack("<i", struct.pack("<I", value & 0xFFFFFFFF))
        limit /= 1e3
    elif form == _RECEIVING:
        limit = _of_socket(pid, value, socket.SO_RCVTIMEO)
    elif (
        form == _SENDING
    ):  # a call that has sent a part says so, and the next one may find room for a little more: one of them fails
        limit = 4 * _of_socket(pid, value, socket.SO_SNDTIMEO)
    elif not value:
        limit = 0.0
    elif form == _MOMENT:
        limit = _of_futex(pid, value, int(arguments[1], 16))
    else:
        limit = _of_memory(pid, value, 1e6 if form == _SECONDS_AND_MICRO else 1e9)
    if limit > 0:
        yield limit


_PAIR = struct.Struct("@ll")


def _of_memory(pid: int, address: int, parts: float) -> float:
    """A struct timeval or timespec in its memory, in seconds."""
    with open(f"/proc/{pid}/mem", "rb", buffering=0) as memory:
        memory.seek(address)
        whole, part = _PAIR.unpack(memory.read(_PAIR.size))
    return whole + part / parts


_ABSOLUTE, _OF_DAY = 9, 256
"""FUTEX_WAIT_BITSET, which takes a moment, and FUTEX_CLOCK_REALTIME."""


def _of_futex(pid: int, address: int, operation: int) -> float:
    """For how long futex(2) waits, as threads do for each other: its timespec says how long, or until when."""
    seconds = _of_memory(pid, address, 1e9)
    if operation & 0x7F != _ABSOLUTE:
        return seconds
    return seconds - time.clock_gettime(time.CLOCK_REALTIME if operation & _OF_DAY else time.CLOCK_MONOTONIC)


def _of_socket(pid: int, number: int, option: int) -> float:
    """A time limit of its descriptor `number`, in seconds; 0 if that is no socket, but a pipe, say."""
    if not stat.S_ISSOCK(os.stat(f"/proc/{pid}/fd/{number}").st_mode):
        return 0.0
    process = os.pidfd_open(pid)
    try:
        with socket.socket(fileno=linux.descriptor_of(process, number)) as own:
            whole, part = _PAIR.unpack(own.getsockopt(socket.SOL_SOCKET, option, _PAIR.size))
    finally:
        os.close(process)
    return whole + part / 1e6
