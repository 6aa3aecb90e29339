"""The user's terminal while a program runs in a scene: standard input is waited on, or relayed to a terminal of its own."""

import contextlib
import fcntl
import itertools
import os
import select
import signal
import termios
import tty

from ..errors import HarnessError


def wait_for_end_of_input(broker: int) -> None:
    """Read standard input to its end; less if the broker has something to say, which can only be that it ended."""
    while True:
        ready, _, _ = select.select([0, broker], [], [])
        if broker in ready:
            raise HarnessError("the process that held the scene has ended")
        if not os.read(0, 65536):
            return


def copy_size(source: int, target: int) -> None:
    """Make one terminal as large as another (tty_ioctl(4))."""
    with contextlib.suppress(OSError):
        fcntl.ioctl(target, termios.TIOCSWINSZ, fcntl.ioctl(source, termios.TIOCGWINSZ, bytes(8)))


def relay(master: int, broker: int) -> None:
    """Be the terminal of the command: pass on what is typed and shown, until the broker has something to say.

    The command has a terminal of its own and not ours: it cannot type into the user's shell (TIOCSTI), and Ctrl-C and
    Ctrl-Z are for it and not for us.
    """
    before = termios.tcgetattr(0)
    resized = signal.signal(signal.SIGWINCH, lambda *_: copy_size(0, master))
    os.set_blocking(master, False)
    typed = b""
    try:
        tty.setraw(0)
        poller = select.poll()
        poller.register(broker, select.POLLIN)
        poller.register(0, select.POLLIN)
        poller.register(master, select.POLLIN)
        while True:
            ready = dict(poller.poll())
            if master in ready and not _show(master):
                poller.unregister(master)
            if broker in ready:
                _show(master, to_the_end=True)
                return
            if 0 in ready:
                typed = os.read(0, 4096)
                if not typed:
                    return
                poller.unregister(0)
            if typed:
                with contextlib.suppress(BlockingIOError):
                    typed = typed[os.write(master, typed) :]
                wanted = select.POLLIN | (select.POLLOUT if typed else 0)
                poller.register(master, wanted)
                if not typed:
                    poller.register(0, select.POLLIN)
    finally:
        termios.tcsetattr(0, termios.TCSADRAIN, before)
        signal.signal(signal.SIGWINCH, resized)


def _show(master: int, *, to_the_end: bool = False) -> bool:
    """Show what is there now, of a flood a part, for Ctrl-C must get through; False if nobody has the other end any more."""
    shown = next(fd for fd in (1, 2, 0) if os.isatty(fd))
    for _ in itertools.count() if to_the_end else range(16):
        try:
            part = os.read(master, 65536)
        except BlockingIOError:
            return True
        except OSError:  # EIO
            return False
        while part:
            part = part[os.write(shown, part) :]
    return True
