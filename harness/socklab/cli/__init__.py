"""The command line: `socklab COMMAND …`.

Each command imports what it needs when it runs, so that `check` has a compiler at work before the rest of socklab is
loaded. Errors that socklab raises on purpose become one line on standard error and their exit code.
"""

import argparse
import errno
import importlib
import os
import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING

from .. import __version__, i18n
from ..errors import SetupError, SocklabError, UsageError, own_fault
from ..i18n import tr
from .parsing import EXIT_CODES, Help, Parser, complain

if TYPE_CHECKING:
    from ..workshop import Workshop

_COMMANDS = {
    "list": "learner",
    "next": "learner",
    "start": "learner",
    "check": "learner",
    "watch": "learner",
    "serve": "learner",
    "notebooks": "learner",
    "grade": "instructor",
    "gradebook": "instructor",
    "export": "instructor",
    "similar": "instructor",
    "replay": "looking",
    "scene": "looking",
    "run": "looking",
    "doctor": "upkeep",
    "dev": "upkeep",
    "completion": "upkeep",
}
"""The module that each command is in."""

_RUN_COMMANDS = ("replay", "scene")
"""Those that take a command to run, after `--`."""

_SCARCE = (errno.EMFILE, errno.ENFILE, errno.EAGAIN, errno.ENOMEM)


def run(words: Sequence[str], begun: "Workshop | None" = None) -> int:
    """Run one command; returns its exit code. `begun`: what `words.begin_early` started for the same words."""
    for stream in (sys.stdout, sys.stderr):
        stream.reconfigure(errors="replace")  # type: ignore[union-attr]  # a terminal may lack what a report has
    try:
        _speak(words)
    except UsageError as error:
        return complain(error)
    parser = make_parser(words[0] if words and words[0] in _COMMANDS else None)
    words, command = _split(words)
    options, more = parser.parse_known_args(words)
    options.command = command
    options.typed = tuple(words)
    if more and not _take_late(options, more):
        parser.error(tr("unrecognized arguments: {words}", words=" ".join(more)))
    options.begun = begun
    if not hasattr(options, "run"):
        parser.print_help()
        return 2
    try:
        code = options.run(options)
        sys.stdout.flush()
        return code
    except SocklabError as error:
        return complain(error)
    except BrokenPipeError:  # the reader of our output has seen enough
        _drop_output()
        return 1
    except Exception as error:
        if isinstance(error, OSError) and error.errno in (errno.ENOSPC, errno.EDQUOT):
            _drop_output()
            return complain(
                SetupError(
                    "standard output: the disk is full. With --output PATH a report is kept whole or not at all."
                )
            )
        if isinstance(error, OSError) and error.errno in _SCARCE:
            return complain(
                SetupError(f"this machine has too little of something: {error.strerror}. Nothing was graded.")
            )
        return complain(own_fault(error))


def _take_late(options: argparse.Namespace, more: list[str]) -> bool:
    """Give words that stand after an option to whom they belong, which argparse does not; whether they belong to anybody."""
    if any(word.startswith("-") for word in more):
        return False
    for name in ("words", "arguments", "sources"):
        if hasattr(options, name):
            setattr(options, name, getattr(options, name) + more)
            return True
    if getattr(options, "folder", None) == "." and len(more) == 1:
        options.folder = more[0]
        return True
    return False


def _speak(words: Sequence[str]) -> None:
    """Choose the language before anything is said, be it what --help says.

    Raises UsageError for one that there is not.
    """
    i18n.choose(None if words[:1] == ["start"] else _language_in(words))  # there --lang is the language to begin in
    if i18n.language() != i18n.ENGLISH:  # argparse asks gettext for its own words, by these two names
        for name, speak in (("_", lambda text: text and tr(text)), ("ngettext", i18n.trn)):
            setattr(argparse, name, speak)


def _language_in(words: Sequence[str]) -> str | None:
    """What --lang asks for, found as argparse would find it; None if nothing does."""
    for number, word in enumerate(words):
        option, given, value = word.partition("=")
        if word == "--":
            return None
        if option.startswith("--l") and "--lang".startswith(option):
            return value if given else next(iter(words[number + 1 :]), None)
    return None


def _split(words: Sequence[str]) -> tuple[Sequence[str], Sequence[str]]:
    """Our own words, and those of a command to run, which stand after `--`."""
    if words[:1] and words[0] in _RUN_COMMANDS and "--" in words:
        at = words.index("--")
        return words[:at], words[at + 1 :]
    return words, ()


def _drop_output() -> None:
    """Let what is still to be written go nowhere: Python would complain about it once more as it ends."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)


def make_parser(only: str | None = None) -> argparse.ArgumentParser:
    """The whole command line, from which shell completion is made too; or one command of it, which takes less time."""
    parser = Parser(
        prog="socklab",
        description=tr("Small socket exercises, and the harness that grades them."),
        epilog=tr(EXIT_CODES),
        formatter_class=Help,
    )
    said = tr("show program's version number and exit")
    parser.add_argument("--version", action="version", version=f"socklab {__version__}", help=said)
    commands = parser.add_subparsers(
        prog="socklab", title="commands", metavar="COMMAND"
    )  # prog: else argparse asks shutil
    for name, module in _COMMANDS.items():
        if only in (None, name):
            importlib.import_module(f".{module}", __name__).__dict__[f"add_{name}"](commands)
    return parser
