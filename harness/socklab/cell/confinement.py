"""What a submission may ask of the kernel: a filter of system calls (seccomp(2)), made by libseccomp.

Nothing is refused that a program about sockets needs. What is refused fails with EPERM, and where the kernel can, it asks
the broker first (seccomp_unotify(2)), so that a report names what was stopped whoever made the call and however. The
filter is made once on this machine; a runner puts it on before it loads anything of the submission's.
"""

from __future__ import annotations

import marshal
import os

from . import cache
from .sandbox import PRIVATE

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from pyseccomp import Arg

FILTER_FD = 1002
"""The descriptor on which a runner finds its filter."""

OWN_PID = 0x5EEDB10C
"""Stands in a filter for the process's own number, which only the runner knows; it puts it in (native/confine.h)."""

_START = "start another program"
_FORK = "start another process"
_LOOK = "look into another process"
_SIGNAL = "send a signal to another process"
_LEAVE = "change what it is confined to"
_MOUNT = "change what is mounted"
_DEEP = "reach into the kernel by a way that a program about sockets has no use for"
_MACHINE = "change the machine's settings"
_LIMITS = "change another process's limits or priority"
_HIDE = "hide from the grader, or outlive it"
_SHARE = "leave memory or messages behind for others"
_NET = "open a socket that sees or speaks more than TCP, UDP and their like"

_ALWAYS = {
    _START: "execve execveat",
    _LOOK: "ptrace process_vm_readv process_vm_writev process_madvise pidfd_getfd kcmp",
    _SIGNAL: "tkill pidfd_send_signal",
    _LEAVE: "unshare setns seccomp chroot pivot_root",
    _MOUNT: "mount umount2 open_tree move_mount fsopen fsconfig fsmount fspick mount_setattr",
    _DEEP: "bpf perf_event_open userfaultfd io_uring_setup io_uring_enter io_uring_register init_module finit_module "
    "delete_module kexec_load kexec_file_load iopl ioperm syslog add_key request_key keyctl open_by_handle_at "
    "name_to_handle_at memfd_secret",
    _MACHINE: "sethostname setdomainname settimeofday clock_settime adjtimex clock_adjtime swapon swapoff reboot acct "
    "quotactl vhangup",
    _SHARE: "shmget semget msgget",
}
SIGNALS = ("kill", "tgkill", "rt_sigqueueinfo", "rt_tgsigqueueinfo")
"""The calls that send a signal to the process in their first argument."""

_PR_SET_PDEATHSIG, _PR_SET_DUMPABLE, _PR_SET_SECCOMP = 1, 4, 22
_AF_UNIX, _AF_INET, _AF_INET6, _AF_NETLINK = 1, 2, 10, 16
_SOCK_RAW, _TYPE = 3, 0xF
_CLONE_VM, _CLONE_THREAD = 0x100, 0x10000
_TIOCSTI, _TIOCLINUX = 0x5412, 0x541C
_EPERM, _ENOSYS = 1, 38


class Filter:
    """One tier's filter. `asking` puts refused calls to the broker, `refusing` does without; `names`: what numbers mean."""

    def __init__(self, asking: bytes, refusing: bytes, names: dict[int, str]) -> None:
        self.asking = asking
        self.refusing = refusing
        self.names = names

    def packed(self) -> bytes:
        """Both, as a runner reads them: the length of each (32 bits), then their instructions."""
        sizes = (len(part).to_bytes(4, "little") for part in (self.asking, self.refusing))
        return b"".join((*sizes, self.asking, self.refusing))


def load(tier: str, *, programs: bool = False) -> Filter | None:
    """The filter of `tier`, for functions or for whole programs; made now if this machine has none yet. None without libseccomp.

    Raises SetupError if it cannot be kept.
    """
    path = os.path.join(
        cache.folder("filter", (cache.stamp(__file__), os.uname().machine)), tier + "-programs" * programs
    )
    kept = cache.read(path)
    if kept is None:
        try:
            made = _make(tier, programs)
        except (ImportError, RuntimeError, OSError):  # no libseccomp, or one that knows too little
            return None
        kept = marshal.dumps((made.asking, made.refusing, made.names))
        cache.keep(path, kept)
    return Filter(*marshal.loads(kept))


def deed(name: str) -> str:
    """What a refused system call would have done, in words."""
    return _DEEDS.get(name, "do what is not allowed here")


