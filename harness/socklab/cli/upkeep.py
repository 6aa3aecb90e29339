"""Commands about socklab itself: doctor, dev, completion."""

import argparse
from typing import TYPE_CHECKING

from ..i18n import tr
from .parsing import EXIT_CODES, Help, add_lang, command

if TYPE_CHECKING:
    from .parsing import Commands


def add_doctor(commands: "Commands") -> None:
    """The words of `socklab doctor`."""
    summary = tr("look at what this machine offers, and say how to mend what is missing")
    add_lang(command(commands, "doctor", summary, run_doctor))


def run_doctor(_: argparse.Namespace) -> int:
    """`socklab doctor`."""
    from ..doctor import examine

    return examine()


def add_dev(commands: "Commands") -> None:
    """The words of `socklab dev`."""
    parser = commands.add_parser(
        "dev", help=tr("for those who write exercises"), epilog=tr(EXIT_CODES), formatter_class=Help
    )
    inner = parser.add_subparsers(prog="socklab dev", title="commands", metavar="COMMAND", required=True)
    examples = "examples:\n  socklab dev check                  every exercise\n  socklab dev check is-port-open"
    check = command(
        inner,
        "check",
        tr("prove exercises: starters fail, right solutions pass, wrong ones fail"),
        run_dev_check,
        tr(examples),
    )
    check.add_argument("exercises", metavar="EXERCISE", nargs="*", help=tr("default: all"))
    check.add_argument("--jobs", type=int, metavar="N", help=tr("how many to grade at once (default: two a processor)"))


def run_dev_check(options: argparse.Namespace) -> int:
    """`socklab dev check`."""
    from ..dev import prove

    return prove(options.exercises, options.jobs)


def add_completion(commands: "Commands") -> None:
    """The words of `socklab completion`."""
    examples = 'examples:\n  eval "$(socklab completion bash)"\n  socklab completion zsh > ~/.zfunc/_socklab'
    parser = command(
        commands,
        "completion",
        tr("print a script that completes socklab's words in your shell"),
        run_completion,
        tr(examples),
    )
    parser.add_argument("shell", choices=("bash", "zsh", "tcsh"), help=tr("which shell"))


def run_completion(options: argparse.Namespace) -> int:
    """`socklab completion`."""
    import shtab

    from . import make_parser

    print(shtab.complete(make_parser(), options.shell))
    return 0
