"""What can be known of a process from outside, whatever it says itself: its descriptors, threads and children.

All of it is read from /proc (proc(5)) by the broker, which owns the process's user namespace or is its user.
"""

import contextlib
import itertools
import os
import socket
import sys
from collections.abc import Iterator
from typing import NamedTuple

_MAPPED = "0000000000000000FFFF0000" if sys.byteorder == "little" else "00000000000000000000FFFF"
"""How an IPv4 address begins in /proc/net/tcp6."""

_SYN_RECV, _LISTEN = "03", "0A"
"""States in /proc/net/tcp: of a connection whose handshake is not over at this end, and of a listener."""

_PF_EXITING = 0x4
"""Among the flags of a thread in /proc/PID/stat (linux/sched.h)."""

_HELD = "04"
"""The timer of a connection that has something to send and does not: a probe will ask whether it may, or send it after all."""


def _text(path: str) -> str:
    """What a file of /proc says now, each byte a character: a process may call itself what it likes.

    Raises OSError as open(2) does. (open() makes twice as many system calls, and who waits for an event that nothing tells of
    looks hundreds of times a second.)
    """
    parts: list[bytes] = []
    file = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
    try:
        while part := os.read(file, 1 << 16):
            parts.append(part)
    finally:
        os.close(file)
    return b"".join(parts).decode("latin-1")


def _tasks(pid: int) -> list[str]:
    """The threads of a process. Raises OSError if it is gone."""
    folder = f"/proc/{pid}/task"
    return [str(pid)] if os.stat(folder).st_nlink == 2 + 1 else os.listdir(folder)


def descriptors(pid: int) -> dict[int, str]:
    """Open descriptor -> what it leads to, such as `socket:[4711]` or `/dev/null`.

    Empty if the process is gone. Raises PermissionError if it has made itself unreadable.
    """
    try:
        if found := _descriptors(pid):
            return found
    except PermissionError:  # as it also is where the first thread has ended
        if _living(pid) == pid:
            raise
    return _descriptors(_living(pid))


def _descriptors(task: int | str) -> dict[int, str]:
    table: dict[int, str] = {}
    folder = f"/proc/{task}/fd"
    try:
        names = os.listdir(folder)
    except (FileNotFoundError, ProcessLookupError):
        return table
    for name in names:
        try:
            table[int(name)] = os.readlink(f"{folder}/{name}")
        except (FileNotFoundError, ProcessLookupError):
            continue  # closed between the two calls
    return table


def _living(pid: int) -> int | str:
    """A thread of it that runs on where the first one has ended (pthread_exit(3)), of which alone /proc/PID tells; else the process
    itself."""
    if _stat(pid)[:1] != ["Z"]:
        return pid
    with contextlib.suppress(FileNotFoundError, ProcessLookupError):
        for task in _tasks(pid):
            if _stat(f"{pid}/task/{task}")[:1] not in ([], ["Z"], ["X"]):
                return f"{pid}/task/{task}"
    return pid


def sockets_on(port: int) -> set[str]:
    """The TCP sockets bound to `port` in this process's network, named as `descriptors` names them."""
    found: set[str] = set()
    for table in ("tcp", "tcp6"):
        for fields in _rows(table):
            if fields[1].endswith(f":{port:04X}"):
                found.add(f"socket:[{fields[9]}]")
    return found


def is_quiet(near: tuple[str, int], far: tuple[str, int]) -> bool:
    """Whether all that was sent from a TCP connection's end at `near`, its end too, has arrived at `far`: none of it is in its
    tx_queue, where it stays until it is acknowledged (proc(5), /proc/net/tcp)."""
    wanted = [_in_hex(near), _in_hex(far), "00000000"]
    return any([*fields[1:3], fields[4].partition(":")[0]] == wanted for fields in _ipv4_rows())


