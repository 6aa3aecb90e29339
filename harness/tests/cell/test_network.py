"""The faults of a private network, seen by plain sockets: the kernel makes them, not we."""

import contextlib
import errno
import os
import select
import socket
import traceback
from collections.abc import Callable

import pytest

from socklab.cell import linux, network
from socklab.cell.network import LOOPBACK, Network
from socklab.cell.sandbox import become, unprivileged_user
from socklab.forgers import FullQueue, Wire


def inside(deed: Callable[[Network], None]) -> None:
    """Run `deed` in a private network, in a process of its own; its errors fail the test."""
    linux.libc()
    reading, writing = os.pipe()
    pid = os.fork()
    if pid == 0:
        try:
            become(unprivileged_user())
            linux.set_dumpable(True)
            network = Network("private", 1)
            network.open()
            deed(network)
        except BaseException:
            os.write(writing, traceback.format_exc().encode()[:60000])
        finally:
            os._exit(0)
    os.close(writing)
    with os.fdopen(reading, "rb") as said:
        complaint = said.read().decode()
    os.waitpid(pid, 0)
    assert complaint == ""


def answer(port: int, *, blocking: bool = True) -> int:
    """What connect() to `port` says: 0 or an errno."""
    with socket.socket() as caller:
        caller.setblocking(blocking)
        return caller.connect_ex((LOOPBACK, port))


@pytest.mark.parametrize("error", [errno.EACCES, errno.ENETUNREACH, errno.EHOSTUNREACH, errno.EINVAL])
@pytest.mark.parametrize("blocking", [True, False])
def test_a_routing_rule_makes_connect_fail_and_is_undone(error: int, blocking: bool) -> None:
    """Blocking and non-blocking callers see it at once; afterwards the port refuses again."""

    def deed(network: Network) -> None:
        port = network.port()
        with network.failing(port, error):
            assert answer(port, blocking=blocking) == error
            assert answer(network.port()) == errno.ECONNREFUSED
        assert answer(port) == errno.ECONNREFUSED

    inside(deed)


def test_a_rejected_connection_shows_as_an_error_alone() -> None:
    """First under way; then POLLERR without POLLOUT, and SO_ERROR says why. Afterwards the port refuses again."""

    def deed(network: Network) -> None:
        port = network.port()
        with network.rejecting(port), socket.socket() as caller:
            caller.setblocking(False)
            assert caller.connect_ex((LOOPBACK, port)) == errno.EINPROGRESS
            poller = select.poll()
            poller.register(caller, select.POLLOUT)
            assert poller.poll(10_000) == [(caller.fileno(), select.POLLERR)]
            assert caller.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR) == errno.EHOSTUNREACH
            assert answer(network.port()) == errno.ECONNREFUSED
        assert answer(port) == errno.ECONNREFUSED

    inside(deed)


def test_as_much_is_on_its_way_here_as_on_any_other_machine() -> None:
    """What one end sends while the other one does not read fits into buffers whose size is ours to say."""

    def deed(_: Network) -> None:
        with socket.create_server((LOOPBACK, 0)) as listener, socket.socket() as caller:
            caller.connect(listener.getsockname())
            other, _ = listener.accept()
            sent = 0
            with other, contextlib.suppress(BlockingIOError):
                caller.setblocking(False)
                while sent < 1 << 24:
                    sent += caller.send(bytes(1 << 16))
            assert 1 << 16 <= sent < 1 << 21

    inside(deed)


def test_a_thousand_ended_connections_are_waited_for() -> None:
    """Each stays in TIME_WAIT (RFC 9293), however short the network's table is."""

    def deed(_: Network) -> None:
        with socket.create_server((LOOPBACK, 0)) as listener:
            for _ in range(1500):
                with socket.socket() as caller:
                    caller.connect(listener.getsockname())
                    other, _ = listener.accept()
                    other.close()
                    assert caller.recv(1) == b""
            with open("/proc/self/net/tcp") as table:
                assert sum(line.split()[3] == "06" for line in table) == 1500

    inside(deed)


