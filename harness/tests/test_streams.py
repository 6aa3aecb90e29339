"""The grader's own ends of connections: what they can do and see, without ever blocking, and how they say what went wrong."""

import contextlib
import os
import select
import signal
import socket
import struct
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest

from socklab.cell import evidence
from socklab.cell.loop import READ, Loop
from socklab.cell.process import forked
from socklab.patience import WAIT_SECONDS, Patience
from socklab.peers import (
    Broken,
    Listener,
    Stream,
    connecting,
    hang_up,
    in_short,
    refuses,
    reset,
)

pytestmark = pytest.mark.usefixtures("nobody_stays")

BLOCK = bytes(range(256)) * 4096
"""A mebibyte: more than the kernel keeps on its way, as long as nobody reads."""


class Hasty(Patience):
    """One that is over soon, for what never comes."""

    for_programs = 0.05  # type: ignore[assignment]


@contextmanager
def pair(patience: Patience | None = None) -> Iterator[tuple[Stream, socket.socket]]:
    """A Stream and, blocking, the other end of its connection."""
    loop = Loop()
    listener = Listener("127.0.0.1", 0)
    stream = connecting(listener.port, loop, patience or Patience())
    try:
        stream.wait_until_connected()
        listener.socket.setblocking(True)
        other, _ = listener.socket.accept()
        with other:
            yield stream, other
    finally:
        stream.close()
        listener.close()


@contextmanager
def beside(deed: Callable[[], object]) -> Iterator[None]:
    """While inside, `deed` is done in another thread; it has to come to its end."""
    thread = threading.Thread(target=deed, daemon=True)
    thread.start()
    yield
    thread.join(60)
    assert not thread.is_alive()


def echo(other: socket.socket) -> None:
    """Send back what comes, up to the end, and end too."""
    while part := other.recv(65536):
        other.sendall(part)
    other.shutdown(socket.SHUT_WR)


def read_all(other: socket.socket, into: list[bytes]) -> None:
    """Read up to the end."""
    while part := other.recv(65536):
        into.append(part)


def tear_down(other: socket.socket) -> None:
    """Reset the connection, without anything of ours."""
    other.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    other.close()


# -- sending ---------------------------------------------------------------------------------------------------------


def test_send_sends_all_however_slowly_it_is_taken() -> None:
    """More than the kernel keeps."""
    got: list[bytes] = []
    with pair() as (stream, other), beside(lambda: read_all(other, got)):
        stream.send(BLOCK * 8)
        stream.finish()
    assert b"".join(got) == BLOCK * 8


def test_send_to_somebody_who_reads_nothing_gives_up_and_says_how_far_it_came() -> None:
    """Both numbers are in its words."""
    with (
        pair(Hasty()) as (stream, _),
        pytest.raises(Broken, match=r"of 67,108,864 bytes were taken, and then no") as said,
    ):
        stream.send(BLOCK * 64)
    taken = int(str(said.value).split()[0].replace(",", ""))
    assert 0 < taken < len(BLOCK) * 32  # what the kernel keeps on its way


def test_send_to_somebody_who_is_gone_names_the_error() -> None:
    """No SIGPIPE, no OSError: the name of an errno."""
    with pair() as (stream, other):
        tear_down(other)
        with pytest.raises(Broken, match=r"being sent to \((ECONNRESET|EPIPE)\)"):
            stream.send(BLOCK * 64)


def test_fill_sends_what_is_taken_while_nothing_is_read() -> None:
    """All of a little; of much, what the other end then reads, byte for byte."""
    got: list[bytes] = []
    with pair() as (stream, other):
        assert stream.fill(b"little", 0.1) == 6
        taken = stream.fill(BLOCK * 32, 0.1)
        assert 0 < taken < len(BLOCK) * 32
        assert stream.fill(BLOCK, 0.1) == 0
        with beside(lambda: read_all(other, got)):
            stream.finish()
    assert b"".join(got) == b"little" + (BLOCK * 32)[:taken]


# -- exchanging ------------------------------------------------------------------------------------------------------


def test_exchange_brings_all_back_however_much_it_is() -> None:
    """From an echo in another thread, which also ends."""
    with pair() as (stream, other), beside(lambda: echo(other)):
        assert stream.exchange(BLOCK * 8) == BLOCK * 8