def is_settled(near: tuple[str, int], far: tuple[str, int]) -> bool:
    """Whether nothing is on its way between the two ends of a TCP connection, and there are both: on a busy machine even a
    packet of the loopback network may wait for a processor (ksoftirqd).

    What an end has the kernel hold back (MSG_MORE, TCP_CORK) is not on its way, but waits for that end.
    """
    ends = {(_in_hex(near), _in_hex(far)), (_in_hex(far), _in_hex(near))}
    rows = (fields for fields in _ipv4_rows() if (fields[1], fields[2]) in ends and fields[3] != _SYN_RECV)
    sent = [fields[4].partition(":")[0] == "00000000" or fields[5][:2] == _HELD for fields in itertools.islice(rows, 2)]
    return sent == [True, True]


def unread(near: tuple[str, int], far: tuple[str, int]) -> int:
    """How many of the bytes that were sent from `far` wait to be read at a TCP connection's end at `near`: in its rx_queue."""
    wanted = [_in_hex(near), _in_hex(far)]
    return sum(int(fields[4].partition(":")[2], 16) for fields in _ipv4_rows() if fields[1:3] == wanted)


def is_called(port: int) -> bool:
    """Whether there is any part of a connection to a listener on `port`, if only a first SYN that waits for its answer's answer."""
    ending = f":{port:04X}"
    rows = (fields for table in ("tcp", "tcp6") for fields in _rows(table))
    return any(fields[2].endswith(ending) or (fields[1].endswith(ending) and fields[3] != _LISTEN) for fields in rows)


def _rows(table: str) -> Iterator[list[str]]:
    """The sockets of this process's network, as fields."""
    with contextlib.suppress(FileNotFoundError):
        yield from map(str.split, _text(f"/proc/self/net/{table}").splitlines())


def _ipv4_rows() -> Iterator[list[str]]:
    """Those of IPv4: also of a socket for IPv6 that serves it (::ffff:127.0.0.1, ipv6(7)), its addresses as other sockets have them."""
    yield from _rows("tcp")
    for fields in _rows("tcp6"):
        if fields[1].startswith(_MAPPED):
            yield [fields[0], *(address.removeprefix(_MAPPED) for address in fields[1:3]), *fields[3:]]


def _in_hex(address: tuple[str, int]) -> str:
    """As /proc/net/tcp has it."""
    return f"{int.from_bytes(socket.inet_aton(address[0]), sys.byteorder):08X}:{address[1]:04X}"


def threads(pid: int) -> int:
    """How many threads it has; 0 if it is gone."""
    try:
        return len(_tasks(pid))
    except (FileNotFoundError, ProcessLookupError):
        return 0


def tasks_of_user(user: int) -> int:
    """How many processes and threads `user` has, as RLIMIT_NPROC counts them (getrlimit(2))."""
    total = 0
    for name in os.listdir("/proc"):
        if name.isdigit():
            try:
                if os.stat(f"/proc/{name}").st_uid == user:
                    total += threads(int(name))
            except (FileNotFoundError, ProcessLookupError):
                continue
    return total


def asleep(pid: int) -> bool:
    """Whether every one of its threads waits for something: none is running or ending."""
    states = set(_states(pid)) - {"Z"}
    return bool(states) and states <= {"S", "D"}


def _states(pid: int) -> list[str]:
    """The state of each of its threads, as a letter (proc(5)); none if it is gone."""
    try:
        return [state for task in _tasks(pid) for state in _stat(f"{pid}/task/{task}")[:1]]
    except (FileNotFoundError, ProcessLookupError, PermissionError):
        return []


def descendants(pid: int) -> list[int]:
    """All processes below `pid`, zombies too."""
    found: list[int] = []
    waiting = [pid]
    while waiting:
        below = children(waiting.pop())
        found += below
        waiting += below
    return found


def children(pid: int) -> list[int]:
    """The processes that it is the parent of, zombies too."""
    try:
        tasks = _tasks(pid)
    except (FileNotFoundError, ProcessLookupError):
        return []
    found: list[int] = []
    for task in tasks:
        try:
            found += map(int, _text(f"/proc/{pid}/task/{task}/children").split())
        except (FileNotFoundError, ProcessLookupError):
            continue
    return found


