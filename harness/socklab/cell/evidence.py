"""What can be known of a process from outside, whatever it says itself: its descriptors, threads and children.

All of it is read from /proc (proc(5)) by the broker, which owns the process's user namespace or is its user.
"""

import contextlib
import os


def descriptors(pid: int) -> dict[int, str]:
    """Open descriptor -> what it leads to, such as `socket:[4711]` or `/dev/null`.

    Empty if the process is gone.
    """
    table: dict[int, str] = {}
    folder = f"/proc/{pid}/fd"
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


def sockets_on(port: int) -> set[str]:
    """The TCP sockets bound to `port` in this process's network, named as `descriptors` names them."""
    found: set[str] = set()
    for table in ("/proc/self/net/tcp", "/proc/self/net/tcp6"):
        with contextlib.suppress(FileNotFoundError), open(table) as file:
            for fields in (line.split() for line in file):
                if fields[1].endswith(f":{port:04X}"):
                    found.add(f"socket:[{fields[9]}]")
    return found


def threads(pid: int) -> int:
    """How many threads it has; 0 if it is gone."""
    try:
        return len(os.listdir(f"/proc/{pid}/task"))
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
    states: list[str] = []
    try:
        for task in os.listdir(f"/proc/{pid}/task"):
            with open(f"/proc/{pid}/task/{task}/stat") as file:
                states.append(file.read().rpartition(")")[2].split()[0])
    except (FileNotFoundError, ProcessLookupError):
        return False
    return all(state in "SD" for state in states)


def descendants(pid: int) -> list[int]:
    """All processes below `pid`, zombies too."""
    found: list[int] = []
    waiting = [pid]
    while waiting:
        children = _children(waiting.pop())
        found += children
        waiting += children
    return found


def _children(pid: int) -> list[int]:
    try:
        tasks = os.listdir(f"/proc/{pid}/task")
    except (FileNotFoundError, ProcessLookupError):
        return []
    found: list[int] = []
    for task in tasks:
        try:
            with open(f"/proc/{pid}/task/{task}/children") as file:
                found += map(int, file.read().split())
        except (FileNotFoundError, ProcessLookupError):
            continue
    return found


def reaped_children(pid: int) -> int:
    """Grows whenever it has started and awaited another process: the page faults of awaited children (cminflt) add up."""
    try:
        with open(f"/proc/{pid}/stat") as file:
            fields = file.read().rpartition(")")[2].split()
    except (FileNotFoundError, ProcessLookupError):
        return 0
    return int(fields[8])


def waited_for_cpu(pid: int) -> float:
    """Seconds for which its main thread could have run but had no CPU (schedstat); 0 where the kernel does not count."""
    try:
        with open(f"/proc/{pid}/schedstat") as file:
            return int(file.read().split()[1]) / 1e9
    except (OSError, IndexError, ValueError):
        return 0.0
