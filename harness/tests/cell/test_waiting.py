"""The time limits with which a process's threads wait, told from outside, for each way in which one can be set."""

import os
import select
import subprocess
import sys
from collections.abc import Iterator

import pytest

from socklab.cell import evidence, waiting

PREPARE = """
import asyncio, ctypes, select, socket, struct, sys, threading
near, far = socket.socketpair()
def limited(option):
    near.setsockopt(socket.SOL_SOCKET, option, struct.pack("@ll", 7, 500000))
def timer(seconds):
    made = ctypes.CDLL(None).timerfd_create(1, 0)
    assert made >= 0
    when = struct.pack("@qqqq", 0, 0, int(seconds), int(seconds % 1 * 10**9))
    assert ctypes.CDLL(None).timerfd_settime(made, 0, when, None) == 0
    return made
def full():
    near.setblocking(False)
    try:
        while near.send(bytes(1 << 20)):
            pass
    except BlockingIOError:
        near.setblocking(True)
"""
WAYS = {
    "poll": ("p = select.poll(); p.register(near, 1); p.poll(7500)", [7.5]),
    "epoll_wait": ("e = select.epoll(); e.register(near, 1); e.poll(7.5)", [7.5]),
    "select": ("select.select([near], [], [], 7.5)", [7.5]),
    "settimeout": ("near.settimeout(7.5); near.recv(1)", [7.5]),
    "asyncio": ("asyncio.run(asyncio.wait_for(asyncio.Event().wait(), 7.5))", [7.5]),
    "receiving": ("limited(socket.SO_RCVTIMEO); near.recv(1)", [7.5]),
    "sending, a part at a time": ("limited(socket.SO_SNDTIMEO); full(); near.send(bytes(9))", [30.0]),
    "another thread": ("threading.Event().wait(7.5)", [7.5]),
    "another thread, for ever": ("threading.Event().wait()", []),
    "a limit for the other direction": ("limited(socket.SO_SNDTIMEO); near.recv(1)", []),
    "a timer": ("select.select([timer(7.5)], [], [])", [7.5]),
    "a timer that is not set": ("select.select([timer(0)], [], [])", []),
    "recv for ever": ("near.recv(1)", []),
    "poll for ever": ("p = select.poll(); p.register(near, 1); p.poll()", []),
    "select for ever": ("select.select([near], [], [])", []),
    "no socket": ("sys.stdin.read()", []),
}


@pytest.fixture
def waiter(request: pytest.FixtureRequest) -> Iterator[subprocess.Popen[bytes]]:
    """A process that waits in the way asked for."""
    argv = [sys.executable, "-c", f"{PREPARE}\nsys.stdout.write('.'); sys.stdout.flush()\n{request.param}"]
    with subprocess.Popen(argv, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        assert process.stdout
        process.stdout.read(1)
        try:
            yield process
        finally:
            process.kill()


@pytest.mark.parametrize(("waiter", "limits"), WAYS.values(), ids=WAYS, indirect=["waiter"])
def test_a_time_limit_is_known_from_outside(waiter: subprocess.Popen[bytes], limits: list[float]) -> None:
    """In seconds; those who wait for ever have none."""
    while not evidence.asleep(waiter.pid) or (limits and not waiting.time_limits(waiter.pid)):
        assert waiter.poll() is None
        select.select([], [], [], 0.001)  # nothing tells of a call that has begun to wait
    before = os.listdir("/proc/self/fd")
    found = waiting.time_limits(waiter.pid)
    assert len(found) == len(limits)
    asked = str(waiter.args).rpartition("\\n")[2]
    for limit, wanted in zip(found, limits, strict=True):
        # Where a moment is set there is a little less each time, on a busy machine not so little.
        slack = 5 if any(way in asked for way in (".wait(", "timer(")) else 0.01
        assert wanted - slack < limit < wanted + 0.01
    assert os.listdir("/proc/self/fd") == before


def test_of_a_process_that_is_gone_nothing_is_known() -> None:
    """It may end while it is looked at."""
    with subprocess.Popen(["true"]) as process:
        process.wait()
        assert waiting.time_limits(process.pid) == []