def _stat(pid: int | str) -> list[str]:
    """The fields of /proc/PID/stat from the third on: state, parent …; none if it is gone. `pid`: also PID/task/ID, a thread of it."""
    try:
        return _text(f"/proc/{pid}/stat").rpartition(")")[2].split()
    except (FileNotFoundError, ProcessLookupError):
        return []


def parent(pid: int) -> int:
    """The process that it is a child of; 0 if it is gone."""
    fields = _stat(pid)
    return int(fields[1]) if fields else 0


def is_zombie(pid: int) -> bool:
    """Whether it has ended, with all its threads, and nobody has asked how."""
    fields = _stat(pid)
    return fields[:1] == ["Z"] and int(fields[17]) <= 1


def is_stopped(pid: int) -> bool:
    """Whether a signal has stopped it, or it is gone."""
    return set(_states(pid)) <= {"T", "Z"}


def is_at_work(pid: int) -> bool:
    """Whether one of its threads runs, or could run and waits for a processor."""
    return "R" in _states(pid)


def is_held_up(pid: int) -> bool:
    """Whether the kernel has yet to do what it owes the process: a signal waits to be delivered, a thread is on its way out, or in
    a sleep that no signal ends (D, proc(5))."""
    with contextlib.suppress(FileNotFoundError, ProcessLookupError):
        for task in _tasks(pid):
            state, *rest = _stat(f"{pid}/task/{task}") or "Z"
            if state == "D" or (state not in "ZX" and int(rest[5]) & _PF_EXITING):
                return True
    masks = _masks(pid)
    return bool((masks["SigPnd"] | masks["ShdPnd"]) & ~masks["SigBlk"])


def mappings(pid: int) -> int:
    """How many pieces of memory it has mapped; 0 if it is gone."""
    return _mappings(pid) or _mappings(_living(pid))


def _mappings(task: int | str) -> int:
    try:
        return _text(f"/proc/{task}/maps").count("\n")
    except (FileNotFoundError, ProcessLookupError, PermissionError):
        return 0


def cpu_seconds(pid: int) -> float:
    """Processor time that it and those of its children that it has awaited have used, and that its threads have waited for: what
    it would have used on an idle machine."""
    used = cpu_used(pid)
    with contextlib.suppress(FileNotFoundError, ProcessLookupError, PermissionError):
        for task in _tasks(pid):
            waited = CpuWait(f"{pid}/task/{task}")
            used += waited.seconds()
            waited.close()
    return used


def cpu_used(pid: int) -> float:
    """Processor time that it and those of its children that it has awaited have used, in seconds; 0 if it is gone."""
    fields = _stat(pid)
    return sum(map(int, fields[11:15])) / os.sysconf("SC_CLK_TCK") if fields else 0.0


class Work(NamedTuple):
    """What a thread has done so far: nanoseconds on a processor, and those in which it could have run and waited for one."""

    ran: int
    waited: int  # up to when it ran last


def work(pid: int) -> dict[int, Work]:
    """The work of each of its threads (schedstat); nothing if it is gone, or where the kernel does not count."""
    found: dict[int, Work] = {}
    with contextlib.suppress(FileNotFoundError, ProcessLookupError, PermissionError):
        for task in _tasks(pid):
            with contextlib.suppress(FileNotFoundError):
                found[int(task)] = Work(*map(int, _text(f"/proc/{pid}/task/{task}/schedstat").split()[:2]))
    return found


def resident(pid: int) -> int:
    """Bytes of memory that it really uses, those that it shares with others included; 0 if it is gone."""
    fields = _stat(pid)
    if fields[:1] == ["Z"]:
        fields = _stat(_living(pid))
    return int(fields[21]) * os.sysconf("SC_PAGE_SIZE") if fields else 0


def proportional(pid: int) -> int:
    """The same, of what several share to each its part (Pss, proc(5)): slower to find out, but sums are true. 0 if it is gone."""
    return _proportional(pid) or _proportional(_living(pid))


