"""What many tests begin with."""

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

TOP = Path(__file__).resolve().parents[2]


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
    words = ["setpriv", "--reuid=64999", "--regid=64999", "--clear-groups", "env", path, python]
    if subprocess.run([*words, "-c", "import socklab.cli"], capture_output=True).returncode != 0:
        pytest.skip("another user can run no Python of this version, or may not read this tree")
    return [*words, "-m", "socklab"]
