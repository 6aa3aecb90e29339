"""Python: a submission is loaded as it is, by the interpreter that runs socklab, without its site-packages."""

from __future__ import annotations

import marshal
import os
import sys

from ..cell import cache, native
from ..cell.launch import Driver, Launch
from ..cell.sandbox import Sandbox

TYPE_CHECKING = False
if TYPE_CHECKING:
    from ..model import Diagnostic

name = "python"
suffixes = (".py",)
interpreter = True

SELF_TEST = "def answer(n):\n    return n + 1\n"

SOURCE = "submission.py"
_RUNNER = os.path.join(os.path.dirname(__file__), "python_runner.py")


class Build:
    """Nothing is built: what can be wrong with the file shows when it is loaded."""

    def __init__(self, launch: Launch) -> None:
        self.launch = launch

    def wait(self) -> tuple[bool, tuple[Diagnostic, ...]]:
        """Always ready, without a message."""
        return True, ()

    def cancel(self) -> None:
        """Nothing runs."""


def toolchain() -> str:
    """Which Python runs submissions, for the report."""
    return f"{sys.implementation.name} {sys.version.split()[0]}"


def begin(
    sandbox: Sandbox,
    source: bytes,
    file: str,
    header: tuple[str, bytes] | None,
    *,
    sanitized: bool,
) -> Build:
    """A launch of the runner with `source`; a whole program is run by it too."""
    compiler = native.find_compiler()
    files = {"recorder.so": native.load(compiler).recorder} if compiler else {}
    files |= {"runner.pyc": _runner(), SOURCE: source}
    executable = os.path.realpath(sys.executable)
    return Build(
        Launch(
            name,
            argv=lambda root: [executable, "-I", "-S", "-B", f"{root}/runner.pyc"],
            load=lambda root: f"{root}/{SOURCE}",
            files=files,
            environment=lambda root: {"LD_PRELOAD": f"{root}/recorder.so"} if compiler else {},
        )
    )


def _runner() -> bytes:
    """The runner's bytecode, as py_compile lays it out, made once on this machine: each interpreter would take 5 ms for it.

    Raises SetupError if it cannot be kept.
    """
    path = os.path.join(cache.folder("python", (sys.version, cache.stamp(_RUNNER))), "runner.pyc")
    kept = cache.read(path)
    if kept is None:
        from importlib.util import MAGIC_NUMBER  # late: it takes as long to load as all the rest of this

        with open(_RUNNER, "rb") as source:
            code = compile(source.read(), "runner.py", "exec")
        about_the_source = bytes(12)  # which nobody asks for here
        kept = MAGIC_NUMBER + about_the_source + marshal.dumps(code)
        cache.keep(path, kept)
    return kept


def can_sanitize() -> str:
    """Python has no build with sanitizers."""
    return "Python needs no sanitizers"


_CALL = """\
import ctypes, mmap, os, sys

sys.path[:0] = [os.environ["SOCKLAB_FOLDER"]]
sys.dont_write_bytecode = True
name = os.environ["SOCKLAB_FUNCTION"]
arguments = [int(word) for word in sys.argv[1:] if not word.startswith("errno=")]
stale = next((int(word[6:]) for word in sys.argv[1:] if word.startswith("errno=")), 0)
try:
    spare = os.dup(0)
    os.close(spare)
    memory = mmap.mmap(1001, 0)  # the recorder's (native/record.h): it makes its faults only while it is told to
    os.close(spare)  # mmap's duplicate; the first socket shall be 3
except (OSError, ValueError):
    memory = bytearray(8)
import submission

function = getattr(submission, name)
ctypes.set_errno(stale)
memory[4] = 1
try:
    answer = function(*arguments)
finally:
    memory[4] = 0
print(f"{name}({', '.join(map(str, arguments))}) = {answer!r}")
"""
"""Calls a submission's function by hand; what native/call.c is for C."""


def driver(sandbox: Sandbox, source: bytes, name: str, *, program: bool) -> Driver:
    """What calls the function, or starts the program, by hand; `python3` is this interpreter, with the recorder if there is one."""
    compiler = native.find_compiler()
    python = os.path.realpath(sys.executable)
    preloaded = f"LD_PRELOAD={sandbox.root}/recorder.so " if compiler else ""
    files = {
        "python3": f'#!/bin/sh\n{preloaded}exec {python} "$@"\n'.encode(),
        SOURCE: source,
    }
    argv = [f"{sandbox.root}/python3"]
    if program:
        argv.append(f"{sandbox.root}/{name}.py")
        files[f"{name}.py"] = source
    else:
        argv.append(f"{sandbox.root}/call.py")
        files["call.py"] = _CALL.encode()
    files["start" if program else "call"] = f'#!/bin/sh\nexec {" ".join(argv)} "$@"\n'.encode()
    if compiler:
        files["recorder.so"] = native.load(compiler).recorder
    gdb = ["-q", *(["-iex", f"set environment LD_PRELOAD {sandbox.root}/recorder.so"] if compiler else [])]
    return Driver(
        files,
        argv,
        {"SOCKLAB_FOLDER": sandbox.root, "SOCKLAB_FUNCTION": name},
        {"gdb": gdb, "strace": [], "ltrace": [], "python3": []},
    )


def functions_in(source: str) -> list[tuple[str, int]]:
    """The functions that `source` defines at its left margin, with their lines; for "did you mean"."""
    found: list[tuple[str, int]] = []
    for number, line in enumerate(source.split("\n"), 1):
        words = line.split("(")[0].split()
        if words[:1] == ["async"]:
            words = words[1:]
        if len(words) == 2 and words[0] == "def" and not line[0].isspace():
            found.append((words[1], number))
    return found


def lines_of(sandbox: Sandbox, sites: list[int]) -> dict[int, int]:
    """The recorder knows Python's lines itself."""
    return {}
