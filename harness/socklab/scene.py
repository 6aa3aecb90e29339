"""What a check arranges around a submission: listeners, closed ports, faults and limits.

Each method is a context manager that undoes what it did; whoever arranges does not judge. What this machine or tier
cannot give raises NotHere, and the check is skipped with that reason.
"""

import contextlib
import errno
import signal
import socket
from collections.abc import Callable, Iterator

from .cell import protocol
from .cell.cell import Cell
from .cell.network import LOOPBACK, NotHere
from .peers import FullQueue, Listener, Syn, Wire, hang_up, reset
from .program import Program


class Scene:
    """What a check arranges; each method is a context manager that undoes it. `arranged` says it in words."""

    def __init__(self, cell: Cell, program: Program) -> None:
        self._cell = cell
        self._network = cell.network
        self._program = program
        self.arranged: list[str] = []

    def _tell(self, words: str) -> None:
        self.arranged.append(words)

    def port(self) -> int:
        """A port number that nothing in this grade has used yet."""
        return self._network.port()

    def connects_tried(self) -> int | None:
        """How many connections the kernel has been asked for so far; None where that cannot be told."""
        return self._network.connects_tried()

    @contextlib.contextmanager
    def listener(
        self, *, port: int | None = None, host: str = LOOPBACK, then: Callable[[socket.socket], None] | None = None
    ) -> Iterator[Listener]:
        """A TCP listener on `port` (default: a random one). `then` meets each caller at once: hang_up or reset."""
        if port is not None and port < 1024 or host != LOOPBACK:
            self._network.need_private(f"a listener on {host} port {port}" if port else f"a listener on {host}")
        peer = self._bound(lambda number: Listener(host, number, then, self._program.patience), port)
        where = f"[{host}]:{peer.port}" if ":" in host else f"{host}:{peer.port}"
        manner = {hang_up: ", which hangs up on every caller at once", reset: ", which resets every caller at once"}
        self._tell(f"a listener on {where}{manner.get(then, '')}")
        if then:
            self._program.runner.react(peer.socket.fileno(), peer.meet)
        number = peer.socket.fileno()
        try:
            yield peer
        finally:
            if then:
                self._program.runner.forget(number)
            peer.close()

    def _bound(self, make: Callable[[int], Listener], port: int | None) -> Listener:
        """Make a peer on `port`, or on the first random port that is free."""
        if port is not None:
            return make(port)
        for _ in range(50):
            try:
                return make(self.port())
            except OSError as error:
                if error.errno != errno.EADDRINUSE or self._network.private:
                    raise
        raise NotHere("no free port was found on this machine")

    @contextlib.contextmanager
    def closed_port(self, number: int | None = None, *, held: bool = True) -> Iterator[int]:
        """A port that refuses. `held`: bound by us without listening, so nobody else can take it meanwhile."""
        if number is not None and number < 1024 or not held:
            self._network.need_private("a port that is surely unused")
        if not held:
            number = self.port() if number is None else number
            self._tell(f"nothing at all on port {number}")
            yield number
            return
        with socket.socket() as holder:
            for _ in range(50):
                try:
                    holder.bind((LOOPBACK, self.port() if number is None else number))
                    break
                except OSError:
                    if number is not None:
                        raise
            number = holder.getsockname()[1]
            self._tell(f"port {number} taken, but nobody listening on it")
            yield number

    @contextlib.contextmanager
    def udp_socket(self) -> Iterator[int]:
        """A UDP socket on a random port; no TCP listener has that number."""
        self._network.need_private("a port with UDP alone")
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as datagrams:
            datagrams.bind((LOOPBACK, self.port()))
            number = datagrams.getsockname()[1]
            self._tell(f"a UDP socket, and no TCP listener, on port {number}")
            yield number

    @contextlib.contextmanager
    def failing(self, error: int) -> Iterator[int]:
        """A port to which connect() fails at once with `error`, for whoever asks."""
        port = self.port()
        self._tell(f"connect() to port {port} fails with {errno.errorcode[error]}")
        if error == errno.ETIMEDOUT:
            with self._timing_out(port):
                yield port
        elif error == errno.EADDRNOTAVAIL:
            with self._no_local_port(port):
                yield port
        else:
            with self._network.failing(port, error):
                yield port

    @contextlib.contextmanager
    def _timing_out(self, port: int) -> Iterator[None]:
        """No kernel times out in less than seconds, so the recorder does.

        Whoever gets past the recorder meets EHOSTUNREACH, which is an error all the same.
        """
        recording = self._cell.recording
        if recording is None:
            raise NotHere("a connection that times out at once needs the recorder, and that needs a C compiler")
        with self._network.failing(port, errno.EHOSTUNREACH):
            recording.fail_connect(port, errno.ETIMEDOUT)
            try:
                yield
            finally:
                recording.fail_connect(0, 0)

    @contextlib.contextmanager
    def _no_local_port(self, port: int) -> Iterator[None]:
        """Every port that the kernel could give the caller is taken; `port` itself is open."""
        first = 35000
        with contextlib.ExitStack() as stack:
            stack.enter_context(self._network.local_ports(first, first + 2))
            stack.callback(Listener(LOOPBACK, port).close)
            for number in range(first, first + 3):
                stack.enter_context(socket.socket()).bind(("", number))
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
        self._network.need_private("an answer made by hand")
        with contextlib.ExitStack() as stack:
            queue = FullQueue(self.port())
            stack.callback(queue.close)
            wire = Wire(queue.port)
            stack.callback(wire.close)

            def answer() -> None:
                for syn in wire.requests():
                    deed(wire, queue, syn)

            self._program.runner.react(wire.fileno(), answer)
            stack.callback(self._program.runner.forget, wire.fileno())
            yield queue.port

    @contextlib.contextmanager
    def failing_late(self, error: int) -> Iterator[int]:
        """A port where connect() is first under way and then fails with `error`: after EINPROGRESS for non-blocking code."""
        codes = {errno.EHOSTUNREACH: 1, errno.ENETUNREACH: 0, errno.ENOPROTOOPT: 2}

        def deed(wire: Wire, queue: FullQueue, syn: Syn) -> None:
            wire.open_too(syn) if error == errno.ECONNRESET else wire.unreachable(syn, codes[error])

        with self._on_request(deed) as port:
            self._tell(f"a connection to port {port} is first under way, then fails with {errno.errorcode[error]}")
            yield port

    @contextlib.contextmanager
    def interrupting(self) -> Iterator[int]:
        """A port where a signal arrives in the middle of connect(); after it the connection is made."""
        runner = self._program.runner
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
    def close_leaves(self, error: int) -> Iterator[None]:
        """Every close() succeeds, and leaves `error` in errno, as POSIX permits."""
        recording = self._cell.recording
        if recording is None:
            raise NotHere("a close() that changes errno needs the recorder, and that needs a C compiler")
        self._tell(f"every close() succeeds but leaves {errno.errorcode[error]} in errno")
        recording.leave_after_close(error)
        try:
            yield
        finally:
            recording.leave_after_close(0)

    def need_recorder(self) -> None:
        """Raise NotHere where calls are not recorded."""
        if self._cell.recording is None:
            raise NotHere("this needs the recorder, and that needs a C compiler")