def test_every_port_can_be_bound() -> None:
    """1 and 65535 are there for the taking: nobody else lives here."""

    def deed(_: Network) -> None:
        for number in (1, 65535):
            with socket.socket() as listener:
                listener.bind((LOOPBACK, number))
                listener.listen()
                assert answer(number) == 0

    inside(deed)


def test_a_socket_can_be_made_to_connect_to_itself() -> None:
    """With one local port to choose from, a closed port is its own caller."""

    def deed(network: Network) -> None:
        port = network.port()
        with network.local_ports(port, port):
            assert answer(port) == 0
        assert answer(port) == errno.ECONNREFUSED

    inside(deed)


def test_the_kernel_counts_attempts() -> None:
    """One connect() more is one ActiveOpens more; bind() is none."""

    def deed(network: Network) -> None:
        before = network.connects_tried()
        assert before is not None
        with socket.socket() as bystander:
            bystander.bind((LOOPBACK, 0))
        assert network.connects_tried() == before
        answer(network.port())
        assert network.connects_tried() == before + 1

    inside(deed)


@pytest.mark.parametrize(("how", "error"), [("icmp", errno.EHOSTUNREACH), ("open", errno.ECONNRESET)])
def test_a_connection_under_way_can_be_made_to_fail(how: str, error: int) -> None:
    """After EINPROGRESS the forged answer reaches the caller through SO_ERROR."""

    def deed(network: Network) -> None:
        queue = FullQueue(network.port())
        wire = Wire(queue.port)
        with socket.socket() as caller:
            caller.setblocking(False)
            assert caller.connect_ex((LOOPBACK, queue.port)) == errno.EINPROGRESS
            (syn,) = wire.requests()
            wire.unreachable(syn, 1) if how == "icmp" else wire.open_too(syn)
            caller.setblocking(True)
            caller.settimeout(10)
            with pytest.raises(OSError) as caught:  # noqa: PT011  (its number is looked at)
                caller.sendall(b"?") or caller.recv(1)
            assert caught.value.errno == error

    inside(deed)


def test_a_dropped_request_can_be_repeated_at_once() -> None:
    """Room in the queue and the same SYN again: the connection is made without waiting a second."""

    def deed(network: Network) -> None:
        queue = FullQueue(network.port())
        wire = Wire(queue.port)
        with socket.socket() as caller:
            caller.setblocking(False)
            caller.connect_ex((LOOPBACK, queue.port))
            (syn,) = wire.requests()
            queue.make_room()
            wire.ask_again(syn)
            caller.settimeout(0.9)  # before the kernel would have asked again
            caller.sendall(b"made")

    inside(deed)


def test_a_full_queue_is_full_as_soon_as_it_is_there(monkeypatch: pytest.MonkeyPatch) -> None:
    """However late the connection that fills it is ripe to be accepted: until then callers would get in."""

    class Deferring(socket.socket):
        def listen(self, backlog: int = 0, /) -> None:
            self.setsockopt(
                socket.IPPROTO_TCP, socket.TCP_DEFER_ACCEPT, 1
            )  # the end of the handshake is overheard once
            super().listen(backlog)

    monkeypatch.setattr(socket, "socket", Deferring)
    with contextlib.closing(FullQueue(Network("shared", 3).port())) as queue, socket.socket() as caller:
        caller.setblocking(False)
        caller.connect_ex((LOOPBACK, queue.port))
        assert not select.select([], [caller], [], 0.05)[1]


def test_no_two_grades_of_one_machine_have_the_same_port() -> None:
    """Not in the shared tier, where both have the machine's own loopback: even with one seed."""
    one, other = Network("shared", 7), Network("shared", 7)
    ports = [network.port() for _ in range(40) for network in (one, other)]
    assert len(set(ports)) == 80


def test_claims_that_somebody_made_of_all_ports_stop_nobody(monkeypatch: pytest.MonkeyPatch) -> None:
    """A submission may bind the same names: then ports are handed out without."""
    monkeypatch.setattr(network, "_NUMBERS", range(2000, 2012))
    monkeypatch.setattr(network, "_MANY", 4)
    first, second = Network("shared", 1), Network("shared", 2)
    assert all(first.port() for _ in range(6))
    assert all(second.port() for _ in range(2))