def test_exchange_reads_while_it_cannot_send() -> None:
    """An echo in another process that does not read on before its answer is taken: nobody waits for the other for ever."""
    with pair() as (stream, other):

        def answer() -> None:
            stream.close()
            echo(other)

        pid = forked(answer, {})
        other.close()
        try:
            assert stream.exchange(BLOCK * 32) == BLOCK * 32
        finally:
            os.kill(pid, signal.SIGKILL)
            os.waitpid(pid, 0)


def test_exchange_without_an_end_can_go_on() -> None:
    """As many bytes as were sent, again and again; nothing at all is an exchange too."""
    with pair() as (stream, other), beside(lambda: echo(other)):
        for words in (b"one", b"", b"two" * 1000):
            assert stream.exchange(words, finish=False) == words
        assert stream.exchange(b"last") == b"last"
    with pair() as (stream, other), beside(lambda: echo(other)):
        assert stream.exchange(b"") == b""


def test_exchange_keeps_what_came_before_it() -> None:
    """A greeting that was received with a line is not lost."""
    with pair() as (stream, other), beside(lambda: echo(other)):
        other.sendall(b"line\nand more ")
        assert stream.receive_line() == b"line\n"
        assert stream.exchange(b"sent") == b"and more sent"


def test_exchange_comes_to_a_standstill_and_says_where() -> None:
    """Somebody who answers less than everything, and somebody who answers nothing."""
    with pair(Hasty()) as (stream, other):
        other.sendall(b"abc")
        with pytest.raises(Broken, match=r"^a standstill after 5 bytes sent and 3 received back$"):
            stream.exchange(b"12345", finish=False)
    with (
        pair(Hasty()) as (stream, other),
        pytest.raises(Broken, match=r"a standstill after [1-9][\d,]+ bytes sent and 0 re"),
    ):
        stream.exchange(BLOCK * 16)


def test_what_the_other_end_leaves_unread_is_counted() -> None:
    """And of a connection that was reset nothing is."""
    with pair() as (stream, other):
        stream.send(b"12345")
        select.select([other], [], [])
        assert stream.unread() == 5
        other.recv(3)
        assert stream.unread() == 2
        sent = stream.fill(BLOCK * 64, 0.1)
        assert stream.unread() < stream.ahead()
        assert 0 < 2 + sent - stream.unread() <= stream.ahead()
        other.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        other.close()
        select.select([stream.socket], [], [])
        assert (stream.unread(), stream.ahead()) == (0, 0)


@pytest.mark.parametrize("finish", [True, False])
def test_exchange_sends_no_more_than_goes_into_its_time(finish: bool) -> None:
    """A first piece goes in any case; what was sent comes back."""
    with pair() as (stream, other), beside(lambda: echo(other)):
        back = stream.exchange(BLOCK * 8, finish=finish, sending=0.0)
        assert len(back) == stream.sent
        assert 0 < stream.sent < len(BLOCK * 8)
        assert back == (BLOCK * 8)[: stream.sent]
        if not finish:
            assert stream.exchange(b"more") == b"more"


def test_exchange_with_somebody_who_ends_early_gives_what_came() -> None:
    """Fewer bytes: for the exercise to judge."""
    with pair() as (stream, other):
        other.sendall(b"half")
        other.shutdown(socket.SHUT_WR)
        assert stream.exchange(b"half of it", finish=False) == b"half"


# -- receiving -------------------------------------------------------------------------------------------------------


def test_receive_gives_so_many_bytes_and_keeps_the_rest() -> None:
    """However they arrive."""
    with pair() as (stream, other):
        other.sendall(b"abcdef")
        assert (stream.receive(2), stream.receive(1), stream.receive(3)) == (b"ab", b"c", b"def")


def test_receive_gives_fewer_where_fewer_come() -> None:
    """After an end at once, after silence when patience is over: no error."""
    with pair(Hasty()) as (stream, other):
        other.sendall(b"ab")
        assert stream.receive(3) == b"ab"
        assert stream.receive(3, within=0.01) == b""
        other.sendall(b"c")
        other.shutdown(socket.SHUT_WR)
        assert stream.receive(3) == b"c"
        assert stream.receive(3) == b""


@pytest.mark.parametrize("take", [lambda stream: stream.receive(9), Stream.receive_all])
def test_what_comes_piece_by_piece_may_take_its_time(take: Callable[[Stream], bytes]) -> None:
    """Each piece in a third of the time that there is, all of them in more than that."""
    patience = Patience()
    patience.seconds = 0.25

    def tell() -> None:
        for _ in range(9):
            time.sleep(0.3)
            other.send(b"x")
        other.close()

    with pair(patience) as (stream, other), beside(tell):
        assert take(stream) == b"x" * 9
    assert patience.seconds == 0.25


