"""C: a submission is compiled to a shared object in a sandbox, and once more with AddressSanitizer and UBSan. A runner loads it, to
call its function or, if it is a whole program, its main().

The exercise's header is included first, so that a wrong signature is the compiler's complaint, at the learner's line.
"""

from __future__ import annotations

import os
import resource
import time

from ..cell import native
from ..cell.launch import Driver, Launch
from ..cell.process import EXIT_NOT_STARTED, NOT_STARTED, Captured, Child
from ..cell.sandbox import INSIDE, Sandbox, Unavailable
from ..errors import HarnessError, SetupError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    from ..model import Diagnostic

suffixes = (".c",)
interpreter = False
name = "c"

_CONTROL = "known-to-be-right.c"
SELF_TEST = "int answer(int n)\n{\n    return n + 1;\n}\n"

SECONDS = 120.0
"""How long a compiler may take on a busy machine; of a processor's time it gets much less."""

_OUTPUT_LIMIT = 200_000
_WARNINGS = ("-Wall", "-Wextra")
_COMMON = (
    "-std=gnu17",
    "-g",
    *_WARNINGS,
    "-fdiagnostics-color=never",
    "-fno-diagnostics-show-caret",
    "-pipe",
    "-shared",
    "-fPIC",
)
_PLAIN = ("-Wl,-z,defs", "-Wl,-Bsymbolic")
_ASAN = "detect_leaks=0:halt_on_error=1:abort_on_error=0:exitcode=99:hard_rss_limit_mb=1024:handle_abort=0"
_LIMITS = {
    resource.RLIMIT_AS: (2 << 30, 2 << 30),
    resource.RLIMIT_CPU: (10, 10),
    resource.RLIMIT_FSIZE: (64 << 20, 64 << 20),
    resource.RLIMIT_CORE: (0, 0),
}
_SANITIZED = ("-fsanitize=address,undefined", "-fno-sanitize-recover=all", "-fno-omit-frame-pointer")


class Build:
    """A compilation under way. `launch` is known at once; `wait` says whether there will be anything to load."""

    def __init__(
        self, child: Child, said: Captured, launch: Launch, file: str, root: str, control: Callable[[], Build]
    ) -> None:
        self.launch = launch
        self._control = control  # begins to compile something that is known to be right, in the same way
        self._child = child
        self._said = said
        self._file = file
        self._root = root

    def wait(self) -> tuple[bool, tuple[Diagnostic, ...]]:
        """Whether it compiled, and the compiler's messages.

        Raises Unavailable if the sandbox could not be made, HarnessError if the compiler itself failed.
        """
        code = self._said.drain_until(self._child, time.monotonic() + SECONDS)
        text = self._said.text()
        self.cancel()
        if code == 0 and not text:
            return True, ()
        from ..model import Diagnostic  # late: 4 ms, and most compilers are silent
        from ._gcc_messages import diagnostics, disk_was_full, why_it_gave_up

        if code is None:
            return False, (Diagnostic("error", 0, 0, f"the compiler did not finish within {SECONDS:g} seconds"),)
        found = diagnostics(text, SOURCE, f"{self._root}/{SOURCE}", self._file)
        if code != 0 and _bubblewrap_says(text):
            raise Unavailable(text.strip())
        if (code == EXIT_NOT_STARTED and text.startswith(NOT_STARTED)) or (code != 0 and disk_was_full(text)):
            raise HarnessError(f"the compiler failed: {text.strip()[:500]}")
        if code < 0 and self._root == INSIDE:
            raise HarnessError(f"bubblewrap was ended by signal {-code} while the compiler ran")
        if code != 0 and not any(d.severity == "error" for d in found):
            why = why_it_gave_up(text) or f"it ended with {code}"
            if not text.strip() or not self._is_to_blame():
                raise HarnessError(f"the compiler failed: {why}")
            return False, (*found, Diagnostic("error", 0, 0, f"the compiler gave up: {why}"))
        return code == 0, found

    def _is_to_blame(self) -> bool:
        """Whether it is this file that the compiler fails on: a right one it compiles."""
        if self._file == _CONTROL:
            return False
        control = self._control()
        try:
            return control.wait()[0]
        except HarnessError:
            return False
        finally:
            control.cancel()

    def cancel(self) -> None:
        """End the compiler if it still runs, and give back what it held."""
        self._child.kill()
        self._said.close()


def _bubblewrap_says(text: str) -> bool:
    """Whether all of it is bubblewrap's own complaint. (After `#line 1 "bwrap:"` a compiler's messages begin like one.)"""
    lines = text.splitlines()
    by_compiler = ("error: ", "warning: ", "note: ", ": In ", ": At ")
    return bool(lines) and all(line.startswith("bwrap: ") and not any(w in line for w in by_compiler) for line in lines)


SOURCE = "submission.c"
PRELUDE = "contract.h"


def _without_guard(header: bytes) -> bytes:
    """The header's declarations alone: a submission may have the same header, guard and all, copied into it."""
    return b"".join(line for line in header.splitlines(keepends=True) if not line.startswith(b"#"))


def toolchain() -> str:
    """What compiles here, for the report.

    Raises SetupError if nothing does.
    """
    compiler = _compiler()
    return native.load(compiler).version or os.path.basename(compiler)


def _compiler() -> str:
    compiler = native.find_compiler()
    if compiler is None:
        raise SetupError(
            "No C compiler was found, so C submissions cannot be graded. "
            "Install one: sudo apt-get install gcc libc6-dev  (then `socklab doctor` checks the rest)"
        )
    return compiler


