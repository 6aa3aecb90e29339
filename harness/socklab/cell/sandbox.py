"""Where untrusted processes run: bubblewrap in the private tier, a bare process with limits in the shared one.

A sandbox has one folder, `root` as seen from inside. What a process needs is put there: `files` (bytes, read-only) and
`out`, the one folder that a compiler may write to and a runner may read. It knows neither languages nor exercises.
"""

from __future__ import annotations

import os
import sys

from ..errors import HarnessError
from . import linux
from .process import restore_signals, spawn, which

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from .process import Child, Limits

PRIVATE, SHARED = "private", "shared"
TIERS = (PRIVATE, SHARED)

INSIDE = "/lab"
_SIGKILL = 9  # the signal module takes 4 ms to load
_USER_OF_ITS_OWN = 2_000_000_000
"""Where root's throw-away user ids begin: above any that a system assigns, one for each process of ours."""

_SYSTEM = ("/bin", "/lib", "/lib32", "/lib64", "/libx32", "/sbin")
_FROM_ETC = ("ld.so.cache", "alternatives", "protocols", "services")
_MORE_FROM_ETC = ("ld.so.conf", "ld.so.conf.d", "localtime", "gai.conf", "resolv.conf")
_FROM_PROC = ("/proc/self", "/proc/sys", "/proc/stat", "/proc/meminfo", "/proc/cpuinfo", "/sys/devices/system/cpu")
_DEVICES = ("/dev/null", "/dev/zero", "/dev/full", "/dev/random", "/dev/urandom", "/dev/tty", "/dev/ptmx", "/dev/pts")
_ETC = {
    "hosts": "127.0.0.1 localhost\n::1 localhost\n",
    "nsswitch.conf": "passwd: files\ngroup: files\nhosts: files\nprotocols: files\nservices: files\n",
    "passwd": "learner:x:1000:1000::/tmp:/bin/sh\n",
    "group": "learner:x:1000:\n",
    "host.conf": "multi on\n",
}


class Unavailable(Exception):
    """This machine does not offer the private tier; the text says what is missing."""


def find_bubblewrap() -> str | None:
    """The path of bwrap, or None."""
    return which("bwrap")


def unprivileged_user() -> int | None:
    """The user id that untrusted code gets: None means our own; as root one that nobody else has.

    Root of a container may have no other ids than its own (user_namespaces(7)); then that has to do.
    """
    if os.geteuid() != 0:
        return None
    wanted = _USER_OF_ITS_OWN + os.getpid()
    with open("/proc/self/uid_map") as file:
        ranges = [tuple(map(int, line.split())) for line in file]
    if any(first <= wanted < first + count for first, _, count in ranges):
        return wanted
    return None


def become(user: int | None) -> None:
    """Give up root for `user`, for good (credentials(7)); nothing happens for None."""
    if user is not None:
        os.setgroups([])
        os.setresgid(user, user, user)
        os.setresuid(user, user, user)


class Folder:
    """The folder on the host that stands behind sandboxes of one grade; `user` owns what is in it."""

    def __init__(self, user: int | None) -> None:
        self.user = user
        self.path = ""
        _folders.add(self)
        self._make_temporary(user)
        self.out = os.path.join(self.path, "out")
        self.tree = os.path.join(self.path, "interpreter")
        self.temporary = os.path.join(self.path, "tmp")
        for folder in (self.out, self.tree, self.temporary):
            os.mkdir(folder, 0o755)
        if user is not None:
            for folder in (self.path, self.out, self.temporary):
                os.chown(folder, user, user)

    def _make_temporary(self, user: int | None) -> None:
        """A new folder in $TMPDIR, or in /tmp if `user` could not get there."""
        top = os.environ.get("TMPDIR") or "/tmp"
        if user is not None and os.path.isdir(top) and not reachable_by_all(os.path.realpath(top)):
            top = "/tmp"
        for _ in range(100):
            self.path = os.path.join(top, f"socklab-{os.getpid()}-{os.urandom(4).hex()}")  # known before it is there
            try:
                os.mkdir(self.path, 0o700)
                return
            except FileExistsError:
                continue
            except OSError as error:
                raise HarnessError(
                    f"cannot make a temporary folder in {top}: {error.strerror}. Set TMPDIR to one that is writable."
                ) from error
        raise HarnessError(f"no free name for a temporary folder in {top}")

    def remove(self) -> None:
        """Delete it with all that is in it; again does nothing."""
        if os.path.isdir(self.path):
            try:
                for folder in (self.out, self.tree, self.temporary, self.path):
                    for entry in os.scandir(folder):
                        if not entry.is_dir(follow_symlinks=False):
                            os.unlink(entry.path)
                    os.rmdir(folder)
            except OSError:
                import shutil

                shutil.rmtree(self.path, ignore_errors=True)
        _folders.discard(self)  # at the very end: a signal may end this in the middle, and then it is done once more


