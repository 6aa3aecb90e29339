"""What a check arranges around a submission: listeners, closed ports, faults and limits.

Each method is a context manager that undoes what it did; whoever arranges does not judge. What this machine or tier
cannot give raises NotHere, and the check is skipped with that reason.
"""

import contextlib
import errno
import functools
import os
import signal
import socket
import time
from collections.abc import Callable, Iterator
from typing import TypeVar

from .cell import linux, protocol
from .cell.cell import Cell
from .cell.network import LOOPBACK, NotHere
from .cell.recorder import Recording
from .cell.runner import Runner
from .command import A_MINUTE, Command
from .forgers import FullQueue, Syn, Wire
from .peers import Broken, Listener, Stream, connecting, hang_up, refuses, reset
from .program import Program
from .subject import Mismatch, Subject

Peer = TypeVar("Peer")


class Scene:
    """What a check arranges; each method is a context manager that undoes it. `arranged` says it in words."""

    def __init__(self, cell: Cell, program: Subject) -> None:
        self._cell = cell
        self._network = cell.network
        self._program = program
        self.arranged: list[str] = []

    def _tell(self, words: str) -> None:
        self.arranged.append(words)

    def port(self) -> int:
        """A port number that nothing in this grade has used yet."""
        return self._network.port()

    def let_time_run_out(self, program: Command, seconds: float, most: float = A_MINUTE) -> bool:
        """Nothing happens for so many seconds, or as long as `program` waits at most: see `Command.let_its_time_run_out`.

        Returns whether it was waited for a limit of the program's.
        """
        limit = program.let_its_time_run_out(seconds, most)
        if limit:
            self._tell(f"nothing happens for {limit:.1f} seconds: so long does the program wait at most")
        return limit > 0

    def connects_tried(self) -> int | None:
        """How many connections the kernel has been asked for so far; None where that cannot be told."""
        return self._network.connects_tried() if self._program.observed else None

    @contextlib.contextmanager
    def listener(
        self, *, port: int | None = None, host: str = LOOPBACK, then: Callable[[socket.socket], None] | None = None
    ) -> Iterator[Listener]:
        """A TCP listener on `port` (default: a random one). `then` meets each caller at once: hang_up or reset.

        On another `host` than 127.0.0.1 nobody listens on 127.0.0.1 itself, except that 0.0.0.0 means every address.
        """
        if (port is not None and port < 1024) or host == "0.0.0.0":
            self._network.need_private()
        with contextlib.ExitStack() as stack:
            if host not in (LOOPBACK, "0.0.0.0"):
                port = stack.enter_context(self._holding(port))
            make = functools.partial(Listener, host, then=then, loop=self._cell.loop, patience=self._program.patience)
            peer = self._on_a_port(make, port)
            stack.callback(peer.close)
            where = f"[{host}]:{peer.port}" if ":" in host else f"{host}:{peer.port}"
            manner: dict[object, str] = {
                hang_up: ", which hangs up on every caller at once",
                reset: ", which resets every caller at once",
            }
            self._tell(f"a listener on {where}{manner.get(then, '')}")
            if then:
                stack.enter_context(self._served(peer.socket.fileno(), peer.meet))
            if then is hang_up and self._cell.recording:
                # Who looks whether the other end is still there is not to win a race.
                self._cell.recording.tell_late(True)
                stack.callback(self._cell.recording.tell_late, False)
            yield peer

    def _on_a_port(self, make: Callable[[int], Peer], port: int | None = None) -> Peer:
        """Make a peer on `port`, or on the first random port that is free."""
        for _ in range(50):
            number = self.port() if port is None else port
            try:
                return make(number)
            except OSError as error:
                if error.errno == errno.EADDRNOTAVAIL:
                    raise NotHere("this machine has no such address") from error
                if error.errno != errno.EADDRINUSE:
                    raise
                self._program.answer_for_port(number)
                if self._network.private:
                    raise
                if port is not None:
                    raise NotHere(f"port {port} is in use on this machine") from error
        raise NotHere("no free port was found")

    @contextlib.contextmanager
    def _holding(self, port: int | None = None) -> Iterator[int]:
        """A port of 127.0.0.1 that is bound by us but not listened on: it refuses, and nobody else can take it."""

        again = (
            port is not None
        )  # it may have been in use a moment ago: what is left of that (TIME_WAIT) is no obstacle
        with self._on_a_port(functools.partial(_bound, again=again), port) as holder:
            number = holder.getsockname()[1]
            if not self._network.private and not refuses(number):
                raise NotHere("this machine's own loopback does not refuse connections to unused ports")
            yield number

    @contextlib.contextmanager
    def closed_port(self, number: int | None = None, *, held: bool = True) -> Iterator[int]:
        """A port that refuses. `held`: bound by us without listening; else there is nothing at all."""
        if held:
            with self._holding(number) as port:
                self._tell(f"port {port} taken, but nobody listening on it")
                yield port
        else:
            self._network.need_private()
            port = self.port() if number is None else number
            self._tell(f"nothing at all on port {port}")
            yield port

    @contextlib.contextmanager
    def udp_socket(self) -> Iterator[int]:
        """A UDP socket on a random port; no TCP listener has that number."""
        with self._holding() as number, socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as datagrams:
            datagrams.bind((LOOPBACK, number))
            self._tell(f"a UDP socket, and no TCP listener, on port {number}")
            yield number

    @contextlib.contextmanager
    def failing(self, error: int) -> Iterator[int]:
        """A port to which connect() fails at once with `error`.

        The kernel makes the error for whoever asks. Where it cannot (ETIMEDOUT takes it seconds, ENOBUFS an empty memory;
        the shared tier has no routing rules of its own) the recorder does, and a program that gets past the recorder is not judged by it.
        """
        with contextlib.ExitStack() as stack:
            if not self._network.private:
                port = stack.enter_context(self._holding())
                stack.enter_context(self._injected(port, error))
            else:
                port = self.port()
                if error == errno.EADDRNOTAVAIL:
                    stack.enter_context(self._no_local_port(port))
                elif not self._network.can_fail_with(error):  # past the recorder it meets EHOSTUNREACH: an error too
                    stack.enter_context(self._network.failing(port, errno.EHOSTUNREACH))
                    stack.enter_context(self._injected(port, error))
                else:
                    stack.enter_context(self._network.failing(port, error))
            self._tell(f"connect() to port {port} fails with {errno.errorcode[error]}")
            yield port

    @contextlib.contextmanager
    def _injected(self, port: int, error: int) -> Iterator[None]:
        recording = self._recording()
        recording.fail_connect(port, error)
        try:
            yield
        except Mismatch as mismatch:
            if self._got_past_the_recorder("connect"):
                raise NotHere("the recorder did not see this program's connect()") from mismatch
            raise
        finally:
            recording.fail_connect(0, 0)

    @contextlib.contextmanager
    def no_socket(self, error: int) -> Iterator[None]:
        """Every socket() fails with `error`; a program that gets past the recorder is not judged by it."""
        recording = self._recording()
        self._tell(f"socket() fails with {errno.errorcode[error]}")
        recording.fail_socket(error)
        try:
            yield
        except Mismatch as mismatch:
            if self._got_past_the_recorder("socket"):
                raise NotHere("the recorder did not see this program's socket()") from mismatch
            raise
        finally:
            recording.fail_socket(0)

    def _got_past_the_recorder(self, name: str) -> bool:
        """Whether none of its calls of `name` was made to fail; one that is no longer told among thousands may have been."""
        return not self._program.lost and not any(event.injected for event in self._program.events_named(name))

    def _recording(self) -> Recording:
        if self._cell.recording is None:
            raise NotHere("it needs the recorder, and that needs a C compiler")
        return self._cell.recording

    @contextlib.contextmanager
    def _no_local_port(self, port: int) -> Iterator[None]:
        """Every port that the kernel could give the caller is taken; `port` itself is open."""
        first = 35000
        with contextlib.ExitStack() as stack:
            stack.enter_context(self._network.local_ports(first, first + 2))
            stack.callback(self._on_a_port(lambda number: Listener(LOOPBACK, number), port).close)
            for number in range(first, first + 3):
                stack.enter_context(self._on_a_port(_bound_everywhere, number))
            yield

    @contextlib.contextmanager
    def own_port(self) -> Iterator[int]:
        """A closed port that is also the only one which the kernel can give the caller: it connects to itself."""
        port = self.port()
        with self._network.local_ports(port, port):
            self._tell(f"port {port} is closed, and the only one that the kernel can give a caller as its own")
            yield port

    @contextlib.contextmanager
    def _on_request(self, deed: Callable[[Wire, FullQueue, Syn], None]) -> Iterator[int]:
        """A port whose queue is full; `deed` answers each connection request that passes."""
        self._network.need_private()
        with contextlib.ExitStack() as stack:
            queue = self._on_a_port(FullQueue)
            stack.callback(queue.close)
            wire = Wire(queue.port)
            stack.callback(wire.close)

            def answer() -> None:
                for syn in wire.requests():
                    deed(wire, queue, syn)

            stack.enter_context(self._served(wire.fileno(), answer))
            yield queue.port

    @contextlib.contextmanager
    def _served(self, descriptor: int, deed: Callable[[], object]) -> Iterator[None]:
        """While inside, `deed` is done whenever `descriptor` can be read and the submission is waited for."""
        self._cell.loop.react(descriptor, deed)
        try:
            yield
        finally:
            self._cell.loop.forget(descriptor)

    @contextlib.contextmanager
    def _later(self, seconds: float) -> Iterator[Callable[[Callable[[], None]], None]]:
        """Inside, whatever is given to what this gives is done once, so many seconds from then, while the submission is waited for."""
        with contextlib.ExitStack() as stack:

            def begin(deed: Callable[[], None]) -> None:
                timer = linux.timer(seconds)
                stack.callback(os.close, timer)
                stack.enter_context(self._served(timer, lambda: strike(timer, deed)))

            def strike(timer: int, deed: Callable[[], None]) -> None:
                os.read(timer, 8)
                self._cell.loop.forget(timer)
                deed()

            yield begin

    @contextlib.contextmanager
    def opening(self, *, after: float) -> Iterator[int]:
        """A port that does not answer at first; so many seconds after it was asked the connection is made."""
        asked: list[Syn] = []

        def deed(wire: Wire, queue: FullQueue, syn: Syn) -> None:
            if not asked:
                asked.append(syn)
                later(lambda: admit(wire, queue))

        def admit(wire: Wire, queue: FullQueue) -> None:
            queue.make_room()
            wire.ask_again(asked[0])

        with self._later(after) as later, self._on_request(deed) as port:
            self._tell(f"port {port} answers {after * 1000:g} ms after it was asked")
            yield port

    @contextlib.contextmanager
    def failing_late(self, error: int, *, after: float = 0.0) -> Iterator[int]:
        """A port where connect() is first under way and then fails with `error`: after EINPROGRESS for non-blocking code.

        It fails as soon as the broker comes to it, which on a busy machine may be before the submission's next call; or `after`
        so many seconds.
        """
        codes = {errno.EHOSTUNREACH: 1, errno.ENETUNREACH: 0, errno.ENOPROTOOPT: 2}

        def deed(wire: Wire, queue: FullQueue, syn: Syn) -> None:
            later(lambda: fail(wire, syn)) if after else fail(wire, syn)

        def fail(wire: Wire, syn: Syn) -> None:
            wire.open_too(syn) if error == errno.ECONNRESET else wire.unreachable(syn, codes[error])

        with self._later(after) as later, self._on_request(deed) as port:
            self._tell(f"a connection to port {port} is first under way, then fails with {errno.errorcode[error]}")
            yield port

    @contextlib.contextmanager
    def filtered(self) -> Iterator[int]:
        """A port that never answers, neither yes nor no: its accept queue is full, so the kernel drops each request."""
        with contextlib.closing(self._on_a_port(FullQueue)) as queue:
            self._tell(f"port {queue.port} never answers: its queue of connections is full")
            yield queue.port

    @contextlib.contextmanager
    def signals(self, *, every: float) -> Iterator[None]:
        """A real signal every so many seconds, while the submission is called; it has a handler, without SA_RESTART."""
        runner = self._runner()
        runner.ask(protocol.CATCH_SIGNAL, calls=[(signal.SIGUSR1,)])
        timer = linux.timer(every)

        def strike() -> None:
            os.read(timer, 8)
            runner.signal(signal.SIGUSR1)

        self._tell(f"a signal every {every * 1000:g} ms, handled without SA_RESTART")
        try:
            with self._served(timer, strike):
                yield
        finally:
            os.close(timer)

    def _runner(self) -> Runner:
        assert isinstance(self._program, Program)  # only checks of functions ask for this
        return self._program.runner

    @contextlib.contextmanager
    def rejected(self) -> Iterator[int]:
        """A port where connect() is first under way and then rejected: poll() reports POLLERR alone, and SO_ERROR says EHOSTUNREACH."""
        port = self.port()
        with self._network.rejecting(port):
            self._tell(
                f"a connection to port {port} is first under way, then rejected (EHOSTUNREACH); poll() reports POLLERR alone"
            )
            yield port

    @contextlib.contextmanager
    def interrupting(self) -> Iterator[int]:
        """A port where a signal arrives in the middle of connect(); after it the connection is made."""
        runner = self._runner()
        runner.ask(protocol.CATCH_SIGNAL, calls=[(signal.SIGUSR1,)])

        def deed(wire: Wire, queue: FullQueue, syn: Syn) -> None:
            if waiting:
                waiting.clear()
                runner.signal(signal.SIGUSR1)
                queue.make_room()
                wire.ask_again(syn)

        waiting = [True]
        with self._on_request(deed) as port:
            self._tell(f"a signal arrives while the connection to port {port} is under way; then it is made")
            yield port

    @contextlib.contextmanager
    def client(self, port: int, *, within: float = 0.0, receive_buffer: int = 0) -> Iterator[Stream]:
        """A client of a server on `port`, connected. `within`: it tries again for so many seconds while it is turned away.

        `receive_buffer`: how many bytes are kept for it while it does not read (SO_RCVBUF, socket(7)).
        """
        self._tell(f"a client of port {port}")
        deadline = time.monotonic() + within
        while True:
            stream = self._connecting(port, receive_buffer)
            try:
                stream.wait_until_connected(deadline - time.monotonic() if within else None)
                break
            except Broken as how:
                stream.close()
                if time.monotonic() > deadline:
                    raise Mismatch("a connection", str(how), "A client could not connect to the server.") from how
                self._cell.loop.wait({}, time.monotonic() + 0.05)
        with contextlib.closing(stream):
            yield stream

    @contextlib.contextmanager
    def clients(self, port: int, count: int, *, waiting: bool = False) -> Iterator[list[Stream]]:
        """So many clients of a server on `port`. `waiting`: those that the kernel lets wait are among them, not connected yet."""
        self._tell(f"{count} clients of port {port} at once")
        with contextlib.ExitStack() as stack:
            streams = [stack.enter_context(contextlib.closing(self._connecting(port))) for _ in range(count)]
            for stream in [] if waiting else streams:
                try:
                    stream.wait_until_connected()
                except Broken as how:
                    why = f"One of {count} clients could not connect."
                    raise Mismatch("a connection", str(how), why) from how
            yield streams

    def _connecting(self, port: int, receive_buffer: int = 0) -> Stream:
        return connecting(port, self._cell.loop, self._program.patience, receive_buffer=receive_buffer)

    @contextlib.contextmanager
    def close_leaves(self, error: int) -> Iterator[None]:
        """Every close() succeeds, and leaves `error` in errno, as POSIX permits."""
        recording = self._recording()
        self._tell(f"every close() succeeds but leaves {errno.errorcode[error]} in errno")
        recording.leave_after_close(error)
        try:
            yield
        finally:
            recording.leave_after_close(0)

    def need_recorder(self) -> None:
        """Raise NotHere where calls are not recorded."""
        self._recording()


def _bound(number: int, host: str = LOOPBACK, *, again: bool = False) -> socket.socket:
    """A TCP socket bound to the port, not listening. Raises OSError if it cannot be had."""
    holder = socket.socket()
    holder.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, again)
    try:
        holder.bind((host, number))
    except OSError:
        holder.close()
        raise
    return holder


def _bound_everywhere(number: int) -> socket.socket:
    return _bound(number, "")
