"""Ctrl-C, restarts and kernels that are killed: nothing stays, and the kernel goes on."""

import os
import signal
import socket
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import kernels
import pytest
from front_door import SECONDS, SPINS
from kernels import Kernel

STOPPED = "stopped; nothing was left behind"


@pytest.fixture
def kernel(tmp_path: Path, temporary: Path) -> Iterator[Kernel]:
    """A kernel whose temporary files, and those of what it starts, are in `temporary`."""
    with kernels.started(tmp_path, {"TMPDIR": str(temporary)}) as kernel:
        yield kernel


@pytest.mark.parametrize("moment", ["getting it ready", "0 of"])
def test_an_interrupt_stops_the_grade_and_leaves_nothing(
    kernel: Kernel, temporary: Path, solutions: Path, moment: str
) -> None:
    """While it compiles, and while a call spins: one line, no process, no folder, no descriptor; and what was queued waits."""
    kernel.ok("1")  # what the kernel opens late is open now
    before = kernel.descriptors()
    grading = kernel.send(f"%%submit is-port-open\n{SPINS}")
    queued = kernel.send("'it ran'")
    messages = kernel.until(grading, moment)
    kernel.manager.interrupt_kernel()
    cell = kernel.finish(grading, messages)
    assert (cell.status, cell.error) == ("error", STOPPED)
    assert kernels.texts(cell)[-1].startswith("is-port-open: stopped")
    assert kernel.finish(queued).status == "aborted"
    kernel.wait_until_alone()
    assert list(temporary.iterdir()) == []
    assert kernel.descriptors() == before
    right = (solutions / "right" / "blocking.c").read_text()
    assert kernel.ok(f"%%submit is-port-open\n{right}").report["outcome"] == "passed"


def test_a_grader_that_does_not_end_by_itself_is_killed_by_a_second_interrupt(kernel: Kernel) -> None:
    """Nobody has to wait for a process that is stuck."""
    grading = kernel.send(f"%%submit is-port-open\n{SPINS}")
    messages = kernel.until(grading, "0 of")
    (grader,) = [each for each in kernel.children() if each.parent == kernel.pid]
    os.kill(grader.pid, signal.SIGSTOP)
    wait_until(grader.pid, "State", lambda state: state == "T")
    kernel.manager.interrupt_kernel()
    wait_until(grader.pid, "ShdPnd", lambda pending: int(pending, 16) & 1 << (signal.SIGTERM - 1))
    kernel.manager.interrupt_kernel()
    cell = kernel.finish(grading, messages)
    assert cell.status == "error"
    assert "stopped by force" in cell.error
    kernel.wait_until_alone()


def wait_until(pid: int, field: str, true: Callable[[str], object]) -> None:
    """Wait until what proc(5) says of a process in /proc/PID/status is so."""
    deadline = time.monotonic() + SECONDS / 4
    while True:
        lines = Path(f"/proc/{pid}/status").read_text().splitlines()
        if true(next(line for line in lines if line.startswith(f"{field}:")).split()[1]):
            return
        assert time.monotonic() < deadline, lines
        time.sleep(0.01)  # no event tells of it


def test_the_kernels_own_interrupts_are_as_before(kernel: Kernel) -> None:
    """After a grade, in the same cell, Ctrl-C ends a loop of the learner's again."""
    kernel.ok("def is_port_open(port):\n    return -1")
    code = "submit(is_port_open, only='port-0')\nprint('looping', flush=True)\nwhile True: pass"
    looping = kernel.send(code)
    messages = kernel.until_printed(looping)
    kernel.manager.interrupt_kernel()
    assert "KeyboardInterrupt" in kernel.finish(looping, messages).error


def test_a_killed_kernel_leaves_nothing(nobody_stays: None, tmp_path: Path, temporary: Path) -> None:
    """Neither a grade that was under way nor a scene outlives it, and no folder."""
    with kernels.started(tmp_path, {"TMPDIR": str(temporary)}) as kernel:
        port = int(kernel.ok("s = %scene is-port-open open-port\ns.port").text)
        kernel.until(kernel.send(f"%%submit is-port-open\n{SPINS}"), "0 of")
        os.kill(kernel.pid, signal.SIGKILL)
    deadline = time.monotonic() + SECONDS / 4
    while left := list(temporary.iterdir()):
        assert time.monotonic() < deadline, f"left behind: {left}"
        time.sleep(0.01)  # who clears away is not our child
    with socket.socket() as probe:
        assert probe.connect_ex(("127.0.0.1", port)) != 0


def test_a_restarted_kernel_has_closed_its_scene(kernel: Kernel, temporary: Path) -> None:
    """The port is free, and the folder gone, when the new one is there."""
    port = int(kernel.ok("s = %scene is-port-open open-port\ns.port").text)
    with socket.create_connection(("127.0.0.1", port)):
        pass
    kernel.manager.restart_kernel()
    kernel.client.wait_for_ready()
    kernel.wait_until_alone()
    with socket.socket() as probe:
        assert probe.connect_ex(("127.0.0.1", port)) != 0
    assert list(temporary.iterdir()) == []


def test_a_scene_survives_an_interrupt(kernel: Kernel) -> None:
    """Ctrl-C is meant for the cell that runs, not for what an earlier one opened."""
    port = int(kernel.ok("s = %scene is-port-open open-port\ns.port").text)
    looping = kernel.send("print('looping', flush=True)\nwhile True: pass")
    messages = kernel.until_printed(looping)
    kernel.manager.interrupt_kernel()
    kernel.finish(looping, messages)
    with socket.create_connection(("127.0.0.1", port)):
        pass