_folders: set[Folder] = set()


def remove_folders() -> None:
    """Delete every folder that is still there; for a command that was ended in the middle of anything."""
    for folder in list(_folders):
        folder.remove()


class ByHand:
    """What a person who runs a program in the private tier has beyond a submission.

    `shown`: folders of the host that can be read at the same path. `folder`: where it begins. `terminal`: as in `spawn`.
    """

    def __init__(self, shown: Sequence[str], folder: str, *, terminal: bool) -> None:
        self.shown = shown
        self.folder = folder
        self.terminal = terminal


def _show_own_processes() -> None:
    """Let /proc show the processes that there are inside, which a debugger needs; bubblewrap takes it over.

    Where the kernel does not permit it (a container with parts of /proc covered) all but debuggers works without.
    """
    try:
        linux.mount_own_proc()
    except OSError:
        return


class Sandbox:
    """One way to run processes, on top of one Folder.

    `interpreter`: a tree that is shown read-only, as path here and path inside.
    """

    def __init__(self, tier: str, folder: Folder, interpreter: tuple[str, str] | None = None) -> None:
        self.tier = tier
        self.folder = folder
        self.interpreter = interpreter
        if tier == SHARED:
            from . import landlock  # before this process gives up the right to read its own modules

            self._landlock = landlock

    @property
    def root(self) -> str:
        """The sandbox's own folder, as processes inside see it."""
        return INSIDE if self.tier == PRIVATE else self.folder.path

    def start(
        self,
        argv: Sequence[str],
        *,
        files: Mapping[str, bytes],
        descriptors: Mapping[int, int],
        limits: Limits,
        environment: Mapping[str, str] | None = None,
        writable: bool = False,
        network: bool = False,
        unrandomised: bool = False,
        user: int | None = None,
        by_hand: ByHand | None = None,
    ) -> Child:
        """Start `argv` inside.

        `files`: name under `root` -> contents. `writable`: it may write to `out`. `network`: it shares the caller's
        network (else it has none). `unrandomised`: without address space randomisation, which gcc 12's AddressSanitizer
        does not survive everywhere. `user`: become that user first. `by_hand`: it is a person who runs this.
        """

        def prepare() -> None:
            if self.tier == SHARED or network:
                restore_signals()  # first: later this process may not be able to load what that needs
            become(user)
            if self.tier == SHARED:  # bubblewrap does all this by itself
                linux.no_new_privileges()
                os.chdir(self.folder.temporary)
                self._shield_files(argv[0], writable)
            if self.tier == SHARED or network:
                linux.die_with_parent(_SIGKILL)
            if by_hand:
                _show_own_processes()
            if unrandomised:
                linux.personality(linux.ADDR_NO_RANDOMIZE)

        own = "/tmp" if self.tier == PRIVATE else self.folder.temporary
        basic = {"PATH": "/usr/bin:/bin", "HOME": own, "TMPDIR": own, "LC_ALL": "C.UTF-8"}
        environment = {**basic, **(environment or {})}
        if self.tier == SHARED:
            for name, content in files.items():
                _write(os.path.join(self.folder.path, name), content, user)
            argv = [self._from_outside(argv[0]), *argv[1:]]
            return spawn(argv, descriptors, limits=limits, environment=environment, prepare=prepare)
        memory = {name: in_memory(name, content) for name, content in files.items()}
        etc = {name: in_memory(name, text.encode()) for name, text in _ETC.items()}
        passed, numbers = dict(descriptors), {}
        for number, (name, fd) in enumerate({**memory, **{f"etc/{n}": fd for n, fd in etc.items()}}.items(), start=200):
            passed[number] = fd
            numbers[name] = number
        try:
            wrapped = self._wrapping(numbers, environment, writable, network, by_hand)
            terminal = by_hand is not None and by_hand.terminal
            wrapped += ["--", *argv] if terminal else ["--new-session", "--", *argv]
            # A broker may make namespaces; then even a bubblewrap that is killed while it starts leaves nothing behind.
            fork = linux.fork_with_own_pids if network else os.fork
            return spawn(wrapped, passed, limits=limits, prepare=prepare, fork=fork, terminal=terminal)
        finally:
            for fd in (*memory.values(), *etc.values()):
                os.close(fd)

    def _shield_files(self, program: str, writable: bool) -> None:
        """Let this process, and what it starts, use no files but the system's, the interpreter's and its own."""
        landlock = self._landlock
        near = os.path.dirname(os.path.realpath(program))
        readable = ["/usr", *_SYSTEM, *(f"/etc/{name}" for name in (*_FROM_ETC, *_ETC, *_MORE_FROM_ETC)), *_FROM_PROC]
        readable += [self.folder.path, near, self.interpreter[0] if self.interpreter else near]
        changeable = [self.folder.temporary, *_DEVICES, *([self.folder.out] if writable else [])]
        landlock.restrict(dict.fromkeys(readable, landlock.READ) | dict.fromkeys(changeable, landlock.WRITE))

    def gap(self) -> str:
        """What this tier, on this machine, leaves open to a submission; "" if nothing is known."""
        if self.tier == PRIVATE or self._landlock.version():
            return ""
        return "the machine's files were open to it as to any program of its user, for this kernel has no Landlock"

    def _from_outside(self, program: str) -> str:
        """Where a program of the interpreter's tree is when nothing is mounted over the file system."""
        here, inside = self.interpreter or ("", "")
        return here + program[len(inside) :] if inside and program.startswith(inside + os.sep) else program

    def _wrapping(
        self,
        numbers: Mapping[str, int],
        environment: Mapping[str, str],
        writable: bool,
        network: bool,
        by_hand: ByHand | None,
    ) -> list[str]:
        bubblewrap = find_bubblewrap()
        if bubblewrap is None:
            raise Unavailable("bubblewrap is not installed")
        argv = [bubblewrap, "--unshare-user", "--unshare-ipc", "--unshare-uts", "--unshare-cgroup-try"]
        argv += [
            "--disable-userns",
            "--uid",
            "1000",
            "--gid",
            "1000",
            "--hostname",
            "socklab",
            "--die-with-parent",
        ]
        argv += [] if network else ["--unshare-net", "--unshare-pid"]
        argv += ["--ro-bind", "/usr", "/usr", *_system_links()]
        if self.interpreter:
            argv += ["--ro-bind", *self.interpreter]
        argv += ["--proc", "/proc", "--dev", "/dev", "--size", str(16 << 20), "--tmpfs", "/dev/shm"]
        argv += ["--size", str(64 << 20), "--tmpfs", "/tmp", "--dir", "/etc"]
        for name in _FROM_ETC:
            argv += ["--ro-bind-try", f"/etc/{name}", f"/etc/{name}"]
        for name, number in numbers.items():
            inside = f"/{name}" if name.startswith("etc/") else f"{INSIDE}/{name}"
            argv += ["--perms", "0555", "--ro-bind-data", str(number), inside]
        argv += ["--bind" if writable else "--ro-bind", self.folder.out, f"{INSIDE}/out"]
        for path in by_hand.shown if by_hand else ():
            argv += ["--ro-bind", path, path]
        argv += [*_hidden(), "--remount-ro", "/", "--chdir", by_hand.folder if by_hand else "/tmp", "--clearenv"]
        for name, value in environment.items():
            argv += ["--setenv", name, value]
        return argv


