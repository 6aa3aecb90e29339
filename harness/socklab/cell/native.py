"""Our own C: the recorder and the runners, compiled once on this machine and kept in the user's cache.

The cache is only believed where nobody but the user could have written to it; submissions never see its path.
"""

from __future__ import annotations

import errno
import os

from ..errors import SetupError
from . import cache
from .process import Captured, spawn, which

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

SOURCES = os.path.join(os.path.dirname(__file__), "native")

SECONDS = 120.0
"""How long one of our own compilations may take; generous, since it happens once."""

_FULL = os.strerror(errno.ENOSPC)

POISON = ("-ftrivial-auto-var-init=pattern",)
"""Variables that were never set hold a pattern (gcc 12 and newer): what depends on them is wrong every time."""

# No -g: a debugger shall show the learner's lines alone.
_PLAIN = ["-std=gnu17", "-O2", "-Wall", "-Wextra"]
_PARTS = {
    "recorder.so": ["recorder.c", *_PLAIN, "-shared", "-fPIC"],
    "runner": ["runner.c", *_PLAIN],
    "runner-sanitized": ["runner.c", *_PLAIN, "-fsanitize=address,undefined"],
    "runner-poisoned": ["runner.c", *_PLAIN, *POISON],  # only made to see whether the compiler can
}


class Native:
    """The compiled parts, as bytes that can be put into any sandbox. `sanitized` is None without libasan.

    `poison`: the compiler's flags that make unset variables show, if it has such. `version`: what it says of itself.
    """

    def __init__(
        self,
        recorder: bytes,
        runner: bytes,
        sanitized: bytes | None,
        poison: tuple[str, ...],
        version: str,
    ) -> None:
        self.recorder = recorder
        self.runner = runner
        self.sanitized = sanitized
        self.poison = poison
        self.version = version


def find_compiler() -> str | None:
    """The C compiler: $CC if that is a program, else gcc, cc or clang from PATH; None if there is none."""
    for name in (os.environ.get("CC", ""), "gcc", "cc", "clang"):
        found = which(name) if name else None
        if found:
            return os.path.realpath(found) if os.path.islink(found) and "ccache" in found else found
    return None


def load(compiler: str, *, afresh: bool = False) -> Native:
    """The compiled parts, made now if this machine has none yet, or in any case with `afresh`.

    Raises SetupError if our own code does not compile here.
    """
    folder = _folder(compiler)
    if afresh:
        for name in os.listdir(folder):
            os.unlink(os.path.join(folder, name))
    made: dict[str, bytes | None] = {}
    for name, arguments in _PARTS.items():
        path = os.path.join(folder, name)
        if not os.path.exists(path) and not os.path.exists(path + ".missing"):
            _compile(compiler, arguments, path, optional=name not in ("recorder.so", "runner"))
        made[name] = cache.read(path)
    version = os.path.join(folder, "version")
    if not os.path.exists(version):
        cache.keep(version, _run([compiler, "--version"])[1].partition("\n")[0].encode())
    poison = POISON if made["runner-poisoned"] else ()
    name = (cache.read(version) or b"").decode()
    return Native(made["recorder.so"] or b"", made["runner"] or b"", made["runner-sanitized"], poison, name)


def driver(compiler: str) -> bytes:
    """`call`, which calls a submission's function by hand; made when first wanted, as few people ever do.

    It is linked with the recorder, so that the faults which that makes are met by it too, whatever it is started by.
    """
    load(compiler)  # makes the recorder
    folder = _folder(compiler)
    path = os.path.join(folder, "call")
    if not os.path.exists(path):
        beside = ["-Wl,--no-as-needed", "-L", folder, "-l:recorder.so", "-Wl,-rpath,$ORIGIN"]
        _compile(compiler, ["call.c", *_PLAIN, *beside], path, optional=False)
    return cache.read(path) or b""


def _folder(compiler: str) -> str:
    """A folder of the cache, named after all that the result depends on."""
    sources = (os.path.join(SOURCES, name) for name in sorted(os.listdir(SOURCES)))
    return cache.folder("native", (compiler, *map(cache.stamp, (compiler, *sources))))


def _compile(compiler: str, arguments: list[str], path: str, *, optional: bool) -> None:
    source, *flags = arguments
    temporary = f"{path}.{os.getpid()}"
    # Should we be stopped, what the compiler has half done lies in the cache and not among the user's temporary files.
    beside = {"TMPDIR": os.path.dirname(path)}
    code, said = _run([compiler, os.path.join(SOURCES, source), *flags, "-o", temporary], beside)
    if code != 0 and os.path.exists(temporary):
        os.unlink(temporary)
    if code == 0:
        os.replace(temporary, path)
    elif _FULL in said:
        raise SetupError(
            f"The disk is full: socklab's own {source} could not be compiled into {os.path.dirname(path)}."
        )
    elif optional and code == 1 and "terminated program" not in said:  # a compiler that was killed has shown nothing
        cache.keep(path + ".missing", b"")
    else:
        raise SetupError(
            f"{compiler} could not compile socklab's own {source}; is libc6-dev installed? `socklab doctor` tells more. {said}"
        )


def _run(argv: list[str], more: Mapping[str, str] | None = None) -> tuple[int | None, str]:
    """Run the compiler for ourselves, with `more` in its environment: its exit code and what it said."""
    import time

    reading, writing = os.pipe()
    null = os.open("/dev/null", os.O_RDWR)
    child = spawn(argv, {0: null, 1: writing, 2: writing}, environment={**os.environ, "LC_ALL": "C", **(more or {})})
    os.close(writing)
    os.close(null)
    said = Captured(reading, 100_000)
    code = said.drain_until(child, time.monotonic() + SECONDS)
    child.kill()
    said.close()
    return code, said.text()
