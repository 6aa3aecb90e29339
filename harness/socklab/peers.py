"""The other ends of a submission's connections: listeners and clients.

They run in the broker, without threads: a peer that must act while the submission's call is under way registers with the
runner's loop. What a peer saw is evidence; whether that is right is for the checks to say.
"""

import errno
import fcntl
import math
import os
import select
import socket
import struct
import sys
import termios
import time
from collections.abc import Callable
from typing import NamedTuple

from .cell import evidence
from .cell.loop import READ, WRITE, Loop
from .cell.network import LOOPBACK
from .patience import Patience, Term

BACKLOG = 1024
"""Beyond any number of calls of one scene, so that a listener nobody accepts from never makes callers wait."""


class Seen(NamedTuple):
    """What a listener saw of its callers."""

    connections: int
    bytes: int
    closed: int  # how many of them have ended their side


class Listener:
    """A TCP listener. Connections wait in its queue until `seen` looks at them, or are met by `then` as they arrive."""

    def __init__(
        self,
        host: str,
        port: int,
        then: Callable[[socket.socket], None] | None = None,
        *,
        loop: Loop | None = None,
        patience: Patience | None = None,
    ) -> None:
        self.patience = patience or Patience()
        self._loop = loop or Loop()
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        self.socket = socket.socket(family, socket.SOCK_STREAM)
        self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_OOBINLINE, 1)  # urgent bytes are bytes
        try:
            self.socket.bind((host, port))
            self.socket.listen(BACKLOG)
        except OSError:
            self.socket.close()
            raise
        self.socket.setblocking(False)
        self.port = self.socket.getsockname()[1]
        self.then = then
        self._accepted: list[socket.socket] = []
        self._met = 0

    def meet(self) -> None:
        """Accept all who wait; with `then`, treat each so."""
        while True:
            try:
                caller, _ = self.socket.accept()
            except (BlockingIOError, ConnectionAbortedError):
                return
            if self.then:
                self.then(caller)
                self._met += 1
            else:
                self._accepted.append(caller)

    def wait_for_caller(self) -> bool:
        """Wait until somebody has connected; False if nobody has when patience ends."""
        deadline = time.monotonic() + self.patience.seconds
        self.meet()
        if not self._came() and not (self.patience.idle() and not evidence.is_called(self.port)):
            select.select([self.socket], [], [], max(0.0, deadline - time.monotonic()))
        self.meet()
        if not self._came() and time.monotonic() >= deadline:
            self.patience.lose()
        return self._came()

    def _came(self) -> bool:
        return bool(self._accepted or self._met)

    def accept(self) -> "Stream":
        """The next connection. Raises Broken if none comes while patience lasts."""
        if not self.wait_for_caller() or not self._accepted:
            raise Broken("the listener saw none", f"a connection to the listener on port {self.port}")
        return Stream(self._accepted.pop(0), self._loop, self.patience)

    def seen(self, *, wait_for_end: bool = False) -> Seen:
        """What has arrived by now. `wait_for_end`: give callers time to end their side."""
        self.meet()
        deadline = time.monotonic() + (self.patience.seconds if wait_for_end else 0)
        total = closed = 0
        for caller in self._accepted:
            received, ended = self._read_to_end(caller, deadline)
            total += received
            closed += ended
        if wait_for_end and time.monotonic() >= deadline:
            self.patience.lose()
        return Seen(len(self._accepted) + self._met, total, closed + self._met)

    def _read_to_end(self, caller: socket.socket, deadline: float) -> tuple[int, bool]:
        """Bytes received until end of file, or until no more can come, or `deadline`; and whether the end came."""
        caller.setblocking(False)
        total, last = 0, False
        while True:
            try:
                part = caller.recv(65536)
            except BlockingIOError:
                left = deadline - time.monotonic()
                if last or left <= 0:
                    return total, False
                last = self._nothing_comes_from(caller)  # then what arrived before that was found out is read once more
                if not last:
                    select.select([caller], [], [], left)
                continue
            except ConnectionResetError:
                return total, True
            if not part:
                return total, True
            total += len(part)

    def _nothing_comes_from(self, caller: socket.socket) -> bool:
        """Whether neither a byte nor an end is on its way, and nobody is there who would send one."""
        try:
            return self.patience.idle() and evidence.is_quiet(caller.getpeername(), caller.getsockname())
        except OSError:  # it has just been reset, which is an end; or its address is one of IPv6
            return False

    def close(self) -> None:
        """Stop listening and drop every connection."""
        for caller in self._accepted:
            caller.close()
        self.socket.close()


class Broken(Exception):
    """A connection that was not made, or ended otherwise than it should have; the text says how, `expected` what was due, and
    `message` what else is known of it."""

    def __init__(self, how: str, expected: str = "a connection that goes on") -> None:
        super().__init__(how)
        self.expected = expected
        self.message = ""


