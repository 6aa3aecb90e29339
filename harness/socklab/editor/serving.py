"""`socklab serve`: the server's life, from its address to its clean end."""

import errno
import os
import secrets
import signal
import socket
import stat
import tempfile
from collections.abc import Callable
from types import FrameType

import uvicorn
from starlette.types import ASGIApp

from ..cell import linux
from ..errors import UsageError
from ..i18n import tr
from .app import application
from .desk import Desk
from .guard import Address, Guard
from .opening import Opening

USUAL = 8757
"""The port that is taken if none is named and it is free: pages keep what is not saved yet under their address."""

_LOOPBACK = "127.0.0.1"
_IDLE = 60
"""Seconds after which a connection that nobody uses is closed: a page that is typed in saves more often than that."""

_PATIENCE = 5
"""Seconds that browsers have to read the end of what they were told."""


def serve(folder: str, *, port: int | None, browser: bool) -> int:
    """Serve the learner's files in `folder` until Ctrl-C; the exit code.

    port     of 127.0.0.1; 0: any free one; None: the usual one, or any
    browser  whether to open one

    Raises UsageError if the folder or the port cannot be had.
    """
    desk = Desk(_folder(folder))
    listener = _listening(port)
    number = listener.getsockname()[1]
    host = _LOOPBACK if number == 80 else f"{_LOOPBACK}:{number}"  # as browsers write it
    token = secrets.token_urlsafe(32)
    opening = Opening(f"http://{host}/#token={token}", desk.folder.path)
    app = Guard(application(desk, on_page=opening.end), Address(host), token)

    def begun() -> None:
        print(f"http://{host}/#token={token}")
        said = tr(
            "Open it in a browser of this machine; Ctrl-C ends it. The files are in {folder}", folder=desk.folder.path
        )
        print(said, flush=True)
        if browser:
            opening.begin()

    try:
        return _until_the_end(desk, app, listener, begun)
    finally:
        opening.end()


def serve_a_proxy(folder: str, path: str) -> int:
    """Serve on a socket at `path`, in a folder that nobody else may enter, for a proxy that lets nobody but the learner in.

    It ends with the process that started it. Raises UsageError if the folder or the socket cannot be had.
    """
    linux.die_with_parent(signal.SIGTERM)
    desk = Desk(_folder(folder))
    listener = _listening_at(path)
    token = secrets.token_urlsafe(32)
    app = Guard(application(desk, token_in_page=token), Address(""), token)
    try:
        return _until_the_end(desk, app, listener, lambda: print(path, flush=True))
    finally:
        os.unlink(path)


def _folder(path: str) -> str:
    """Raises UsageError if it is no folder that can be written in."""
    if not os.path.isdir(path):
        raise UsageError(f"{path}: there is no such folder. Make it: mkdir {path}")
    if not os.access(path, os.R_OK | os.W_OK | os.X_OK):
        raise UsageError(f"{path}: this folder cannot be written in. Name another one: socklab serve DIR")
    return os.path.abspath(path)


def _listening(port: int | None) -> socket.socket:
    """Raises UsageError if the port cannot be had."""
    listener = socket.socket()
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((_LOOPBACK, USUAL if port is None else port))
        listener.listen()
    except OSError as error:
        listener.close()
        if port is None:
            return _listening(0)
        if error.errno == errno.EADDRINUSE:
            raise UsageError(f"port {port} of 127.0.0.1 is in use. Any free one: socklab serve --port 0") from error
        raise UsageError(
            f"port {port} of 127.0.0.1 cannot be had ({error.strerror}). Any free one: socklab serve --port 0"
        ) from error
    return listener


def _listening_at(path: str) -> socket.socket:
    """Raises UsageError if there can be no socket there, or others could come to it."""
    folder = os.path.dirname(os.path.abspath(path))
    listener = socket.socket(socket.AF_UNIX)
    usual = os.umask(0o177)
    try:
        if stat.S_IMODE(os.stat(folder).st_mode) & 0o077:
            raise UsageError(f"{folder}: others may enter this folder. Try: chmod 700 {folder}")
        if os.path.lexists(path) and stat.S_ISSOCK(os.lstat(path).st_mode):
            os.unlink(path)  # of a server that was killed: nobody else comes here
        listener.bind(path)
        listener.listen()
    except OSError as error:
        raise UsageError(f"{path}: there can be no socket ({error.strerror or error}).") from error
    finally:
        os.umask(usual)
    return listener


def _until_the_end(desk: Desk, app: ASGIApp, listener: socket.socket, begun: Callable[[], None]) -> int:
    server = _Server(desk, app, begun)
    server.run([listener])
    if server.force_exit:
        folder = tempfile.gettempdir()
        print(tr("stopped by force; folders called socklab-… may be left in {folder}", folder=folder), flush=True)
    else:
        print(tr("stopped; nothing was left behind"), flush=True)
    return 0


class _Server(uvicorn.Server):
    """Says that it can be asked once it can, and ends with nothing left behind."""

    def __init__(self, desk: Desk, app: ASGIApp, begun: Callable[[], None]) -> None:
        config = uvicorn.Config(
            app,
            http="h11",
            ws="none",
            loop="asyncio",
            lifespan="on",
            log_config=None,
            log_level="critical",
            access_log=False,
            server_header=False,
            proxy_headers=False,
            timeout_keep_alive=_IDLE,
            timeout_graceful_shutdown=_PATIENCE,
        )
        super().__init__(config)
        self._desk = desk
        self._begun = begun

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Begin, and say so."""
        if (
            signal.getsignal(signal.SIGHUP) == signal.SIG_DFL
        ):  # a terminal that is closed ends us, but not with nohup(1)
            signal.signal(signal.SIGHUP, self.handle_exit)
        await super().startup(sockets)
        self._begun()

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """End what is under way first: no browser waits for the end of it then."""
        await self._desk.close()
        await super().shutdown(sockets)

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        """A signal: end, and be the sooner done if another one comes."""
        if self.should_exit:
            self.force_exit = True
            self._desk.runs.kill()
        self.should_exit = True
