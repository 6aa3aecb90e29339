"""What the commands share: how a command line is read, helped and refused, and the options of several commands."""

import argparse
import os
import sys
from collections.abc import Callable
from typing import TYPE_CHECKING, NoReturn

from .. import i18n
from ..errors import SocklabError, UsageError
from ..i18n import tr

if TYPE_CHECKING:
    Commands = argparse._SubParsersAction["Parser"]

EXIT_CODES = """\
exit codes:
  0  passed (or done)     1  failed          2  wrong usage
  3  cannot be graded     4  harness error: ours or this machine's, never the learner's

All that socklab does stays on 127.0.0.1, this machine's own loopback address."""


def complain(error: SocklabError) -> int:
    """Say an error on standard error, in one line of plain text; its exit code."""
    print(f"socklab: {printable(tr(str(error)))}", file=sys.stderr)
    return error.exit_code


def printable(text: str) -> str:
    """Text that may hold a file's name or other people's words, with nothing in it that steers a terminal."""
    return "".join(c if c.isprintable() else f"\\x{ord(c):02x}" for c in text)


class Parser(argparse.ArgumentParser):
    """Refuses in plain text."""

    def error(self, message: str) -> NoReturn:
        """Refuse the command line; what it quotes may hold anything."""
        super().error(printable(message))


class Help(argparse.RawDescriptionHelpFormatter):
    """Knows its width at once; argparse would load all of shutil to ask, for each argument of a parser."""

    def __init__(self, prog: str) -> None:
        try:
            width = os.get_terminal_size().columns
        except OSError:
            width = 80
        super().__init__(prog, width=max(40, min(width, 120) - 2))

    def _split_lines(self, text: str, width: int) -> list[str]:
        """An argument's help in rows; letters of other languages may take two columns each."""
        return i18n.rows(" ".join(text.split()), width)


def command(
    commands: "Commands", name: str, summary: str, run: Callable[[argparse.Namespace], int], examples: str = ""
) -> argparse.ArgumentParser:
    """A command of socklab, without its arguments; `run` is what it does, `examples` stand at the end of its help."""
    parser = commands.add_parser(
        name,
        help=summary,
        description=summary[0].upper() + summary[1:] + ".",
        epilog="\n\n".join(part for part in (examples, tr(EXIT_CODES)) if part),
        formatter_class=Help,
    )
    parser.set_defaults(run=run)
    return parser


def add_lang(parser: argparse.ArgumentParser) -> None:
    """The option of all commands that speak; `_speak` has obeyed it already."""
    parser.add_argument(
        "--lang",
        metavar="LANGUAGE",
        help=tr("the language to answer in: {languages} (default: LANG)", languages=", ".join(i18n.languages())),
    )


def add_exercise(parser: argparse.ArgumentParser) -> None:
    """The exercise, as a word of its own."""
    parser.add_argument("exercise", metavar="EXERCISE", help=tr("its name, as `socklab list` shows it"))


def add_seed(parser: argparse.ArgumentParser, said: str) -> None:
    """The number from which ports, and perhaps more, follow."""
    parser.add_argument("--seed", type=_seed, metavar="N", help=said)


def add_tier(parser: argparse.ArgumentParser) -> None:
    """Where submissions run, for who does not take what there is."""
    parser.add_argument(
        "--tier",
        choices=("private", "shared"),
        help=tr("insist on this tier: a private network, or this machine's own loopback"),
    )


def add_no_sanitizer(parser: argparse.ArgumentParser) -> None:
    """For who cannot wait, or has no such compiler."""
    parser.add_argument(
        "--no-sanitizer", action="store_true", help=tr("leave out the second build, with AddressSanitizer and UBSan")
    )


def add_hidden(parser: argparse.ArgumentParser) -> None:
    """For who sees all checks."""
    parser.add_argument("--hidden", action="store_true", help=tr("with the checks that learners do not see"))


def _seed(text: str) -> int:
    from ..grading import seed_from

    try:
        return seed_from(text)
    except UsageError as error:
        raise argparse.ArgumentTypeError(tr(str(error))) from error
