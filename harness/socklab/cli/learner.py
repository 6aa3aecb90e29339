"""Commands of those who solve exercises: list, next, start, check, watch, serve, notebooks."""

import argparse
import os
import sys
from typing import TYPE_CHECKING

from ..errors import UsageError
from ..i18n import tr
from .parsing import (
    add_exercise,
    add_hidden,
    add_lang,
    add_no_sanitizer,
    add_seed,
    add_tier,
    command,
    complain,
    printable,
)

if TYPE_CHECKING:
    from ..grading import Options
    from ..model import Report
    from .parsing import Commands

_HISTORY = """\
What `check` and `watch` graded is noted in $XDG_STATE_HOME/socklab/history.jsonl
(else ~/.local/state/socklab), which leaves this machine by no way of ours.
SOCKLAB_HISTORY=off notes nothing and looks nothing up."""

_CHECK_EXAMPLES = """\
examples:
  socklab check is_port_open.c                      the exercise follows from the file's name
  socklab check is-port-open mine.c hers.py         several files
  socklab check is_port_open.c --only open-port     one check, and what it needs
  socklab check is_port_open.c --hints 2            a second hint to each failure
  socklab check is_port_open.c --seed 7             the same ports in the same order again
  socklab check is_port_open.c --format html --output report.html"""


def add_list(commands: "Commands") -> None:
    """The words of `socklab list`."""
    parser = command(
        commands,
        "list",
        tr("show the exercises, and which are passed (✓), tried (~) or open (·)"),
        run_list,
        tr(_HISTORY),
    )
    add_lang(parser)
    parser.add_argument(
        "--format", default="terminal", choices=("terminal", "json"), help=tr("how to show them (default: terminal)")
    )


def run_list(options: argparse.Namespace) -> int:
    """`socklab list`."""
    from .. import progress
    from ..reports.terminal import traits

    found, trouble = progress.all_of_it()
    as_json = options.format == "json"
    sys.stdout.write(progress.as_json(found) if as_json else progress.as_text(found, colour=traits()[0]))
    _say_trouble(trouble)
    return 0


def _say_trouble(trouble: str) -> None:
    """A history that cannot be kept is worth a line, and no more."""
    if trouble:
        sys.stdout.flush()
        print(f"socklab: {printable(tr(trouble))}", file=sys.stderr)


def add_next(commands: "Commands") -> None:
    """The words of `socklab next`."""
    parser = command(commands, "next", tr("say what to do next"), run_next, tr(_HISTORY))
    add_lang(parser)


def run_next(_: argparse.Namespace) -> int:
    """`socklab next`."""
    from .. import progress

    found, trouble = progress.all_of_it()
    sys.stdout.write(progress.advice(found))
    _say_trouble(trouble)
    return 0


def add_start(commands: "Commands") -> None:
    """The words of `socklab start`."""
    examples = "examples:\n  socklab start is-port-open\n  socklab start is-port-open --lang python my-solutions"
    parser = command(
        commands,
        "start",
        tr("put an exercise's statement and a file to begin with into a folder"),
        run_start,
        tr(examples),
    )
    add_exercise(parser)
    parser.add_argument(
        "--lang", choices=("c", "python"), default="c", help=tr("the language to begin in (default: c)")
    )
    parser.add_argument("folder", metavar="DIR", nargs="?", default=".", help=tr("where to (default: here)"))


def run_start(options: argparse.Namespace) -> int:
    """`socklab start`; existing files are never touched."""
    import shlex

    from ..catalog import find

    files = find(options.exercise).files_to_start(options.lang)
    _lay_out(options.folder, files)
    first = os.path.normpath(os.path.join(options.folder, next(iter(files))))
    command = f"socklab check {shlex.quote(first)}"
    print("\n" + tr("Read statement.md, edit {path}, then: {command}", path=first, command=command))
    return 0


def _lay_out(folder: str, files: dict[str, bytes]) -> None:
    """Put files into a folder, but for those that are there. Raises UsageError where that cannot be."""
    try:
        os.makedirs(folder, exist_ok=True)
    except OSError as error:
        raise UsageError(f"{folder}: this folder cannot be made ({error.strerror})") from error
    for name, content in files.items():
        path = os.path.join(folder, name)
        try:
            with open(path, "xb") as file:
                file.write(content)
        except FileExistsError:
            print(tr("kept    {path}  (it was there already)", path=path))
        except OSError as error:
            raise UsageError(f"{path}: cannot be written ({error.strerror})") from error
        else:
            print(tr("wrote   {path}", path=path))


def add_serve(commands: "Commands") -> None:
    """The words of `socklab serve`."""
    examples = """\
examples:
  socklab serve                         solve exercises in the browser, with the files of this folder
  socklab serve my-solutions --no-open  only prints the address"""
    summary = tr("open a page in the browser in which exercises are solved")
    parser = command(commands, "serve", summary, run_serve, tr(examples))
    parser.add_argument("folder", metavar="DIR", nargs="?", default=".", help=tr("your files (default: here)"))
    _add_server_options(parser)
    parser.add_argument(
        "--unix-socket", metavar="PATH", help=tr("for a proxy that asks who is there: a socket in place of a port")
    )
    add_lang(parser)


