"""What was asked for: the words after a magic, or the arguments of `submit`, become one Wish or one error in one line."""

import argparse
import contextlib
import re
import shlex
from collections.abc import Iterator
from typing import NamedTuple, NoReturn

from IPython.core.error import UsageError

from .. import catalog, i18n
from ..errors import SetupError, SocklabError
from ..grading import seed_from
from ..i18n import tr

SUFFIXES = {"c": ".c", "python": ".py"}

SUBMIT_EXAMPLES = """\
examples:
  %%submit is-port-open                      the language shows in the code
  %%submit is-port-open --only open-port     one check, and what it needs
  %%submit is-port-open --hints 2            a second hint to each failure
  %%submit is-port-open --seed 7             the same ports in the same order again
  %%submit is-port-open --into mine          the result is also called mine"""

SCENE_EXAMPLES = """\
examples:
  %scene is-port-open open-port      opens it; the next cells can probe its port
  %scene --close                     closes it; so do the next %scene and the kernel's end
  %%scene is-port-open open-port     open while the cell runs, which finds the number in `port`"""


class Wish(NamedTuple):
    """What is to be graded, and how. `function`: its name where `submit` was given one; "" for a cell."""

    exercise: catalog.Exercise
    language: str
    content: bytes
    function: str = ""
    seed: int | None = None
    only: tuple[str, ...] = ()
    hints: int = 1
    tier: str | None = None
    sanitize: bool = True

    @property
    def file(self) -> str:
        """What the submission is called."""
        return self.exercise.function + SUFFIXES[self.language]

    def again(self, seed: int) -> str:
        """What to type in the notebook to have all of it once more."""
        if self.function:
            return f"submit({self.function}, {self.exercise.slug!r}, seed={seed})"
        return f"%%submit {self.exercise.slug} --seed {seed}"


class _Parser(argparse.ArgumentParser):
    """Raises UsageError; it prints nothing, and never ends the kernel."""

    def error(self, message: str) -> NoReturn:
        """Refuse, and say where the options are explained."""
        raise UsageError(f"{message}  ({self.prog}?)")


def submit_parser() -> _Parser:
    """The words after %%submit."""
    said = tr("grade this cell, as `socklab check` grades a file")
    parser = _parser("%%submit", said, SUBMIT_EXAMPLES)
    parser.add_argument("exercise", nargs="?", metavar="EXERCISE", help=tr("its name, as `socklab list` shows it"))
    said = tr("the language of the cell (default: as its code looks)")
    parser.add_argument("--lang", choices=tuple(SUFFIXES), help=said)
    said = tr("ports and order of the checks; a report names its own")
    parser.add_argument("--seed", metavar="N", help=said)
    said = tr("run only this check, and those it needs; may be repeated")
    parser.add_argument("--only", metavar="CHECK", action="append", default=[], help=said)
    said = tr("how many hints a failing check gives (default: 1)")
    parser.add_argument("--hints", type=int, choices=(0, 1, 2), default=1, help=said)
    said = tr("insist on this tier: a private network, or this machine's own loopback")
    parser.add_argument("--tier", choices=("private", "shared"), help=said)
    said = tr("leave out the second build, with AddressSanitizer and UBSan")
    parser.add_argument("--no-sanitizer", action="store_true", help=said)
    parser.add_argument("--into", metavar="NAME", help=tr("give the result this name in the notebook, too"))
    return parser


def scene_parser() -> _Parser:
    """The words after %scene and %%scene."""
    said = tr("hold what a check arranges open on this machine's loopback, to probe it from the notebook")
    parser = _parser("%scene", said, SCENE_EXAMPLES)
    parser.add_argument("exercise", nargs="?", metavar="EXERCISE", help=tr("its name, as `socklab list` shows it"))
    said = tr("one of its checks, as a result's `.checks` name it")
    parser.add_argument("check", nargs="?", metavar="CHECK", help=said)
    parser.add_argument("--seed", metavar="N", help=tr("the ports; a report names its own"))
    parser.add_argument("--close", action="store_true", help=tr("close the scene that is open"))
    return parser


def _parser(name: str, said: str, examples: str) -> _Parser:
    return _Parser(
        prog=name,
        description=f"{said[0].upper()}{said[1:]}.",
        epilog=tr(examples),
        formatter_class=argparse.RawDescriptionHelpFormatter,
        add_help=False,
        allow_abbrev=False,
    )


def parsed(parser: _Parser, line: str) -> argparse.Namespace:
    """The words of a magic's line. Raises UsageError."""
    with _translated(), refused():
        try:
            return parser.parse_args(shlex.split(line))
        except ValueError as error:  # a quote that nobody closed
            raise UsageError(f"{parser.prog} {line}: {error}") from error


@contextlib.contextmanager
def _translated() -> Iterator[None]:
    """While inside, argparse asks our catalogue for its own words; never after, for the learner's may use it too."""
    before = argparse._, argparse.ngettext  # type: ignore[attr-defined]
    if i18n.language() != i18n.ENGLISH:
        argparse._, argparse.ngettext = (lambda text: text and tr(text)), i18n.trn  # type: ignore[attr-defined]
    try:
        yield
    finally:
        argparse._, argparse.ngettext = before  # type: ignore[attr-defined]


class Failure(Exception):
    """This machine or we failed, not the learner: shown in one line."""

    def _render_traceback_(self) -> list[str]:
        return [str(self)]


@contextlib.contextmanager
def refused() -> Iterator[None]:
    """While inside, what socklab refuses is refused as IPython does it, in one line; and so is what this machine lacks."""
    try:
        yield
    except SocklabError as error:
        raise UsageError(tr(str(error))) from error
    except OSError as error:
        lacks = SetupError(f"this machine has too little of something: {error.strerror}. Nothing was graded.")
        raise Failure(f"socklab: {tr(str(lacks))}") from error


def cell_wish(line: str, cell: str) -> tuple[Wish, str | None]:
    """What `%%submit` is to do, and the name that the result is to have in the notebook. Raises UsageError."""
    options = parsed(submit_parser(), line)
    if options.exercise is None:
        raise UsageError(tr("which exercise? Try: %%submit is-port-open"))
    if options.into is not None and not options.into.isidentifier():
        raise UsageError(tr("--into {name}: that is no name that a variable can have.", name=options.into))
    if not cell.strip():
        raise UsageError(tr("the cell is empty: write your code below the line with %%submit."))
    with refused():
        exercise = catalog.find(options.exercise)
    # The line of the magic is one of the cell: with an empty one in its place, lines have the numbers that the cell shows.
    content = f"\n{cell}".encode("utf-8", "replace")
    wish = Wish(
        exercise,
        options.lang or guessed_language(exercise, cell),
        content,
        seed=typed_seed(options.seed),
        only=tuple(options.only),
        hints=options.hints,
        tier=options.tier,
        sanitize=not options.no_sanitizer,
    )
    return wish, options.into


def typed_seed(text: str | None) -> int | None:
    """A seed that was typed; None stays None. Raises UsageError if it is none."""
    with refused():
        return None if text is None else seed_from(text)


def guessed_language(exercise: catalog.Exercise, code: str) -> str:
    """C if the code includes a header, or begins a function as C does; else Python."""
    includes = re.search(r"^[ \t]*#[ \t]*include[ \t]*[<\"]", code, re.MULTILINE)
    begins = rf"^[ \t]*(?!def\b|async\b|return\b|class\b)[A-Za-z_]\w*[\w \t*]*[ \t*]{exercise.function}[ \t]*\("
    return "c" if includes or re.search(begins, code, re.MULTILINE) else "python"
