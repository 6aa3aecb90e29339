"""What many tests begin with."""

import contextlib
import os
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from chromium import CHROMIUM, FLAGS
from front_door import descendants

from socklab.cell import linux

if TYPE_CHECKING:
    from playwright.sync_api import Browser

_PR_SET_CHILD_SUBREAPER = 36

SECONDS_TO_END = 10.0
"""What is killed is gone a moment later; on a busy machine a longer one."""

TOP = Path(__file__).resolve().parents[2]

os.environ["SOCKLAB_HISTORY"] = "off"
"""What tests hand in is not what this machine's user did; the tests of the history turn it on, in a folder of theirs."""


if signal.getsignal(signal.SIGINT) == signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)  # whoever is started in the background is deaf to Ctrl-C
if signal.getsignal(signal.SIGHUP) == signal.SIG_IGN:
    signal.signal(signal.SIGHUP, signal.SIG_DFL)  # and by nohup(1), to the end of a terminal


@pytest.fixture(scope="session")
def exercises() -> Path:
    """The exercises of this checkout."""
    return TOP / "exercises"


@pytest.fixture(scope="session")
def solutions() -> Path:
    """The right and wrong solutions of is-port-open."""
    return TOP / "solutions" / "is-port-open"


@pytest.fixture
def right_c(solutions: Path, tmp_path: Path) -> Path:
    """A right solution, as is_port_open.c in tmp_path."""
    return Path(shutil.copyfile(solutions / "right" / "blocking.c", tmp_path / "is_port_open.c"))


@pytest.fixture
def right_py(solutions: Path, tmp_path: Path) -> Path:
    """A right solution, as is_port_open.py in tmp_path."""
    return Path(shutil.copyfile(solutions / "right" / "blocking.py", tmp_path / "is_port_open.py"))


@pytest.fixture
def failing_c(exercises: Path, tmp_path: Path) -> Path:
    """A solution that fails, as failing.c in tmp_path."""
    return Path(shutil.copyfile(exercises / "is-port-open" / "starter.c", tmp_path / "failing.c"))


@pytest.fixture
def ungradable_c(tmp_path: Path) -> Path:
    """A solution that does not compile, as ungradable.c in tmp_path."""
    path = tmp_path / "ungradable.c"
    path.write_text("int is_port_open(int port)\n{\n    return 1\n}\n")
    return path


@pytest.fixture(scope="module")
def browser() -> Iterator["Browser"]:
    """A browser for the tests of one file: Playwright stands no second one beside it."""
    from playwright.sync_api import sync_playwright

    with (
        sync_playwright() as playwright,
        contextlib.closing(playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)) as chromium,
    ):
        yield chromium


@pytest.fixture
def temporary() -> Iterator[Path]:
    """A folder for the command's temporary files that, like /tmp, every user may enter."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder)
        path.chmod(0o1777)
        yield path


@pytest.fixture
def as_another_user() -> list[str]:
    """The command as a user who is neither root nor has any other process: by the system's Python, which all may run."""
    if os.geteuid() != 0:
        pytest.skip("only root can become another user")
    packages = next(TOP.glob(".venv/lib/python3.*/site-packages"), None)
    python = f"/usr/bin/{packages.parent.name}" if packages else "none"
    path = f"PYTHONPATH={TOP / 'harness'}:{packages}"
    user = 1_000_000_000 + os.getpid()  # tests at the same time are different users, or they would share a limit
    words = ["setpriv", f"--reuid={user}", f"--regid={user}", "--clear-groups", "env", path, python]
    if subprocess.run([*words, "-c", "import socklab.cli"], capture_output=True).returncode != 0:
        pytest.skip("another user can run no Python of this version, or may not read this tree")
    return [*words, "-m", "socklab"]


@pytest.fixture
def nobody_stays() -> Iterator[None]:
    """What a command leaves behind becomes our child (prctl(2), PR_SET_CHILD_SUBREAPER), and must end by itself and soon."""
    before = {p.pid for p in descendants(os.getpid())}
    assert linux.libc().prctl(_PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0) == 0
    try:
        yield
        deadline = time.monotonic() + SECONDS_TO_END
        while left := [p for p in descendants(os.getpid()) if p.pid not in before]:
            for each in left:
                if each.parent == os.getpid():
                    os.waitpid(each.pid, os.WNOHANG)
            assert time.monotonic() < deadline, f"left behind: {left}"
            time.sleep(0.01)  # no event tells of the end of what is not our child
    finally:
        linux.libc().prctl(_PR_SET_CHILD_SUBREAPER, 0, 0, 0, 0)