def _hidden() -> list[str]:
    """Where socklab itself is installed below /usr: its checks are not for submissions to read."""
    package = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
    return ["--tmpfs", package, "--remount-ro", package] if package.startswith("/usr/") else []


def _system_links() -> list[str]:
    arguments: list[str] = []
    for path in _SYSTEM:
        if os.path.islink(path):
            arguments += ["--symlink", os.readlink(path), path]
        elif os.path.isdir(path):
            arguments += ["--ro-bind", path, path]
    return arguments


def in_memory(name: str, content: bytes) -> int:
    """A descriptor of a file without a place, with `content`, read from its beginning (memfd_create(2))."""
    fd = os.memfd_create(name.replace("/", "-"), os.MFD_CLOEXEC)
    view = memoryview(content)
    while view:
        view = view[os.write(fd, view) :]
    os.lseek(fd, 0, os.SEEK_SET)
    return fd


def _write(path: str, content: bytes, user: int | None) -> None:
    """Put a new file there at once: a runner that is just ending may still execute the old one, and another one of this grade
    begin with the same."""
    new = f"{path}.{os.urandom(4).hex()}"
    fd = os.open(new, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o700)
    with os.fdopen(fd, "wb") as file:
        file.write(content)
        if user is not None:
            os.fchown(fd, user, user)
    os.rename(new, path)


def reachable_by_all(path: str) -> bool:
    """Whether any user may enter `path`: every folder on the way has its x for others."""
    while True:
        if not os.stat(path).st_mode & 0o001:
            return False
        if path == os.sep:
            return True
        path = os.path.dirname(path)


def interpreter_tree() -> str | None:
    """Where this Python is installed, if that is not below /usr (which is shown anyway)."""
    return None if sys.base_prefix == "/usr" or sys.base_prefix.startswith("/usr/") else sys.base_prefix