@pytest.mark.parametrize("works", [True, False])
@pytest.mark.parametrize("take", [lambda stream: stream.receive(9), Stream.receive_all])
def test_who_works_for_each_piece_may_take_longer(take: Callable[[Stream], bytes], works: bool) -> None:
    """Longer than there is time for all of it: as much as it works. Whoever only lets others wait may not."""
    begun = time.monotonic()
    patience = Patience(worked=lambda: time.monotonic() - begun if works else 0.0)
    patience.seconds = 0.15  # so 0.6 for a piece, and 1.8 for all

    def tell() -> None:
        with contextlib.suppress(OSError):
            for _ in range(9):
                time.sleep(0.3)
                other.send(b"x")
        other.close()

    got = b""
    with pair(patience) as (stream, other), beside(tell), contextlib.suppress(Broken):
        got = take(stream)
    assert (got == b"x" * 9, patience.seconds) == (works, 0.15 if works else 0.02)


def test_a_line_is_taken_alone() -> None:
    """With its line feed; a last one without."""
    with pair() as (stream, other):
        other.sendall(b"one\r\n\nlast")
        other.shutdown(socket.SHUT_WR)
        assert [stream.receive_line() for _ in range(4)] == [b"one\r\n", b"\n", b"last", b""]


def test_a_line_without_end_is_cut() -> None:
    """Ten thousand bytes are no line."""
    with pair() as (stream, other):
        other.sendall(b"x" * 20_000)
        assert stream.receive_line() == b"x" * 10_000


def test_receive_all_reads_up_to_the_end() -> None:
    """And again: nothing more."""
    with pair() as (stream, other):
        with beside(lambda: (other.sendall(BLOCK * 2), other.shutdown(socket.SHUT_WR))):
            assert stream.receive_all() == BLOCK * 2
        assert stream.receive_all() == b""


def test_receive_all_without_an_end_says_what_came() -> None:
    """In short, as a reader sees it."""
    with pair(Hasty()) as (stream, other):
        with pytest.raises(Broken, match=r"^nothing and no end of file$"):
            stream.receive_all()
        other.sendall(b"a\r\n")
        with pytest.raises(Broken) as caught:
            stream.receive_all()
        assert str(caught.value) == "'a\\r\\n' and no end of file"


def test_a_reset_is_named_wherever_it_is_met() -> None:
    """Not taken for an end."""
    deeds: list[Callable[[Stream], object]] = [
        lambda stream: stream.receive(1),
        lambda stream: stream.receive_all(),
        lambda stream: stream.receive_line(),
        lambda stream: stream.exchange(b"x"),
        lambda stream: stream.is_silent(10),
    ]
    for deed in deeds:
        with pair() as (stream, other):
            tear_down(other)
            with pytest.raises(Broken, match=r"a connection that was broken.*(ECONNRESET|ENOTCONN|EPIPE)"):
                deed(stream)


def test_silence_is_neither_words_nor_an_end() -> None:
    """What breaks it is not lost."""
    with pair() as (stream, other):
        assert stream.is_silent(0.01)
        other.sendall(b"word")
        assert not stream.is_silent(60)
        assert not stream.is_silent(0.0)
        assert stream.receive(4) == b"word"
        other.shutdown(socket.SHUT_WR)
        assert not stream.is_silent(60)
        assert stream.receive_all() == b""


def test_the_loop_is_served_while_a_stream_waits() -> None:
    """The submission's own calls go on: here they are what the stream waits for."""
    with pair() as (stream, other):
        reading, writing = os.pipe()
        try:

            def answer() -> None:
                os.read(reading, 1)
                other.sendall(b"served")

            stream._loop.react(reading, answer)
            os.write(writing, b"x")
            assert stream.receive(6) == b"served"
            stream._loop.forget(reading)
        finally:
            os.close(reading)
            os.close(writing)


# -- ends ------------------------------------------------------------------------------------------------------------


def test_finish_ends_one_side_only() -> None:
    """The other end reads the end, and can still send."""
    with pair() as (stream, other):
        stream.finish()
        assert other.recv(1) == b""
        other.sendall(b"still")
        assert stream.receive(5) == b"still"