def _proportional(task: int | str) -> int:
    with contextlib.suppress(FileNotFoundError, ProcessLookupError, PermissionError):
        lines = _text(f"/proc/{task}/smaps_rollup").splitlines()
        return next((int(line.split()[1]) << 10 for line in lines if line.startswith("Pss:")), 0)
    return 0


def listeners(port: int) -> dict[str, str]:
    """The TCP listeners on `port` in this process's network: socket, as `descriptors` names it, -> address."""
    found: dict[str, str] = {}
    for table, family in (("tcp", socket.AF_INET), ("tcp6", socket.AF_INET6)):
        for fields in _rows(table):
            if fields[1].endswith(f":{port:04X}") and fields[3] == _LISTEN:
                words = [bytes.fromhex(fields[1][at : at + 8])[::-1] for at in range(0, len(fields[1]) - 5, 8)]
                found[f"socket:[{fields[9]}]"] = socket.inet_ntop(family, b"".join(words))
    return found


def reaped_children(pid: int) -> int:
    """Grows whenever it has started and awaited another process: the page faults of awaited children (cminflt) add up."""
    fields = _stat(pid)
    return int(fields[8]) if fields else 0


_SIGNALS = [*range(1, 32), *range(35, 65)]
"""But for those that C libraries keep for themselves (signal(7)): whoever starts a thread has a handler for one of them."""


class Signals(NamedTuple):
    """Numbers of signals that a process blocks (its first thread does), ignores, and has handlers for."""

    blocked: frozenset[int]
    ignored: frozenset[int]
    handled: frozenset[int]


def signals(pid: int) -> Signals:
    """What it does about signals now; nothing if it is gone."""
    masks = _masks(pid)
    wanted = (masks["SigBlk"], masks["SigIgn"], masks["SigCgt"])
    return Signals(*(frozenset(number for number in _SIGNALS if mask >> number - 1 & 1) for mask in wanted))


def _masks(pid: int) -> dict[str, int]:
    """Its sets of signals (proc(5), /proc/PID/status); empty ones if it is gone."""
    masks: dict[str, int] = dict.fromkeys(("SigPnd", "ShdPnd", "SigBlk", "SigIgn", "SigCgt"), 0)
    with contextlib.suppress(FileNotFoundError, ProcessLookupError):
        for name, _, value in (line.partition(":") for line in _text(f"/proc/{pid}/status").split("\n")):
            if name in masks:
                masks[name] = int(value, 16)
    return masks


def timers(pid: int) -> int:
    """How many timers of timer_create(2) it has (/proc/PID/timers); 0 where the kernel does not tell."""
    with contextlib.suppress(FileNotFoundError, ProcessLookupError):
        return sum(line.startswith("ID:") for line in _text(f"/proc/{pid}/timers").splitlines())
    return 0


class CpuWait:
    """How long a process's main thread, or the thread `PID/task/ID`, could have run but had no CPU (schedstat)."""

    def __init__(self, task: int | str) -> None:
        try:
            self._file = os.open(f"/proc/{task}/schedstat", os.O_RDONLY | os.O_CLOEXEC)
        except OSError:  # it is gone, or this kernel does not count
            self._file = -1

    def seconds(self) -> float:
        """The sum so far; 0 where the kernel does not count."""
        try:
            return int(os.pread(self._file, 100, 0).split()[1]) / 1e9
        except (OSError, IndexError, ValueError):
            return 0.0

    def close(self) -> None:
        """Look no more; again does nothing."""
        if self._file >= 0:
            os.close(self._file)
            self._file = -1


def own_number(task: int) -> int:
    """The number that a process or thread has in its own pid namespace (NSpid, proc(5)); `task` itself if it is gone."""
    try:
        lines = _text(f"/proc/{task}/status").split("\n")
        return next((int(line.split()[-1]) for line in lines if line.startswith("NSpid:")), task)
    except (FileNotFoundError, ProcessLookupError, PermissionError):
        return task
