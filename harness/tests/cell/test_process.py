"""Starting and ending processes: exactly the descriptors given, bounded output, nothing left."""

import os
import resource
import signal
import sys
import time
from collections.abc import Callable, Mapping
from typing import Any, NoReturn

import pytest

from socklab.cell.process import Captured, forked, leave, restore_signals, spawn, which

SHOW = "import os; print(sorted(int(n) for n in os.listdir('/proc/self/fd')))"


def output_of(code: str, **options: object) -> tuple[str, int | None]:
    """What a Python program prints, and its exit code."""
    reading, writing = os.pipe()
    null = os.open("/dev/null", os.O_RDWR)
    child = spawn([sys.executable, "-S", "-c", code], {0: null, 1: writing, 2: writing, 77: null}, **options)  # type: ignore[arg-type]
    os.close(writing)
    os.close(null)
    said = Captured(reading, 1000)
    said.drain_until(child, time.monotonic() + 60)
    child.kill()
    said.close()
    return said.text(), child.status


def test_a_child_has_exactly_the_descriptors_it_was_given() -> None:
    """0, 1, 2 and 77; one more is listdir's own."""
    text, code = output_of(SHOW)
    assert code == 0
    assert text.strip() == "[0, 1, 2, 3, 77]"


def test_limits_hold_in_the_child() -> None:
    """They are set before the program starts."""
    text, _ = output_of(
        "import resource; print(resource.getrlimit(resource.RLIMIT_FSIZE))", limits={resource.RLIMIT_FSIZE: (7, 9)}
    )
    assert text.strip() == "(7, 9)"


def test_output_beyond_the_limit_is_cut_and_said_so() -> None:
    """A flood is read to its end, kept up to the limit."""
    text, code = output_of("print('x' * 1_000_000)")
    assert code == 0
    assert text == "x" * 1000 + "\n[cut after 1,000 bytes]"


def test_a_signal_shows_as_a_negative_code() -> None:
    """As waitstatus_to_exitcode gives it."""
    assert output_of("import os; os.kill(os.getpid(), 9)")[1] == -9


def test_signals_that_python_ignores_are_as_usual_in_the_child() -> None:
    """SIGPIPE ends a program that writes to nobody, as it does anywhere."""
    reading, writing = os.pipe()
    os.close(reading)
    child = spawn([which("echo") or "", "to nobody"], {1: writing}, prepare=restore_signals)
    os.close(writing)
    assert child.wait(60) == -13


def test_what_cannot_be_started_says_so() -> None:
    """Exit code 127 and the reason."""
    reading, writing = os.pipe()
    child = spawn(["/nowhere/at/all"], {2: writing})
    os.close(writing)
    said = Captured(reading, 1000)
    assert said.drain_until(child, time.monotonic() + 60) == 127
    assert "/nowhere/at/all" in said.text()
    said.close()


def test_which_finds_what_the_shell_finds() -> None:
    """By PATH or by path; None otherwise."""
    assert which("sh")
    assert which("/bin/sh") == "/bin/sh"
    assert which("no-such-program-anywhere") is None


def born(life: Callable[[], object], handlers: Mapping[int, Any]) -> int:
    """As `forked`; a child that goes on as its parent ends with 99."""
    parent = os.getpid()
    try:
        return forked(life, handlers)
    finally:
        if os.getpid() != parent:
            os._exit(99)


def raised(error: BaseException) -> NoReturn:
    """Raise it."""
    raise error


@pytest.mark.parametrize("error", [None, ValueError(), SystemExit(3), KeyboardInterrupt()], ids=repr)
def test_a_forked_child_ends_whatever_it_raises(error: BaseException | None) -> None:
    """With 1, or with 0 if it raised nothing; the signals that wait meanwhile are as before in its parent."""
    before = signal.pthread_sigmask(signal.SIG_BLOCK, [])
    pid = born(lambda: raised(error) if error else None, {signal.SIGTERM: leave})
    assert os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) == (1 if error else 0)
    assert signal.pthread_sigmask(signal.SIG_BLOCK, []) == before


def test_no_signal_lets_a_forked_child_go_on_as_its_parent() -> None:
    """Signal after signal from its first moment to its last, each of which raises SystemExit wherever it is."""

    def work() -> None:
        try:
            sum(range(2000))
        finally:
            sum(range(2000))

    codes = set[int]()
    for _ in range(100):
        pid = born(work, {signal.SIGTERM: lambda number, _: sys.exit(number)})
        ended = status = 0
        while not ended:
            os.kill(pid, signal.SIGTERM)
            ended, status = os.waitpid(pid, os.WNOHANG)
        codes.add(os.waitstatus_to_exitcode(status))
    assert codes <= {0, 1}


def test_who_leaves_is_not_interrupted_by_being_told_again() -> None:
    """What it gives back on its way out is given back whole."""
    reading, writing = os.pipe()

    def work() -> None:
        try:
            signal.raise_signal(signal.SIGTERM)
        finally:
            signal.raise_signal(signal.SIGTERM)
            os.write(writing, b"all is given back")

    pid = born(work, {signal.SIGTERM: leave})
    os.close(writing)
    with os.fdopen(reading) as said:
        assert said.read() == "all is given back"
    assert os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) == 1