def test_finish_on_a_connection_that_is_gone_is_broken() -> None:
    """In words."""
    with pair() as (stream, other):
        tear_down(other)
        assert stream._loop.wait({stream.socket.fileno(): READ}, time.monotonic() + 60)
        with pytest.raises(Broken):
            stream.receive(1)
        with pytest.raises(Broken, match=r"ENOTCONN|EPIPE"):
            stream.finish()


def test_reset_is_seen_as_one() -> None:
    """ECONNRESET at the other end, not the end of file; close() after it does nothing."""
    with pair() as (stream, other):
        stream.reset()
        with pytest.raises(ConnectionResetError):
            other.recv(1)
        stream.close()


def test_a_refused_connection_is_broken_by_name() -> None:
    """As is one that nobody answers."""
    with socket.socket() as holder:
        holder.bind(("127.0.0.1", 0))
        port = holder.getsockname()[1]
        assert refuses(port)
        stream = connecting(port, Loop(), Patience())
        with pytest.raises(Broken, match=r"^ECONNREFUSED$"):
            stream.wait_until_connected()
        stream.close()


def test_a_queue_that_is_full_is_no_answer() -> None:
    """Patience is over after the first time, for all that belongs to the same submission."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen(0)
        port = listener.getsockname()[1]
        patience = Hasty()
        streams = [connecting(port, Loop(), patience) for _ in range(3)]
        with pytest.raises(Broken, match=r"^no answer: its queue of connections is full$"):
            list(map(Stream.wait_until_connected, streams))
        assert patience.seconds < WAIT_SECONDS
        for stream in streams:
            stream.close()


def test_patience_for_programs_is_longer_and_ends_too() -> None:
    """A little stays: a program has to do something first."""
    patience = Patience()
    assert patience.for_programs == 4 * WAIT_SECONDS
    patience.lose()
    assert patience.seconds < patience.for_programs < WAIT_SECONDS


def test_a_small_receive_buffer_keeps_little() -> None:
    """So that a client that reads nothing is soon felt at the other end."""
    with Listener("127.0.0.1", 0).socket as listener:
        sent = []
        for buffer in (4096, 0):
            stream = connecting(listener.getsockname()[1], Loop(), Patience(), receive_buffer=buffer)
            stream.wait_until_connected()
            listener.setblocking(True)
            with listener.accept()[0] as other:
                sent.append(Stream(other, Loop(), Patience()).fill(BLOCK * 32, 0.1))
            stream.close()
    assert sent[0] < sent[1]


# -- listeners -------------------------------------------------------------------------------------------------------


@contextmanager
def listening(then: Callable[[socket.socket], None] | None = None) -> Iterator[Listener]:
    """A listener on any port."""
    listener = Listener("127.0.0.1", 0, then)
    try:
        yield listener
    finally:
        listener.close()


def test_a_listener_hands_out_its_callers_in_their_order() -> None:
    """Each as a Stream; then there is none, and patience is over."""
    with listening() as listener:
        callers = [socket.create_connection(("127.0.0.1", listener.port)) for _ in range(2)]
        streams = [listener.accept() for _ in callers]
        for caller, stream in zip(callers, streams, strict=True):
            assert stream.addresses() == (caller.getpeername(), caller.getsockname())
            assert stream.port == listener.port
            caller.sendall(b"mine")
            assert stream.receive(4) == b"mine"
            stream.close()
            caller.close()
        listener.patience.lose()
        with pytest.raises(Broken, match=r"^the listener saw none$"):
            listener.accept()


def test_a_listener_counts_what_it_saw() -> None:
    """Callers, bytes, and how many have ended."""
    with listening() as listener:
        first, second = (socket.create_connection(("127.0.0.1", listener.port)) for _ in range(2))
        first.sendall(b"abc")
        first.close()
        listener.patience.seconds = 0.05
        assert listener.seen(wait_for_end=True) == (2, 3, 1)
        second.close()


@pytest.mark.parametrize(("then", "met"), [(hang_up, b""), (reset, ConnectionResetError)])
def test_a_listener_that_meets_its_callers_keeps_none(then: Callable[[socket.socket], None], met: object) -> None:
    """It hangs up on them, or tears their connections down; there is nobody left to accept."""
    with listening(then) as listener, socket.create_connection(("127.0.0.1", listener.port)) as caller:
        assert listener.wait_for_caller()
        if isinstance(met, bytes):
            assert caller.recv(1) == met
        else:
            with pytest.raises(ConnectionResetError):
                caller.recv(1)
        assert listener.seen() == (1, 0, 1)
        with pytest.raises(Broken):
            listener.accept()


@pytest.mark.parametrize(
    ("data", "shown"),
    [
        (b"", "nothing"),
        (b"\x00\xff\n", "'\\x00\\xff\\n'"),
        (b"x" * 60, f"'{'x' * 60}'"),
        (b"x" * 5000, f"'{'x' * 40}' and 4,960 bytes more"),
    ],
)
def test_bytes_are_shown_in_short(data: bytes, shown: str) -> None:
    """Printable, whatever they are."""
    assert in_short(data) == shown


# -- what a listener saw of callers that stay ------------------------------------------------------------------------


@contextmanager
def called(
    host: str = "127.0.0.1", *, idle: bool, seconds: float = WAIT_SECONDS
) -> Iterator[tuple[Listener, socket.socket]]:
    """A listener, and one who has called it; whoever calls is said to be `idle`."""
    patience = Patience(lambda: idle)
    patience.seconds = seconds
    listener = Listener(host, 0, patience=patience)
    with socket.create_connection((host, listener.port)) as caller:
        assert listener.wait_for_caller()
        try:
            yield listener, caller
        finally:
            listener.close()


def test_nobody_waits_for_the_end_of_a_caller_that_does_nothing_any_more() -> None:
    """What it sent has come, and the connection stays open: so patience is not lost over it."""
    with called(idle=True) as (listener, caller):
        caller.sendall(b"hello")
        assert listener.seen(wait_for_end=True) == (1, 5, 0)
        assert listener.patience.seconds == WAIT_SECONDS


def test_a_connection_is_not_quiet_while_bytes_are_on_their_way() -> None:
    """More than the listener's side takes at once: they stay with the caller, and come as room is made."""
    with called(idle=True) as (listener, caller):
        ends = caller.getsockname(), caller.getpeername()
        assert evidence.is_quiet(*ends)
        caller.setblocking(False)
        sent = caller.send(BLOCK * 16)
        assert not evidence.is_quiet(*ends)
        assert listener.seen(wait_for_end=True) == (1, sent, 0)
        assert evidence.is_quiet(*ends)


