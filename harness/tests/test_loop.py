"""What the broker does while it waits: deeds are done whenever there is something to read, whatever they do to the loop."""

import os
import socket
import time
from collections.abc import Iterator

import pytest

from socklab.cell import linux
from socklab.cell.loop import READ, WRITE, Loop

MUCH = 60.0
"""Seconds that no test comes near."""


class Pipe:
    """A pipe, both ends here."""

    def __init__(self) -> None:
        self.reading, self.writing = os.pipe()

    def put(self, data: bytes = b"x") -> None:
        """Let there be something to read."""
        os.write(self.writing, data)

    def take(self) -> bytes:
        """What is there."""
        return os.read(self.reading, 100)

    def end(self) -> None:
        """Nobody writes any more."""
        if self.writing >= 0:
            os.close(self.writing)
            self.writing = -1

    def close(self) -> None:
        """Both ends."""
        self.end()
        os.close(self.reading)


@pytest.fixture
def pipes() -> Iterator[list[Pipe]]:
    """Three of them."""
    made = [Pipe() for _ in range(3)]
    yield made
    for pipe in made:
        pipe.close()


@pytest.fixture
def loop() -> Loop:
    """A fresh one."""
    return Loop()


def soon() -> float:
    """A moment that is never reached unless something hangs."""
    return time.monotonic() + MUCH


def serve(loop: Loop, rounds: int = 1) -> None:
    """Let it do what there is to do, without waiting."""
    for _ in range(rounds):
        loop.wait({}, 0.0)


def test_deeds_are_done_while_something_else_is_waited_for(loop: Loop, pipes: list[Pipe]) -> None:
    """The wait goes on after each, until what was wanted is there."""
    first, second, wanted = pipes
    done: list[bytes] = []

    def relay() -> None:
        done.append(first.take())
        second.put()

    def finish() -> None:
        done.append(second.take())
        wanted.put()

    loop.react(first.reading, relay)
    loop.react(second.reading, finish)
    first.put(b"begin")
    assert loop.wait({wanted.reading: READ}, soon()) == [wanted.reading]
    assert done == [b"begin", b"x"]


def test_a_deed_is_done_as_often_as_there_is_something_to_read(loop: Loop, pipes: list[Pipe]) -> None:
    """It is no single shot; forgotten, it is done no more, and forgetting again does nothing."""
    pipe, done = pipes[0], []
    loop.react(pipe.reading, lambda: done.append(pipe.take()))
    for _ in range(3):
        pipe.put()
        serve(loop)
    assert len(done) == 3
    loop.forget(pipe.reading)
    loop.forget(pipe.reading)
    pipe.put()
    serve(loop)
    assert len(done) == 3


def test_time_runs_out_however_busy_it_is_kept(loop: Loop, pipes: list[Pipe]) -> None:
    """A deed whose descriptor can always be read does not keep anybody from the clock."""
    busy, wanted, _ = pipes
    turns: list[int] = []
    loop.react(busy.reading, lambda: turns.append(1))
    busy.put()
    assert loop.wait({wanted.reading: READ}, time.monotonic() + 0.02) == []
    assert turns


def test_what_is_ready_is_told_even_when_time_has_run_out_already(loop: Loop, pipes: list[Pipe]) -> None:
    """One look is always taken."""
    pipes[0].put()
    assert loop.wait({pipes[0].reading: READ}, 0.0) == [pipes[0].reading]
    assert loop.wait({pipes[1].reading: READ}, 0.0) == []


def test_all_that_are_ready_are_told(loop: Loop, pipes: list[Pipe]) -> None:
    """Each for what it was wanted for."""
    first, second, _ = pipes
    first.put()
    wanted = {first.reading: READ, second.reading: READ, second.writing: WRITE}
    assert sorted(loop.wait(wanted, soon())) == sorted([first.reading, second.writing])


def test_an_end_is_told_as_ready(loop: Loop, pipes: list[Pipe]) -> None:
    """Whoever waits for a process that is gone shall not wait for ever."""
    pipes[0].end()
    assert loop.wait({pipes[0].reading: READ}, soon()) == [pipes[0].reading]


def test_what_was_wanted_is_left_alone_afterwards(loop: Loop, pipes: list[Pipe]) -> None:
    """It can be wanted again, and nobody is told of it where it is not wanted."""
    pipes[0].put()
    for _ in range(2):
        assert loop.wait({pipes[0].reading: READ}, soon()) == [pipes[0].reading]
        assert loop._poller.poll(0) == []
    assert loop.wait({pipes[1].reading: READ}, 0.0) == []