_PIECE = memoryview(bytearray(1 << 18))
"""Where what is received comes first: to ask the allocator for so much each time would cost more than to receive."""


class Stream:
    """One end of a TCP connection, in the grader's hand; what it does never blocks, and waits only as long as patience lasts.

    While it waits the loop is served, so that a submission's own calls go on. Whoever is disappointed raises Broken.
    """

    def __init__(self, own: socket.socket, loop: Loop, patience: "Patience") -> None:
        self.socket = own
        self.blocking = os.get_blocking(own.fileno())
        self.time_limit = 0.0  # seconds, 0 for none: one that the language keeps, such as socket.gettimeout()
        self.sent = 0  # bytes
        self._loop = loop
        self._patience = patience
        self._kept = bytearray()  # received, and not asked for yet
        self._ended = False

    def wait_until_connected(self, within: float | None = None) -> None:
        """Wait for the end of the handshake; `within`: so many seconds at most.

        Raises Broken if the connection is refused, or not made in time.
        """
        if not self._loop.wait({self.socket.fileno(): WRITE}, self._deadline(within)):
            if within is None:
                self._patience.lose()
            raise Broken("no answer: its queue of connections is full")
        error = self.socket.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR)
        if error and error != errno.ECONNRESET:  # whoever was reset had been connected
            raise Broken(errno.errorcode.get(error, str(error)))

    @property
    def ended(self) -> bool:
        """Whether the other end's end of file has been read."""
        return self._ended

    @property
    def port(self) -> int:
        """The port of this end."""
        return self.socket.getsockname()[1]

    def addresses(self) -> tuple[object, object]:
        """Own address and the other end's; None for what there is none of."""
        try:
            return self.socket.getsockname(), self.socket.getpeername()
        except OSError:  # not connected
            return self.socket.getsockname(), None

    def send(self, data: bytes) -> None:
        """Send all of `data`. Raises Broken if the other end takes it no more, or too slowly."""
        view = memoryview(data)
        deadline = self._deadline()
        while view:
            sent = self._send_some(view)
            if sent:
                view, deadline = view[sent:], self._deadline()
            elif not self._loop.wait({self.socket.fileno(): WRITE}, deadline):
                self._patience.lose()
                raise Broken(f"{len(data) - len(view):,} of {len(data):,} bytes were taken, and then no more")

    def fill(self, data: bytes, quiet: float, enough: Callable[[], bool] = lambda: False) -> int:
        """Send as much of `data` as is taken while nothing is read here, until nothing more is for `quiet` seconds, or it is
        `enough`."""
        view = memoryview(data)
        while view and not enough() and self._loop.wait({self.socket.fileno(): WRITE}, time.monotonic() + quiet):
            view = view[self._send_some(view) :]
        return len(data) - len(view)

    def unread(self) -> int:
        """How many bytes the other end leaves unread that have arrived there; what has not arrived yet is not its fault."""
        try:
            return evidence.unread(self.socket.getpeername(), self.socket.getsockname())
        except OSError:  # it has been reset
            return 0

    def ahead(self) -> int:
        """How many of the bytes that were sent here the other end has not read: those that have arrived, and those on their way."""
        if self.addresses()[1] is None:  # it has been reset, and what was on its way is lost
            return 0
        waiting = fcntl.ioctl(self.socket, termios.TIOCOUTQ, bytes(4))  # tcp(7), SIOCOUTQ
        return int.from_bytes(waiting, sys.byteorder) + self.unread()

    def is_settled(self) -> bool:
        """Whether all that either side has sent has arrived at the other one."""
        try:
            self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_QUICKACK, 1)  # what has arrived is acknowledged now
            return evidence.is_settled(self.socket.getsockname(), self.socket.getpeername())
        except OSError:  # it has just been reset
            return False

    def exchange(self, data: bytes, *, finish: bool = True, sending: float = math.inf) -> bytes:
        """Send all of `data`, or what goes into so many seconds, reading only while nothing can be sent; then, with `finish`, end this
        side and read up to the end.

        Without `finish`: read as many bytes as were sent. Raises Broken if it comes to a standstill.
        """
        view, due, latest = memoryview(data), len(data), time.monotonic() + sending
        back, self._kept = self._kept, bytearray()
        if finish and not view:
            self.finish()
        while view or (not self._ended and (finish or len(back) < due)):
            if view:
                sent = self._send_some(view)
                view = view[sent:]
                if time.monotonic() > latest:
                    due, view = due - len(view), view[:0]
                if finish and not view:
                    self.finish()
                if sent:
                    continue
            if not self._loop.wait({self.socket.fileno(): READ | WRITE if view else READ}, self._deadline()):
                self._patience.lose()
                raise Broken(f"a standstill after {due - len(view):,} bytes sent and {len(back):,} received back")
            self._receive_some(back)
        return bytes(back)

    def _send_some(self, view: memoryview) -> int:
        try:
            sent = self.socket.send(view[: len(_PIECE)], socket.MSG_DONTWAIT | socket.MSG_NOSIGNAL)
        except BlockingIOError:
            return 0
        except OSError as error:
            raise Broken(f"a connection that was broken while being sent to ({_name(error)})") from error
        self.sent += sent
        return sent

    def _receive_some(self, kept: bytearray) -> None:
        """Add to `kept` what is there now; end of file is noted."""
        try:
            count = self.socket.recv_into(_PIECE, 0, socket.MSG_DONTWAIT)
        except BlockingIOError:
            return
        except OSError as error:
            raise Broken(f"a connection that was broken ({_name(error)})") from error
        self._ended = not count
        kept += _PIECE[:count]

    def receive(self, count: int, within: float | None = None) -> bytes:
        """The next `count` bytes, or fewer if the other end ends or falls silent; `within`: so many seconds at most."""
        if within is None:
            self._receive_while(lambda: len(self._kept) < count)
        else:
            latest = self._deadline(within)
            while len(self._kept) < count and not self._ended and self._loop.wait({self.socket.fileno(): READ}, latest):
                self._receive_some(self._kept)
        got = bytes(self._kept[:count])
        del self._kept[:count]
        return got

    def _receive_while(self, wanted: Callable[[], bool]) -> None:
        """Read on while more is `wanted`, up to the other end's end or until it falls silent, or takes too long for all of it."""
        term = Term(self._patience)
        while wanted() and not self._ended:
            silent = self._deadline()
            if self._loop.wait({self.socket.fileno(): READ}, min(term.end, silent)):
                self._receive_some(self._kept)
            elif silent <= term.end or term.is_over():
                self._patience.lose()
                return

    def receive_line(self) -> bytes:
        """The next bytes up to and with a line feed, or fewer if the other end ends or falls silent."""
        line = b""
        while not line.endswith(b"\n") and len(line) < 10_000 and (byte := self.receive(1)):
            line += byte
        return line

    def receive_all(self) -> bytes:
        """All up to end of file. Raises Broken if that does not come."""
        self._receive_while(lambda: True)
        if not self._ended:
            raise Broken(f"{in_short(bytes(self._kept))} and no end of file")
        got = bytes(self._kept)
        self._kept.clear()
        return got

    def is_silent(self, seconds: float) -> bool:
        """Whether nothing comes, not even the end, for so long."""
        if (
            not self._kept
            and not self._ended
            and self._loop.wait({self.socket.fileno(): READ}, time.monotonic() + seconds)
        ):
            self._receive_some(self._kept)
        return not self._kept and not self._ended

    def _deadline(self, within: float | None = None) -> float:
        return time.monotonic() + (self._patience.for_programs if within is None else within)

    def finish(self) -> None:
        """End this side: the other end reads end of file, and may still send (shutdown(2), SHUT_WR)."""
        try:
            self.socket.shutdown(socket.SHUT_WR)
        except OSError as error:
            raise Broken(f"a connection that was broken ({_name(error)})") from error

    def reset(self) -> None:
        """Tear the connection down (RST)."""
        reset(self.socket)

    def close(self) -> None:
        """Close this end; again does nothing."""
        self.socket.close()


