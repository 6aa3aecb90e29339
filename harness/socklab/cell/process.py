"""Starting, bounding and ending processes: one fork-and-exec with everything that a sandbox needs set beforehand.

`subprocess` is not used: it costs 8 ms of import on the way of every grade, and passes no chosen descriptor numbers.
"""

from __future__ import annotations

import fcntl
import os
import resource
import select
import time

from ..errors import SetupError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from types import FrameType
    from typing import Any, NoReturn

    Limits = Mapping[int, tuple[int, int]]  # resource.RLIMIT_* -> soft and hard limit, in the units of setrlimit(2)


DESCRIPTORS = 1024
"""How many a cell needs at least: what a child is to have is put at numbers above 1000 first."""

_MOST_DESCRIPTORS = 4096


def most_descriptors() -> int:
    """How many a child may have at most, by its hard limit."""
    hard = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    return _MOST_DESCRIPTORS if hard < 0 else min(hard, _MOST_DESCRIPTORS)


def permit_descriptors() -> None:
    """Let this process have as many descriptors as a cell needs.

    Raises SetupError where the hard limit of this machine or shell forbids it.
    """
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if most_descriptors() < DESCRIPTORS:
        raise SetupError(
            f"Only {hard} files may be open at once here, and {DESCRIPTORS} are needed. Raise the hard limit: "
            f"`ulimit -n {DESCRIPTORS}` as root, or start the container with --ulimit nofile={DESCRIPTORS}."
        )
    if 0 <= soft < DESCRIPTORS:
        resource.setrlimit(resource.RLIMIT_NOFILE, (most_descriptors(), hard))


def which(program: str) -> str | None:
    """The path of `program`, searched for as a shell does. (shutil.which brings 10 ms of compression modules along.)"""
    folders = [""] if os.sep in program else os.environ.get("PATH", os.defpath).split(os.pathsep)
    for folder in folders:
        path = os.path.join(folder, program)
        if os.path.isfile(path) and os.access(path, os.X_OK):
            return os.path.abspath(path)
    return None


NOT_STARTED = "cannot start "
EXIT_NOT_STARTED = 127
"""How a child of `spawn` begins to say why it could not be made ready, and the exit code that it then ends with."""


class Child:
    """A process that we started; only ever ended through its pidfd, so never a stranger's."""

    def __init__(self, pid: int) -> None:
        self.pid = pid
        self.pidfd = os.pidfd_open(pid)
        self.status: int | None = None

    def poll(self) -> int | None:
        """The exit code if it has ended (negative: the signal that ended it), else None."""
        if self.status is None:
            pid, status = os.waitpid(self.pid, os.WNOHANG)
            if pid:
                self._ended(status)
        return self.status

    def wait(self, timeout: float) -> int | None:
        """Wait at most `timeout` seconds for its end; the exit code, or None."""
        if self.status is None:
            select.select([self.pidfd], [], [], max(timeout, 0))
        return self.poll()

    def kill(self) -> None:
        """End it now, with its process group, and wait until it is gone.

        The group matters for a bubblewrap that is just starting: its own child does not yet end with it.
        """
        import signal

        if self.poll() is None:
            try:
                os.killpg(self.pid, signal.SIGKILL)
            except (ProcessLookupError, PermissionError):  # it has not come so far as to lead a group
                signal.pidfd_send_signal(self.pidfd, signal.SIGKILL)
            self._ended(os.waitpid(self.pid, 0)[1])

    def _ended(self, status: int) -> None:
        self.status = os.waitstatus_to_exitcode(status)
        os.close(self.pidfd)


def forked(life: Callable[[], object], handlers: Mapping[Any, Any]) -> int:
    """Fork a child that does `life` and ends, with 0, or with 1 if that raised something. Returns its number.

    Whatever is raised in there, by a handler of a signal too, at any moment, the child never goes on as a second one of its parent.
    handlers: what signals do in it, from its first moment on, as signal.signal() takes them. Raises OSError as fork(2) does.
    """
    import signal

    before = signal.pthread_sigmask(signal.SIG_BLOCK, handlers)
    try:
        pid = os.fork()
        if pid == 0:
            code = 1
            try:
                for number, handler in handlers.items():
                    signal.signal(number, handler)
                signal.pthread_sigmask(signal.SIG_SETMASK, before)
                life()
                code = 0
            finally:
                os._exit(code)
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)
    return pid


def leave(number: int, _: FrameType | None) -> NoReturn:
    """A handler that ends a process in good order, by SystemExit; only once, for what follows is not to be broken off."""
    import signal

    signal.signal(number, signal.SIG_IGN)
    raise SystemExit(128 + number)


