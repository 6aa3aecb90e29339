"""The languages that submissions are written in: one module each, found by folder.

A language says by which suffixes its files are known, builds them, and tells how its runner is started. Modules whose name
ends in `_runner` are the untrusted side and are never imported here.
"""

from __future__ import annotations

import os

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Protocol

    from ..cell.launch import Driver, Launch
    from ..cell.sandbox import Sandbox
    from ..model import Diagnostic

    class Build(Protocol):
        """A submission being made ready."""

        launch: Launch

        def wait(self) -> tuple[bool, tuple[Diagnostic, ...]]:
            """Whether there is something to load, and what the compiler said."""
            ...

        def cancel(self) -> None:
            """Stop; nothing is wanted any more."""
            ...

    class Language(Protocol):
        """What each module of this package offers."""

        name: str
        suffixes: tuple[str, ...]
        interpreter: bool  # whether the sandbox must show this Python's own installation
        SELF_TEST: str  # source of a function `answer` that returns its argument plus one

        def begin(
            self,
            sandbox: Sandbox,
            source: bytes,
            file: str,
            header: tuple[str, bytes] | None,
            *,
            sanitized: bool,
        ) -> Build:
            """Start making `source` ready: a function that `header` declares, or without one a whole program.

            Raises SetupError if this machine cannot.
            """
            ...

        def toolchain(self) -> str:
            """What builds or runs submissions here."""
            ...

        def can_sanitize(self) -> str:
            """Why there is no build with sanitizers; "" if there is one."""
            ...

        def driver(self, sandbox: Sandbox, source: bytes, name: str, *, program: bool) -> Driver:
            """What calls the function of that name in `source`, or starts the whole program, once it is built, by hand."""
            ...

        def functions_in(self, source: str) -> list[tuple[str, int]]:
            """Functions that the source defines, with lines."""
            ...

        def lines_of(self, sandbox: Sandbox, sites: list[int]) -> dict[int, int]:
            """Recorded call sites -> source lines."""
            ...


def all_languages() -> list[Language]:
    """Every language, by name."""
    names = sorted(entry[:-3] for entry in os.listdir(os.path.dirname(__file__)) if entry.endswith(".py"))
    return [
        __import__(f"{__name__}.{name}", None, None, ["name"])
        for name in names
        if not name.startswith("_") and not name.endswith("_runner")
    ]


def for_file(path: str) -> Language | None:
    """The language whose suffix `path` has; None if no language has it."""
    suffix = os.path.splitext(path)[1].lower()
    return next((language for language in all_languages() if suffix in language.suffixes), None)