def test_a_deed_that_raises_leaves_the_loop_as_it_was(loop: Loop, pipes: list[Pipe]) -> None:
    """The error reaches whoever waits; what was wanted is not watched any more."""
    first, wanted, _ = pipes

    def fail() -> None:
        first.take()
        raise ValueError("of its own")

    loop.react(first.reading, fail)
    first.put()
    with pytest.raises(ValueError, match="of its own"):
        loop.wait({wanted.reading: READ}, soon())
    wanted.put()
    assert loop._poller.poll(0) == []
    assert loop.wait({wanted.reading: READ}, soon()) == [wanted.reading]


# -- deeds that change what is watched -------------------------------------------------------------------------------


def test_a_deed_that_says_false_has_no_more_to_do(loop: Loop, pipes: list[Pipe]) -> None:
    """What comes there later concerns nobody; it can still be forgotten, and be reacted to anew."""
    pipe, done = pipes[0], []

    def once() -> bool:
        done.append(1)
        return False

    loop.react(pipe.reading, once)
    pipe.put()
    serve(loop, 3)
    assert done == [1]
    loop.forget(pipe.reading)
    loop.react(pipe.reading, once)
    serve(loop)
    assert done == [1, 1]


def test_a_deed_may_forget_itself(loop: Loop, pipes: list[Pipe]) -> None:
    """Whether it then says that it has more to do or not."""
    for pipe, more in zip(pipes, (None, False, True), strict=True):
        done: list[int] = []

        def once(pipe: Pipe = pipe, done: list[int] = done, more: object = more) -> object:
            done.append(1)
            loop.forget(pipe.reading)
            return more

        loop.react(pipe.reading, once)
        pipe.put()
        serve(loop, 3)
        assert done == [1]


def test_a_deed_may_forget_another_that_is_due_in_the_same_round(loop: Loop, pipes: list[Pipe]) -> None:
    """That one is not done, in whichever order the kernel tells of them."""
    first, second, _ = pipes
    done: list[Pipe] = []
    for own, other in ((first, second), (second, first)):

        def only_one(own: Pipe = own, other: Pipe = other) -> None:
            done.append(own)
            own.take()
            loop.forget(other.reading)

        loop.react(own.reading, only_one)
        own.put()
    serve(loop, 3)
    assert len(done) == 1


def test_a_deed_may_add_another(loop: Loop, pipes: list[Pipe]) -> None:
    """It is served in the same wait."""
    first, second, wanted = pipes

    def add() -> None:
        first.take()
        loop.react(second.reading, lambda: (second.take(), wanted.put()))
        second.put()

    loop.react(first.reading, add)
    first.put()
    assert loop.wait({wanted.reading: READ}, soon()) == [wanted.reading]


def test_the_end_of_a_deeds_descriptor_does_not_keep_the_loop_busy(loop: Loop, pipes: list[Pipe]) -> None:
    """Words before the end are read; then poll() would tell of the end for ever."""
    pipe, done = pipes[0], []
    loop.react(pipe.reading, lambda: done.append(pipe.take()))
    pipe.put(b"last words")
    pipe.end()
    serve(loop, 3)
    assert b"".join(done) == b"last words"
    assert loop._poller.poll(0) == []
    loop.forget(pipe.reading)


def test_a_socket_that_has_ended_is_served_as_long_as_its_deed_likes(loop: Loop) -> None:
    """End of file can be read there, unlike on a pipe: the deed is asked, and says that it has no more to do."""
    here, there = socket.socketpair()
    with here, there:
        got: list[bytes] = []

        def read() -> bool:
            got.append(here.recv(100))
            return bool(got[-1])

        loop.react(here.fileno(), read)
        there.send(b"words")
        there.shutdown(socket.SHUT_WR)
        serve(loop, 5)
        assert got == [b"words", b""]
        loop.forget(here.fileno())


def test_timers_are_served_as_they_fall_due(loop: Loop) -> None:
    """One that was started anew, too."""
    slow, fast = linux.timer(MUCH), linux.timer(0.002)
    struck: list[int] = []
    try:

        def strike() -> None:
            struck.append(len(os.read(fast, 8)))
            if len(struck) == 3:
                linux.start_timer(slow, 0.001)

        loop.react(fast, strike)
        assert loop.wait({slow: READ}, soon()) == [slow]
        assert struck[:3] == [8, 8, 8]
    finally:
        os.close(slow)
        os.close(fast)