def spawn(
    argv: Sequence[str],
    descriptors: Mapping[int, int],
    *,
    limits: Limits | None = None,
    environment: Mapping[str, str] | None = None,
    prepare: Callable[[], None] | None = None,
    fork: Callable[[], int] = os.fork,
    terminal: bool = False,
) -> Child:
    """Start `argv` with exactly the descriptors given, as number in the child -> descriptor here.

    `prepare` runs in the child just before exec (a change of user, say). `terminal`: its descriptor 0 is a terminal that
    becomes its own, so that Ctrl-C there reaches it, and a shell has job control (tty_ioctl(4), TIOCSCTTY). If the child
    cannot be made ready it ends with EXIT_NOT_STARTED, and says why on its descriptor 2.
    """
    pid = fork()
    if pid:
        return Child(pid)
    try:
        os.setsid() if terminal else os.setpgid(0, 0)
        _arrange(descriptors)
        if terminal:
            import termios  # the broker, which alone asks for this, has it loaded

            fcntl.ioctl(0, termios.TIOCSCTTY, 0)
        for kind, pair in (limits or {}).items():
            resource.setrlimit(kind, pair)
        if prepare:
            prepare()
        os.execve(argv[0], list(argv), dict(environment or {}))
    except BaseException as error:
        os.write(2, f"{NOT_STARTED}{argv[0]}: {error}\n".encode())
    finally:
        os._exit(EXIT_NOT_STARTED)


def _arrange(descriptors: Mapping[int, int]) -> None:
    """Leave exactly `descriptors` open, under their new numbers."""
    highest = max([2, *descriptors, *descriptors.values()]) + 1
    parked = {wanted: _duplicate_above(fd, highest) for wanted, fd in descriptors.items()}
    for wanted, fd in parked.items():
        os.dup2(fd, wanted, inheritable=True)
    previous = -1
    for keep in sorted(descriptors):
        if keep > previous + 1:  # closerange(0, 0) would close everything
            os.closerange(previous + 1, keep)
        previous = keep
    os.closerange(previous + 1, highest + 4096)


def _duplicate_above(fd: int, lowest: int) -> int:
    return fcntl.fcntl(fd, fcntl.F_DUPFD, lowest)


def restore_signals() -> None:
    """Give the signals that Python ignores or handles their usual effect, as a program expects it; for `prepare`."""
    import signal

    for number in (signal.SIGPIPE, signal.SIGXFSZ, signal.SIGINT):
        signal.signal(number, signal.SIG_DFL)


class Captured:
    """What a process prints, read as it comes; past `limit` bytes it is read on and thrown away.

    `text()` says so when something was cut.
    """

    def __init__(self, descriptor: int, limit: int) -> None:
        self.descriptor = descriptor
        self.limit = limit
        self.cut = False
        self._parts: list[bytes] = []
        self._size = 0
        self._told = 0
        os.set_blocking(descriptor, False)

    def drain(self) -> bool:
        """Read what is there now; False at end of file."""
        for _ in range(64):  # a flood must not keep the caller from its clock
            try:
                part = os.read(self.descriptor, 65536)
            except BlockingIOError:
                return True
            except OSError:  # the other end is gone: ECONNRESET from a socket, EIO from a terminal
                return False
            if not part:
                return False
            room = self.limit - self._size
            if room > 0:
                self._parts.append(part[:room])
            self._size += len(part)
            self.cut = self._size > self.limit
        return True

    def drain_until(self, child: Child, deadline: float) -> int | None:
        """Read until `child` has ended or time.monotonic() passes `deadline`; its exit code, or None if it has not."""
        poller = select.poll()
        poller.register(self.descriptor, select.POLLIN)
        poller.register(child.pidfd, select.POLLIN)
        while (left := deadline - time.monotonic()) > 0:
            for fd, _ in poller.poll(left * 1000):
                if fd == self.descriptor and not self.drain():
                    poller.unregister(fd)
            if child.poll() is not None:
                self.drain()
                return child.status
        return None

    def news(self) -> str:
        """What has come since this was last asked."""
        text = b"".join(self._parts[self._told :]).decode("utf-8", "replace")
        self._told = len(self._parts)
        return text

    def text(self) -> str:
        """All that was kept, decoded; a last line says if something was cut."""
        text = b"".join(self._parts).decode("utf-8", "replace")
        return text + f"\n[cut after {self.limit:,} bytes]" if self.cut else text

    def close(self) -> None:
        """Close the reading end; closing again does nothing."""
        if self.descriptor >= 0:
            os.close(self.descriptor)
            self.descriptor = -1