def connecting(port: int, loop: Loop, patience: Patience, *, receive_buffer: int = 0) -> Stream:
    """A connection to `port` of 127.0.0.1 that is under way. `receive_buffer`: bytes that the kernel may keep for it
    (SO_RCVBUF, socket(7)), 0 for the usual."""
    own = socket.socket()
    own.setblocking(False)
    if receive_buffer:
        own.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, receive_buffer)
    own.connect_ex((LOOPBACK, port))  # what came of it SO_ERROR tells
    return Stream(own, loop, patience)


def _name(error: OSError) -> str:
    return errno.errorcode.get(error.errno or 0, str(error.errno))


def in_short(data: bytes) -> str:
    """Bytes as a reader sees them, shortened."""
    if not data:
        return "nothing"
    shown = data if len(data) <= 60 else data[:40]
    more = f" and {len(data) - len(shown):,} bytes more" if len(shown) < len(data) else ""
    return ascii(shown)[1:] + more


def hang_up(caller: socket.socket) -> None:
    """End the connection in the orderly way: the caller reads end of file (FIN, RFC 9293 3.6)."""
    caller.close()


def reset(caller: socket.socket) -> None:
    """Tear the connection down: the caller may see ECONNRESET (RST; SO_LINGER of 0 seconds, socket(7))."""
    caller.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    caller.close()


def refuses(port: int) -> bool:
    """Whether a connection to `port` is refused within half a second, as it must be where nobody listens."""
    with socket.socket() as caller:
        caller.settimeout(0.5)
        try:
            caller.connect((LOOPBACK, port))
        except ConnectionRefusedError:
            return True
        except OSError:
            return False
        return False
