"""A process that does one thing after another for whoever made it: bytes go there, bytes come back. It knows not what they mean.

It is made by any process and any thread, by fork or by exec. It has a session of its own (setsid(2)), so Ctrl-C reaches only
whoever made it, who decides what ends. It ends with the thread that made it (prctl(2), PR_SET_PDEATHSIG), however that ends, and gives
back what it holds.
"""

from __future__ import annotations

import contextlib
import glob
import os
import shutil
import signal
from collections.abc import Callable, Iterable
from multiprocessing.connection import Connection, Pipe
from typing import NoReturn

from ..cell import linux
from ..cell.process import Child, leave
from ..cell.sandbox import remove_folders


class Station:
    """The process from outside. Ask one thing at a time; `filenos` become readable when there is an answer, or none will come."""

    def __init__(self, start: Callable[[Connection], int]) -> None:
        """Make it. `start`: starts a process with that end of the connection, which calls `serve`, and returns its number."""
        self.connection, theirs = Pipe()
        try:
            self.child = Child(start(theirs))
        except BaseException:
            self.connection.close()
            raise
        finally:
            theirs.close()
        self._temporary = os.path.join(os.environ.get("TMPDIR") or "/tmp", f"socklab-{self.child.pid}-")

    def filenos(self) -> tuple[int, int]:
        """What can be read when it has an answer, and when it has ended."""
        return self.connection.fileno(), self.child.pidfd

    def ask(self, message: bytes) -> None:
        """Have it begin. If it has ended meanwhile, `answer` tells."""
        with contextlib.suppress(OSError):
            self.connection.send_bytes(message)

    def answer(self) -> bytes | None:
        """What it answered; None: it is lost, and what it held is given back."""
        try:
            if self.connection.poll():
                return self.connection.recv_bytes()
        except (EOFError, OSError):
            pass
        self.end()
        return None

    def how_it_ended(self) -> str:
        """In words, for those who look after the machine."""
        number = -(self.child.status or 0)
        return f"{signal.Signals(number).name}; is there enough memory?" if number > 0 else f"exit code {-number}"

    def ask_to_end(self) -> None:
        """Have it give back what it holds."""
        if self.child.poll() is None:
            signal.pidfd_send_signal(self.child.pidfd, signal.SIGTERM)

    def end(self, seconds: float = 0.0) -> None:
        """Wait so long for its end, then end it; nothing of it is left."""
        if self.child.wait(seconds) is None:
            self.child.kill()
        self.connection.close()
        for folder in glob.glob(f"{glob.escape(self._temporary)}*"):
            shutil.rmtree(folder, ignore_errors=True)


def serve(
    connection: Connection,
    parent: int,
    answer: Callable[[bytes], bytes],
    *,
    inherited: Iterable[Connection] = (),
    patience: float | None = None,
) -> NoReturn:
    """What the process itself does: answer until it is told to end, or nobody is there to ask.

    parent: the number of the process that made it. inherited: what is open here by fork and not its own. patience: seconds
    without a question after which it ends; None: never.
    """
    code = 0
    try:
        signal.signal(signal.SIGTERM, leave)
        signal.set_wakeup_fd(-1)
        signal.signal(signal.SIGINT, signal.default_int_handler)  # and not ignored, which submissions would inherit
        os.setsid()
        linux.die_with_parent(signal.SIGTERM)
        if os.getppid() != parent:
            os._exit(1)
        for each in inherited:
            each.close()
        while connection.poll(patience):
            connection.send_bytes(answer(connection.recv_bytes()))
    except (EOFError, OSError, SystemExit):
        pass
    except BaseException:
        code = 1
    finally:
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
        with contextlib.suppress(BaseException):
            remove_folders()
        os._exit(code)
