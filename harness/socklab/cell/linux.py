"""System calls that Python 3.11 does not offer, by way of the C library.

It knows no policy: each function is one call of the manual's section 2, and raises OSError as the os module would.
"""

from __future__ import annotations

import errno
import os

TYPE_CHECKING = False
if TYPE_CHECKING:
    import ctypes

CLONE_NEWNS = 0x00020000
CLONE_NEWUSER = 0x10000000
CLONE_NEWNET = 0x40000000
CLONE_NEWPID = 0x20000000

MS_NOSUID = 0x2
MS_NODEV = 0x4
MS_NOEXEC = 0x8
MS_BIND = 0x1000
MS_REC = 0x4000
MS_PRIVATE = 0x40000

_CLONE = {"x86_64": 56, "aarch64": 220}
_PIDFD_GETFD = 438
"""On every architecture: it is younger than their own numbering."""

ADDR_NO_RANDOMIZE = 0x0040000

_PR_SET_PDEATHSIG = 1
_PR_SET_DUMPABLE = 4
_PR_SET_CHILD_SUBREAPER = 36
_PR_SET_NO_NEW_PRIVS = 38


_loaded: list[ctypes.CDLL] = []


def libc() -> ctypes.CDLL:
    """The C library. Loaded when first needed: a compiler is started without it."""
    if not _loaded:
        import ctypes

        _loaded.append(ctypes.CDLL(None, use_errno=True))
    return _loaded[0]


def checked(result: int, what: str) -> int:
    """The result of a call of the C library; raises OSError, with errno and `what` it was, for a negative one."""
    if result < 0:
        import ctypes

        error = ctypes.get_errno()
        raise OSError(error, f"{what}: {os.strerror(error)}")
    return result


def unshare(flags: int) -> None:
    """Move this process into new namespaces (unshare(2))."""
    checked(libc().unshare(flags), "unshare")


def fork_with_own_pids() -> int:
    """Fork a child that is the first process of a pid namespace: when it ends, for whatever reason, all below it end too,
    and waiting for it waits for them (pid_namespaces(7), clone(2)).

    Returns as os.fork() does. Only for a child that soon calls exec: Python's own after-fork work is left out. Raises
    OSError without the right to make namespaces, and on machines whose number of clone() we do not know.
    """
    import ctypes
    import signal

    number = _CLONE.get(os.uname().machine)
    if number is None:
        raise OSError(errno.ENOSYS, f"clone() has no known number on {os.uname().machine}")
    library = ctypes.PyDLL(None, use_errno=True)  # keeps the interpreter's lock, which the child must hold too
    pid = checked(library.syscall(number, CLONE_NEWPID | signal.SIGCHLD, 0, 0, 0, 0), "clone")
    if pid == 0:
        _number_the_next_like_us()
    return pid


def _number_the_next_like_us() -> None:
    """Give our next child the number that we have in /proc, which still shows the numbers outside our pid namespace.

    bubblewrap looks its child up there, though it has no use for what it finds. Its usual number, 2, is there on most
    machines, but not in a container, nor where /proc hides what belongs to others (proc(5), ns_last_pid and hidepid).
    """
    try:
        number = int(os.readlink("/proc/self"))
        with open("/proc/sys/kernel/ns_last_pid", "w") as file:
            file.write(str(number - 1))
    except OSError:
        return  # then it looks for 2


def timer(seconds: float) -> int:
    """A descriptor that can be read every so many seconds (timerfd_create(2)); the caller closes it."""
    flags = os.O_CLOEXEC | os.O_NONBLOCK
    fd = checked(libc().timerfd_create(1, flags), "timerfd_create")  # 1: CLOCK_MONOTONIC
    start_timer(fd, seconds)
    return fd


def start_timer(fd: int, seconds: float) -> None:
    """Have a timer begin anew (timerfd_settime(2))."""
    import ctypes

    whole, part = int(seconds), round(seconds % 1 * 1e9)
    checked(libc().timerfd_settime(fd, 0, (ctypes.c_long * 4)(whole, part, whole, part), None), "timerfd_settime")


def descriptor_of(process: int, number: int) -> int:
    """A descriptor of ours for what descriptor `number` of another process leads to (pidfd_getfd(2)); `process`: its pidfd."""
    return checked(libc().syscall(_PIDFD_GETFD, process, number, 0), "pidfd_getfd")


def adopt_orphans() -> None:
    """Become the parent of all processes below this one whose own parent ends (prctl(2), PR_SET_CHILD_SUBREAPER)."""
    checked(libc().prctl(_PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0), "prctl PR_SET_CHILD_SUBREAPER")


def bind_mount(source: str, target: str) -> None:
    """Make the tree at `source` appear at `target` too (mount(2), MS_BIND)."""
    checked(libc().mount(os.fsencode(source), os.fsencode(target), None, MS_BIND | MS_REC, None), f"mount {target}")


def mount_own_proc() -> None:
    """In a mount namespace of its own, show this process its own pid namespace in /proc (pid_namespaces(7))."""
    unshare(CLONE_NEWNS)
    make_mounts_private()
    checked(libc().mount(b"proc", b"/proc", b"proc", MS_NOSUID | MS_NODEV | MS_NOEXEC, None), "mount /proc")


def make_mounts_private() -> None:
    """Keep later mounts of this mount namespace from reaching its parent (mount_namespaces(7))."""
    checked(libc().mount(b"none", b"/", None, MS_REC | MS_PRIVATE, None), "mount /")


def die_with_parent(signal: int) -> None:
    """Have the kernel send `signal` when the thread that made this process ends (prctl(2), PR_SET_PDEATHSIG).

    Call it after the last change of user: that clears it.
    """
    checked(libc().prctl(_PR_SET_PDEATHSIG, signal, 0, 0, 0), "prctl PR_SET_PDEATHSIG")


def set_dumpable(yes: bool) -> None:
    """Whether processes of the same user may trace this one; after a change of user it also decides who owns /proc/self.

    (prctl(2), PR_SET_DUMPABLE)
    """
    checked(libc().prctl(_PR_SET_DUMPABLE, int(yes), 0, 0, 0), "prctl PR_SET_DUMPABLE")


def no_new_privileges() -> None:
    """Make set-user-id programs powerless from here on (prctl(2), PR_SET_NO_NEW_PRIVS)."""
    checked(libc().prctl(_PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0), "prctl PR_SET_NO_NEW_PRIVS")


def personality(flags: int) -> None:
    """Set this process's execution domain (personality(2)); it survives exec."""
    checked(libc().personality(flags), "personality")
