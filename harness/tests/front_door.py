"""The command as a learner meets it: a process of its own, judged by what it prints, leaves behind and ends with."""

import fcntl
import json
import os
import pty
import select
import signal
import socket
import subprocess
import sys
import termios
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, NamedTuple

SECONDS = 120.0
"""How long anything may take before it counts as hanging; generous, since many tests may run at once."""

COMMAND = (sys.executable, "-m", "socklab")

OWN_FAULT = "an error of its own"
"""What the command says of an error that nobody foresaw."""

SPINS = "int is_port_open(int port)\n{\n    volatile int turns = port;\n    for (;;)\n        turns++;\n}\n"
"""A submission whose every call has to be ended by force."""


class Answer(NamedTuple):
    """What a command ended with and printed."""

    code: int
    out: str
    err: str


def socklab(
    *words: str | Path,
    cwd: Path,
    env: Mapping[str, str | None] | None = None,
    timeout: float = SECONDS,
    before: Sequence[str] = (),
) -> Answer:
    """Run the command to its end. `env`: changes, None removes; `before`: words in front, such as as_ordinary_user()."""
    return run(*before, *COMMAND, *map(str, words), cwd=cwd, env=env, timeout=timeout)


def run(*argv: str, cwd: Path, env: Mapping[str, str | None] | None = None, timeout: float = SECONDS) -> Answer:
    """Run any program to its end; whatever happens, no learner is shown a traceback."""
    done = subprocess.run(
        argv, cwd=cwd, env=changed(env), stdin=subprocess.DEVNULL, capture_output=True, timeout=timeout
    )
    answer = Answer(done.returncode, *(text.decode("utf-8", "backslashreplace") for text in (done.stdout, done.stderr)))
    for mishap in ("Traceback (most", OWN_FAULT):
        assert mishap not in answer.out + answer.err, answer.out + answer.err
    return answer


def changed(env: Mapping[str, str | None] | None = None) -> dict[str, str]:
    """Our environment without what would colour the answers, and with the changes of `env`."""
    plain = {
        k: v
        for k, v in os.environ.items()
        if k not in ("NO_COLOR", "FORCE_COLOR", "COLUMNS") and not k.startswith("PYTEST")
    }
    return {k: v for k, v in {**plain, **(env or {})}.items() if v is not None}


def reports(*words: str | Path, cwd: Path, env: Mapping[str, str | None] | None = None) -> list[dict[str, Any]]:
    """The reports of `socklab check … --format json`."""
    answer = socklab("check", "--format", "json", *words, cwd=cwd, env=env)
    return json.loads(answer.out)["reports"]


def assert_refused(answer: Answer, code: int, *parts: str) -> None:
    """Nothing was shown but one line on standard error, with all of `parts` in it."""
    assert answer.out == ""
    assert_complains(answer, code, *parts)


def assert_complains(answer: Answer, code: int, *parts: str) -> None:
    """Standard error is one line with all of `parts` in it, and the exit code is `code`."""
    assert (answer.code, answer.err.count("\n")) == (code, 1), answer
    assert OWN_FAULT not in answer.err
    assert answer.err.startswith("socklab: ")
    assert_printable(answer.err)
    for part in parts:
        assert part in answer.err


def assert_wrong_usage(answer: Answer, *parts: str) -> None:
    """The usage was shown and, as the last line, a complaint with all of `parts` in it."""
    assert (answer.code, answer.out) == (2, ""), answer
    assert_printable(answer.err)
    last = answer.err.splitlines()[-1]
    for part in ("error: ", *parts):
        assert part in last


def assert_printable(text: str) -> None:
    """Nothing in `text` steers the terminal that shows it."""
    assert [c for c in text if (ord(c) < 32 and c != "\n") or ord(c) == 127] == []


def as_ordinary_user() -> list[str]:
    """Words that run a command with the rights of an ordinary user who owns our files; root needs them, others are one."""
    return [] if os.geteuid() else ["unshare", "--user", "--map-user=1000", "--map-group=1000", "--"]


# -- commands under way ----------------------------------------------------------------------------------------------


@contextmanager
def started(
    *words: str | Path,
    cwd: Path,
    env: Mapping[str, str | None] | None = None,
    before: Sequence[str] = (),
    stdin: int = subprocess.DEVNULL,
) -> Iterator[subprocess.Popen[str]]:
    """A command under way, leader of its own process group; ended at the end if it has not ended by then."""
    pipe = subprocess.PIPE
    process = subprocess.Popen(
        [*before, *COMMAND, *map(str, words)],
        cwd=cwd,
        env=changed(env),
        stdin=stdin,
        stdout=pipe,
        stderr=pipe,
        text=True,
        process_group=0,
    )
    with process:
        try:
            yield process
        finally:
            end(process)


def end(process: subprocess.Popen[Any]) -> None:
    """End `process` if it has not ended: first as Ctrl-C does, so that it can clear up."""
    if process.poll() is None:
        process.send_signal(signal.SIGINT)
        try:
            process.wait(SECONDS / 4)
        except subprocess.TimeoutExpired:
            process.kill()