@pytest.mark.parametrize("end", [socket.SHUT_WR, socket.SHUT_RDWR])
def test_an_end_of_an_idle_caller_is_seen(end: int) -> None:
    """As any other."""
    with called(idle=True) as (listener, caller):
        caller.shutdown(end)
        assert listener.seen(wait_for_end=True) == (1, 0, 1)


@pytest.mark.parametrize(("host", "idle"), [("127.0.0.1", False), ("::1", True)])
def test_whoever_may_still_do_something_is_waited_for(host: str, idle: bool) -> None:
    """And so is a caller over IPv6, of whom less is known: until patience is lost."""
    with called(host, idle=idle, seconds=0.1) as (listener, _):
        assert listener.seen(wait_for_end=True) == (1, 0, 0)
        assert listener.patience.seconds < 0.1


@pytest.mark.parametrize("host", ["127.0.0.1", "::1"])
def test_nobody_waits_for_a_caller_if_nobody_calls(host: str) -> None:
    """Patience is not lost over that either."""
    patience = Patience(lambda: True)
    listener = Listener(host, 0, patience=patience)
    assert not listener.wait_for_caller()
    assert patience.seconds == WAIT_SECONDS
    with socket.create_connection((host, listener.port)):
        assert listener.wait_for_caller()
    listener.close()


def test_who_may_still_call_is_waited_for() -> None:
    """Whoever is not idle; until patience is lost."""
    patience = Patience()
    patience.seconds = 0.1
    listener = Listener("127.0.0.1", 0, patience=patience)
    assert not listener.wait_for_caller()
    assert patience.seconds < 0.1
    listener.close()


def test_a_call_that_has_not_come_through_is_a_call() -> None:
    """With TCP_DEFER_ACCEPT (tcp(7)) nobody is accepted who says nothing; but there is a connection, so a caller is on its way."""
    listener = Listener("127.0.0.1", 0, patience=Patience(lambda: True))
    listener.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_DEFER_ACCEPT, 5)
    assert not evidence.is_called(listener.port)
    with socket.create_connection(("127.0.0.1", listener.port)) as caller:
        assert evidence.is_called(listener.port)
        with beside(lambda: (time.sleep(0.05), caller.sendall(b"!"))):
            assert listener.wait_for_caller()
    listener.close()