def run_serve(options: argparse.Namespace) -> int:
    """`socklab serve`; ends with Ctrl-C."""
    from ..editor.serving import serve, serve_a_proxy

    if options.unix_socket is not None:
        return serve_a_proxy(options.folder, options.unix_socket)
    return serve(options.folder, port=options.port, browser=not options.no_open)


def add_notebooks(commands: "Commands") -> None:
    """The words of `socklab notebooks`."""
    examples = """\
examples:
  socklab notebooks                     in the folder socklab-notebooks; what you changed there stays
  socklab notebooks lesson --no-open    only prints the address"""
    summary = tr("open the walkthroughs in JupyterLab, as copies of your own")
    parser = command(commands, "notebooks", summary, run_notebooks, tr(examples))
    parser.add_argument(
        "folder",
        metavar="DIR",
        nargs="?",
        default="socklab-notebooks",
        help=tr("where the copies go (default: socklab-notebooks)"),
    )
    _add_server_options(parser)
    add_lang(parser)


def _add_server_options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--port", type=_port, metavar="N", help=tr("the port of 127.0.0.1 to serve on; 0: any free one")
    )
    parser.add_argument("--no-open", action="store_true", help=tr("open no browser"))


def _port(text: str) -> int:
    if not (text.isascii() and text.isdigit() and int(text) <= 65535):
        raise argparse.ArgumentTypeError(tr("{value} is no port; a number from 0 to 65535 is one.", value=repr(text)))
    return int(text)


def run_notebooks(options: argparse.Namespace) -> int:
    """`socklab notebooks`; does not return if all goes well."""
    from .. import walkthroughs

    files = walkthroughs.files()
    _lay_out(options.folder, files)
    walkthroughs.open_lab(options.folder, next(iter(files)), port=options.port, browser=not options.no_open)


def add_check(commands: "Commands") -> None:
    """The words of `socklab check`."""
    parser = command(commands, "check", tr("grade files"), run_check, tr(_CHECK_EXAMPLES))
    parser.add_argument(
        "words",
        metavar="[EXERCISE] FILE",
        nargs="+",
        help=tr("files to grade, after the exercise if their names do not tell"),
    )
    _add_grading_options(parser)
    parser.add_argument(
        "--format", default="terminal", choices=_format_names(), help=tr("how to report (default: terminal)")
    )
    parser.add_argument("--output", metavar="PATH", help=tr("write the report there instead of showing it"))
    parser.add_argument(
        "--stream", action="store_true", help=tr("tell what happens as it happens, in lines of JSON, for programs")
    )


def _format_names() -> list[str]:
    from ..reports import names

    return names()


def _add_grading_options(parser: argparse.ArgumentParser) -> None:
    add_seed(parser, tr("ports and order of the checks; a report names its own"))
    parser.add_argument(
        "--only",
        metavar="CHECK",
        action="append",
        default=[],
        help=tr("run only this check, and those it needs; may be repeated"),
    )
    add_no_sanitizer(parser)
    add_tier(parser)
    add_hidden(parser)
    parser.add_argument("--all", action="store_true", help=tr("show every failure in full"))
    parser.add_argument(
        "--hints", choices=("0", "1", "2"), default="1", help=tr("how many hints a failing check gives (default: 1)")
    )
    add_lang(parser)


def run_check(options: argparse.Namespace) -> int:
    """`socklab check`."""
    from ..checking import check_files, exit_code
    from ..history import note

    if options.stream:
        from ..stream import stream

        told, code = stream(options.words, _grading_options(options), options.begun)
        note(told, options.only)
        return code
    graded: list[tuple[str, Report]] = []
    reports, errors = check_files(
        options.words, _grading_options(options), options.begun, lambda *one: graded.append(one)
    )
    try:
        if reports:
            _emit(options, reports)
            sys.stdout.flush()
    finally:
        note(graded, options.only)  # once it has been shown
    for error in errors:
        complain(error)
    return exit_code(reports, errors)


def _grading_options(options: argparse.Namespace) -> "Options":
    from ..grading import Options

    return Options(options.seed, options.tier, tuple(options.only), not options.no_sanitizer, options.hidden)


def _emit(options: argparse.Namespace, reports: "list[Report]") -> None:
    from ..output import replace_file

    hints = int(options.hints)
    if options.format != "terminal":
        from ..checking import rendered

        text = rendered(options.format, reports, hints=hints)
    else:
        from ..reports import terminal

        colour, width = terminal.traits() if not options.output else (False, 80)
        text = terminal.render_many(reports, hints=hints, colour=colour, width=width, everything=options.all)
    if options.output:
        replace_file(options.output, text)
        print(tr("wrote {path}", path=options.output), file=sys.stderr)
    else:
        sys.stdout.write(text)


def add_watch(commands: "Commands") -> None:
    """The words of `socklab watch`."""
    examples = "examples:\n  socklab watch is_port_open.c        grades it now and on every save, until Ctrl-C"
    parser = command(commands, "watch", tr("grade a file each time it is saved"), run_watch, tr(examples))
    parser.add_argument("words", metavar="[EXERCISE] FILE", nargs="+", help=tr("the file to watch"))
    _add_grading_options(parser)


def run_watch(options: argparse.Namespace) -> int:
    """`socklab watch`."""
    from ..watch import watch

    return watch(options.words, _grading_options(options), everything=options.all, hints=int(options.hints))