def begin(sandbox: Sandbox, source: bytes, file: str, header: tuple[str, bytes] | None, *, sanitized: bool) -> Build:
    """Start compiling `source`, called `file` by its author; `header` declares what the exercise asks for."""
    compiler = _compiler()
    parts = native.load(compiler)
    result = "sanitized.so" if sanitized else "plain.so"
    files = {SOURCE: source}
    flags = _SANITIZED if sanitized else (*_PLAIN, *parts.poison)
    argv = [compiler, *_COMMON, *_columns(compiler), *_linker(compiler), *flags, "-o", f"{sandbox.root}/out/{result}"]
    if header:
        files |= {header[0]: header[1], PRELUDE: _without_guard(header[1])}
        argv += ["-include", f"{sandbox.root}/{PRELUDE}"]
    argv += [f"{sandbox.root}/{SOURCE}", "-lm"]
    reading, writing = os.pipe()
    null = os.open("/dev/null", os.O_RDWR)
    try:
        child = sandbox.start(
            argv,
            files=files,
            descriptors={0: null, 1: writing, 2: writing},
            limits=_LIMITS,
            writable=True,
            user=sandbox.folder.user,
        )
    finally:
        os.close(null)
        os.close(writing)

    def control() -> Build:
        return begin(sandbox, SELF_TEST.encode(), _CONTROL, None, sanitized=sanitized)

    launch = _launch(parts, result, sanitized)
    return Build(child, Captured(reading, _OUTPUT_LIMIT), launch, file, sandbox.root, control)


def _columns(compiler: str) -> tuple[str, ...]:
    """Columns as bytes; gcc else counts a tab as eight."""
    return ("-fdiagnostics-column-unit=byte",) if "gcc" in os.path.basename(compiler) else ()


def _linker(compiler: str) -> tuple[str, ...]:
    """gold, where it comes along: with sanitizers it takes a third of the time of GNU's usual linker."""
    gold = os.path.join(os.path.dirname(compiler), "ld.gold")
    return ("-fuse-ld=gold",) if "gcc" in os.path.basename(compiler) and os.path.exists(gold) else ()


def _launch(parts: native.Native, result: str, sanitized: bool) -> Launch:
    if sanitized:
        runner = parts.sanitized or b""
        return Launch(
            name,
            argv=lambda root: [f"{root}/runner-sanitized"],
            load=lambda root: f"{root}/out/{result}",
            files={"runner-sanitized": runner},
            environment=lambda _: {"ASAN_OPTIONS": _ASAN, "UBSAN_OPTIONS": "print_stacktrace=0"},
            sanitized=True,
        )
    return Launch(
        name,
        argv=lambda root: [f"{root}/runner"],
        load=lambda root: f"{root}/out/{result}",
        files={"runner": parts.runner, "recorder.so": parts.recorder},
        environment=lambda root: {"LD_PRELOAD": f"{root}/recorder.so"},
    )


def can_sanitize() -> str:
    """Why the build with sanitizers is not to be had here; "" if it is."""
    return (
        ""
        if native.load(_compiler()).sanitized
        else "this compiler has no AddressSanitizer (on Debian it comes with gcc: libasan)"
    )


def driver(sandbox: Sandbox, source: bytes, name: str, *, program: bool) -> Driver:
    """What calls the function, or starts the program, by hand; the source lies where the debugging information says."""
    compiler = _compiler()
    parts = native.load(compiler)
    built = f"{sandbox.root}/out/plain.so"
    files = {SOURCE: source, "recorder.so": parts.recorder}
    gdb = ["-q", "-ex", "set breakpoint pending on", "-ex"]
    if program:
        argv = [f"{sandbox.root}/runner", built, name]
        start = f'#!/bin/sh\nLD_PRELOAD={sandbox.root}/recorder.so exec {" ".join(argv)} "$@"\n'
        files |= {"runner": parts.runner, "start": start.encode()}
        gdb.append(f"break {SOURCE}:main")
        environment: dict[str, str] = {}
    else:
        argv = [f"{sandbox.root}/call"]
        files["call"] = native.driver(compiler)
        gdb.append(f"break {name}")
        environment = {"SOCKLAB_SUBMISSION": built, "SOCKLAB_FUNCTION": name}
    return Driver(files, argv, environment, {"gdb": gdb, "strace": [], "ltrace": [], "valgrind": []})


def functions_in(source: str) -> list[tuple[str, int]]:
    """The functions that `source` seems to define, with their lines; for "did you mean"."""
    from . import _gcc_messages

    return _gcc_messages.functions_in(source)


def lines_of(sandbox: Sandbox, sites: list[int]) -> dict[int, int]:
    """Call sites (addresses in the plain build) -> source lines, by addr2line in the sandbox; what it cannot tell is left out."""
    program = "/usr/bin/addr2line"
    if not sites or not os.path.exists(program):
        return {}
    reading, writing = os.pipe()
    null = os.open("/dev/null", os.O_RDWR)
    argv = [program, "-e", f"{sandbox.root}/out/plain.so", *map(hex, sites)]
    child = sandbox.start(
        argv, files={}, descriptors={0: null, 1: writing, 2: null}, limits=_LIMITS, user=sandbox.folder.user
    )
    os.close(null)
    os.close(writing)
    said = Captured(reading, _OUTPUT_LIMIT)
    said.drain_until(child, time.monotonic() + SECONDS)
    child.kill()
    rows = said.text().splitlines()
    said.close()
    found: dict[int, int] = {}
    for site, row in zip(sites, rows, strict=False):
        file, _, line = row.partition(" ")[0].rpartition(":")
        if file.endswith(SOURCE) and line.isdigit():
            found[site] = int(line)
    return found