def wait_until(true: Callable[[], bool], process: subprocess.Popen[Any], what: str) -> None:
    """Wait for something that shows only when one looks; fails if `process` ends first or time runs out."""
    deadline = time.monotonic() + SECONDS
    while not true():
        assert time.monotonic() < deadline, f"it took too long: {what}"
        try:
            process.wait(0.001)
        except subprocess.TimeoutExpired:
            continue
        raise AssertionError(f"the command ended with {process.returncode} before: {what}")


class Process(NamedTuple):
    """A line of /proc/PID/stat."""

    pid: int
    name: str
    parent: int
    ticks: int


def descendants(pid: int) -> list[Process]:
    """All that `pid` has started, and what those have started."""
    everybody: list[Process] = []
    for entry in filter(str.isdigit, os.listdir("/proc")):
        try:
            line = Path("/proc", entry, "stat").read_text(errors="replace")
        except OSError:
            continue
        name, _, rest = line.partition("(")[2].rpartition(")")
        fields = rest.split()
        everybody.append(Process(int(entry), name, int(fields[1]), int(fields[11]) + int(fields[12])))
    family = {pid}
    while more := {p.pid for p in everybody if p.parent in family} - family:
        family |= more
    return [p for p in everybody if p.pid in family - {pid}]


def listens(port: int) -> bool:
    """Whether the port can be connected to: some servers tell their address a moment earlier."""
    with socket.socket() as caller:
        return caller.connect_ex(("127.0.0.1", port)) == 0


def wait_until_busy(process: subprocess.Popen[Any], name: str) -> None:
    """Wait until `process` has a descendant called `name…` that computes."""
    wait_until(
        lambda: any(p.name.startswith(name) and p.ticks >= 5 for p in descendants(process.pid)),
        process,
        f"a busy {name}",
    )


@contextmanager
def all_end(process: subprocess.Popen[Any]) -> Iterator[list[Process]]:
    """What `process` has started; when the block is left, waits until none of it is there any more."""
    family = descendants(process.pid)
    handles = {}
    for member in family:
        with suppress(ProcessLookupError):  # it has ended by itself meanwhile
            handles[os.pidfd_open(member.pid)] = member
    try:
        yield family
        deadline = time.monotonic() + SECONDS / 4
        for handle, member in handles.items():
            ended, _, _ = select.select([handle], [], [], max(0.0, deadline - time.monotonic()))
            assert ended, f"{member} was left behind"
    finally:
        for handle in handles:
            os.close(handle)


# -- commands at a terminal ------------------------------------------------------------------------------------------

CLEAR = "\x1b[2J\x1b[3J\x1b[H"


class Terminal:
    """A command at a terminal of its own."""

    def __init__(self, *words: str | Path, cwd: Path, env: Mapping[str, str | None] | None = None) -> None:
        self._shown = b""
        self._here, there = pty.openpty()
        self.process = subprocess.Popen(
            [*COMMAND, *map(str, words)],
            cwd=cwd,
            env=changed({"TERM": "xterm", **(env or {})}),
            stdin=there,
            stdout=there,
            stderr=there,
            preexec_fn=_take_terminal,
        )
        os.close(there)

    @property
    def text(self) -> str:
        """All that was shown."""
        return self._shown.decode("utf-8", "replace").replace("\r\n", "\n")

    @property
    def screens(self) -> list[str]:
        """What was shown between one clearing of the screen and the next."""
        return self.text.split(CLEAR)[1:]

    def wait_for(self, true: Callable[[], bool]) -> None:
        """Read until `true()`."""
        deadline = time.monotonic() + SECONDS / 2
        while not true():
            assert select.select([self._here], [], [], max(0.0, deadline - time.monotonic()))[0], (
                f"not shown:\n…{self.text[-1500:]}"
            )
            assert self._read(), f"it ended early:\n…{self.text[-1500:]}"

    def wait_for_screen(self, *parts: str) -> str:
        """Read until the last screen is complete and has all of `parts` in it; that screen."""

        def there() -> bool:
            return bool(self.screens) and all(part in self.screens[-1] for part in (*parts, "Ctrl-C to stop"))

        self.wait_for(there)
        return self.screens[-1]

    def type(self, keys: str) -> None:
        """Press `keys`; the terminal turns Ctrl-C, "\x03", into SIGINT."""
        os.write(self._here, keys.encode())

    def wait_for_end(self) -> int:
        """Read to the end; the exit code."""
        while self._read():
            pass
        assert "Traceback" not in self.text
        return self.process.wait(SECONDS)

    def _read(self) -> bool:
        try:
            part = os.read(self._here, 65536)
        except OSError:  # EIO: nobody has the other end open any more
            return False
        self._shown += part
        return bool(part)

    def __enter__(self) -> "Terminal":
        return self

    def __exit__(self, *_: object) -> None:
        end(self.process)
        self.process.wait()
        os.close(self._here)


def _take_terminal() -> None:
    os.setsid()
    fcntl.ioctl(0, termios.TIOCSCTTY, 0)