_DEEDS = {name: words for words, names in _ALWAYS.items() for name in names.split()} | {
    "clone": _FORK,
    "fork": _FORK,
    "vfork": _FORK,
    "kill": _SIGNAL,
    "tgkill": _SIGNAL,
    "rt_sigqueueinfo": _SIGNAL,
    "rt_tgsigqueueinfo": _SIGNAL,
    "prlimit64": _LIMITS,
    "setpriority": _LIMITS,
    "sched_setaffinity": _LIMITS,
    "sched_setparam": _LIMITS,
    "sched_setscheduler": _LIMITS,
    "sched_setattr": _LIMITS,
    "ioprio_set": _LIMITS,
    "prctl": _HIDE,
    "socket": _NET,
}


def _rules(tier: str, programs: bool) -> Iterator[tuple[str, tuple[Arg, ...]]]:
    """System calls to be refused, with conditions on their arguments.

    Whole programs may start processes of their own, and send signals to them: in the private tier there are no others, in
    the shared tier the broker lets those pass (refusals.py).
    """
    from pyseccomp import EQ, GT, MASKED_EQ, NE, Arg

    for names in _ALWAYS.values():
        yield from ((name, ()) for name in names.split())
    if not (programs and tier == PRIVATE):
        for name in SIGNALS:
            yield name, (Arg(0, NE, OWN_PID),)
    for name in ("prlimit64", "sched_setaffinity", "sched_setparam", "sched_setscheduler", "sched_setattr"):
        yield name, (Arg(0, NE, 0),)
    yield "setpriority", (Arg(0, NE, 0),)
    yield "setpriority", (Arg(1, NE, 0),)
    yield "ioprio_set", (Arg(1, NE, 0),)
    for option in (_PR_SET_DUMPABLE, _PR_SET_SECCOMP, *([] if programs else [_PR_SET_PDEATHSIG])):
        yield "prctl", (Arg(0, EQ, option),)
    for family in set(range(_AF_NETLINK)) - {0, _AF_UNIX, _AF_INET, _AF_INET6, _AF_NETLINK}:
        yield "socket", (Arg(0, EQ, family),)
    yield "socket", (Arg(0, GT, _AF_NETLINK),)
    for family in (_AF_INET, _AF_INET6):
        yield "socket", (Arg(0, EQ, family), Arg(1, MASKED_EQ, _TYPE, _SOCK_RAW))
    if programs:
        return
    yield "fork", ()
    if tier == PRIVATE:
        # A child that shares memory, as posix_spawn() and system() make them, may come into being: then what it was to
        # start is known. One with memory of its own might use as much again as its parent.
        yield "clone", (Arg(0, MASKED_EQ, _CLONE_VM, 0),)
    else:  # no pid namespace would end with the runner what it started
        yield "clone", (Arg(0, MASKED_EQ, _CLONE_THREAD, 0),)
        yield "vfork", ()


def _make(tier: str, programs: bool) -> Filter:
    """Have libseccomp compile the rules."""
    import pyseccomp as seccomp

    compiled: list[bytes] = []
    names: dict[int, str] = {}
    for refuse in (seccomp.NOTIFY, seccomp.ERRNO(_EPERM)):
        filter_ = seccomp.SyscallFilter(seccomp.ALLOW)
        filter_.set_attr(seccomp.Attr.ACT_BADARCH, seccomp.ERRNO(_ENOSYS))
        for name, conditions in _rules(tier, programs):
            number = seccomp.resolve_syscall(seccomp.Arch.NATIVE, name)
            if number >= 0:
                names[number] = name
                filter_.add_rule(refuse, number, *conditions)
        # Its flags lie in memory, where a filter cannot see them; the C library then falls back to clone().
        filter_.add_rule(seccomp.ERRNO(_ENOSYS), "clone3")
        if tier != PRIVATE:  # silently: getaddrinfo() looks for a cache of names (nscd) by such a socket
            filter_.add_rule(seccomp.ERRNO(_EPERM), "socket", seccomp.Arg(0, seccomp.EQ, _AF_UNIX))
        for request in (_TIOCSTI, _TIOCLINUX):
            filter_.add_rule(seccomp.ERRNO(_EPERM), "ioctl", seccomp.Arg(1, seccomp.MASKED_EQ, 0xFFFFFFFF, request))
        compiled.append(_compiled(filter_))
    return Filter(compiled[0], compiled[1], names)


def _compiled(filter_: object) -> bytes:
    fd = os.memfd_create("filter")
    with os.fdopen(fd, "r+b") as file:
        filter_.export_bpf(file)  # type: ignore[attr-defined]
        file.seek(0)
        return file.read()
