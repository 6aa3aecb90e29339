"""The tree itself: agreed style is a test that runs."""

import os
import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
BIN = Path(sys.executable).parent
ALLOWED = {"exercises", "solutions", "harness", "notebooks", "pyproject.toml", "README.md"}


def tool(name: str, *words: str) -> subprocess.CompletedProcess[str]:
    """Run one of the development tools of this environment on the tree."""
    return subprocess.run([str(BIN / name), *words], cwd=ROOT, capture_output=True, text=True, timeout=300)


def tracked() -> list[str]:
    """The files that belong to the project: those git knows or would add."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        text=True,
    )
    if listed.returncode != 0:  # an unpacked archive is all project
        return [str(path.relative_to(ROOT)) for path in ROOT.rglob("*") if path.is_file() and ".venv" not in path.parts]
    return [name for name in listed.stdout.split("\0") if name and (ROOT / name).is_file()]


def test_imports_point_one_way() -> None:
    """No module imports one of a higher layer; the layers stand in pyproject.toml."""
    ran = tool("lint-imports", "--no-cache")
    assert ran.returncode == 0, ran.stdout


def test_ruff_finds_nothing() -> None:
    """Style and the usual mistakes."""
    ran = tool("ruff", "check", "--no-cache", "harness", "exercises")
    assert ran.returncode == 0, ran.stdout


def test_everything_is_formatted() -> None:
    """The formatter would change nothing."""
    ran = tool("ruff", "format", "--no-cache", "--check", "harness", "exercises")
    assert ran.returncode == 0, ran.stdout


def test_types_hold() -> None:
    """Pyright finds no error."""
    ran = tool("pyright")
    assert ran.returncode == 0, ran.stdout


def test_the_top_level_is_the_clients() -> None:
    """Six names, and dot-files."""
    names = {name.split("/")[0] for name in tracked()}
    assert {name for name in names if not name.startswith(".")} <= ALLOWED


def test_no_path_or_host_of_a_machine_is_named() -> None:
    """Neither home folders nor registries stand in any file."""
    forbidden = re.compile(
        r"(^|[^\w./])/(root|home)/\w|" + "|".join(map(re.escape, ("pypi" + ".org", "npmjs" + ".org"))), re.MULTILINE
    )
    guilty = [name for name in tracked() if forbidden.search((ROOT / name).read_text("utf-8", "replace"))]
    assert guilty == []


def test_our_own_c_compiles_without_a_warning(tmp_path: Path) -> None:
    """The recorder and the runners are plain C17."""
    native = ROOT / "harness" / "socklab" / "cell" / "native"
    flags = ["-std=gnu17", "-Wall", "-Wextra", "-Werror", "-fPIC", "-c"]
    for source in sorted(native.glob("*.c")):
        ran = subprocess.run(["gcc", *flags, str(source), "-o", str(tmp_path / "x.o")], capture_output=True, text=True)
        assert ran.returncode == 0, ran.stderr


def test_broker_and_recorder_agree_on_their_memory(tmp_path: Path) -> None:
    """The C structures have the sizes and offsets that the Python side decodes."""
    from socklab.cell import protocol, recorder

    source = tmp_path / "layout.c"
    source.write_text(
        '#include "record.h"\n#include "protocol.h"\n#include <stddef.h>\n#include <stdio.h>\n'
        'int main(void) { printf("%zu %zu %zu %zu %zu %d %zu %zu %zu\\n", sizeof(struct record_header),'
        " sizeof(struct record_event), offsetof(struct record_header, close_errno), offsetof(struct record_header, connect_errno),"
        " offsetof(struct record_header, crash_signal), RECORD_CAPACITY, sizeof(struct request), sizeof(struct reply),"
        " sizeof(struct result)); }\n"
    )
    native = ROOT / "harness" / "socklab" / "cell" / "native"
    subprocess.run(["gcc", "-I", str(native), str(source), "-o", str(tmp_path / "layout")], check=True)
    printed = subprocess.run([str(tmp_path / "layout")], capture_output=True, text=True, check=True).stdout.split()
    ours = [
        recorder._HEADER.size,
        recorder._EVENT.size,
        recorder._FAULTS_AT,
        recorder._FAULTS_AT + 4,
        recorder._CRASH_SIGNAL,
    ]
    ours += [recorder.CAPACITY, protocol._REQUEST.size, protocol._REPLY.size, protocol._RESULT.size]
    assert [int(number) for number in printed] == ours


def test_ci_runs_the_readmes_test_command() -> None:
    """What CI runs is what the README tells people to run."""
    assert "python3 harness test" in (ROOT / ".ci" / "run").read_text()
    assert "python3 harness test" in (ROOT / "README.md").read_text()
    assert os.access(ROOT / ".ci" / "run", os.X_OK)
