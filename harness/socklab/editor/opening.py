"""A browser is opened on the page.

The address holds the token, and what stands on a command line can be read by every user of the machine (/proc/PID/cmdline). So the
browser is given a file that only this user may read, which leads to the address. It lies in the learner's own folder: browsers that
are confined (snap, flatpak) see neither /tmp nor hidden folders.
"""

import contextlib
import os
import threading
import webbrowser
from pathlib import Path

_ONWARD = """<!DOCTYPE html>
<meta charset="utf-8">
<title>socklab</title>
<meta name="referrer" content="no-referrer">
<meta http-equiv="refresh" content="0; url={address}">
<a href="{address}">socklab</a>
"""

_SCREENS = ("BROWSER", "DISPLAY", "WAYLAND_DISPLAY")
"""Where there is none of these a browser could only be one that takes the terminal."""


class Opening:
    """The file that leads to `address`, as long as it is needed."""

    def __init__(self, address: str, folder: str) -> None:
        self._address = address
        self._file = Path(folder, f"socklab-serve-{os.getpid()}.html")

    def begin(self) -> None:
        """Open the user's browser, if there is one; nobody waits for it."""
        if not any(os.environ.get(name) for name in _SCREENS):
            return
        with contextlib.suppress(OSError):  # the address is on the screen as well
            self.end()
            fd = os.open(self._file, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
            with open(fd, "w", encoding="ascii") as file:
                file.write(_ONWARD.format(address=self._address))
            threading.Thread(target=self._open, daemon=True).start()

    def _open(self) -> None:
        found = False
        with contextlib.suppress(webbrowser.Error, OSError):
            found = webbrowser.open(self._file.as_uri())
        if not found:
            self.end()

    def end(self) -> None:
        """The browser has found its way, or nobody will."""
        self._file.unlink(missing_ok=True)
