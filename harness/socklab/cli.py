"""The command line: `socklab COMMAND …`.

Each command imports what it needs when it runs, so that `check` has a compiler at work before the rest of socklab is
loaded. Errors that socklab raises on purpose become one line on standard error and their exit code.
"""

import argparse
import errno
import itertools
import os
import sys
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, NoReturn

from . import __version__, i18n
from .errors import HarnessError, SetupError, SocklabError, UsageError
from .i18n import tr

if TYPE_CHECKING:
    from .grading import Options
    from .model import Report
    from .workshop import Workshop

    Commands = argparse._SubParsersAction["_Parser"]

EXIT_CODES = """\
exit codes:
  0  passed (or done)     1  failed          2  wrong usage
  3  cannot be graded     4  harness error: ours or this machine's, never the learner's

All that socklab does stays on 127.0.0.1, this machine's own loopback address."""

_SCARCE = (errno.EMFILE, errno.ENFILE, errno.EAGAIN, errno.ENOMEM)

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
        step = error.__traceback__
        while step and step.tb_next:
            step = step.tb_next
        where = f" ({os.path.basename(step.tb_frame.f_code.co_filename)}:{step.tb_lineno})" if step else ""
        return complain(HarnessError(f"an error of its own: {type(error).__name__}: {error}{where}. Please report it."))


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


def complain(error: SocklabError) -> int:
    """Say an error on standard error, in one line of plain text; its exit code."""
    print(f"socklab: {printable(tr(str(error)))}", file=sys.stderr)
    return error.exit_code


def printable(text: str) -> str:
    """Text that may hold a file's name or other people's words, with nothing in it that steers a terminal."""
    return "".join(c if c.isprintable() else f"\\x{ord(c):02x}" for c in text)


class _Parser(argparse.ArgumentParser):
    """Refuses in plain text."""

    def error(self, message: str) -> NoReturn:
        """Refuse the command line; what it quotes may hold anything."""
        super().error(printable(message))


class _Help(argparse.RawDescriptionHelpFormatter):
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


def make_parser(only: str | None = None) -> argparse.ArgumentParser:
    """The whole command line, from which shell completion is made too; or one command of it, which takes less time."""
    parser = _Parser(
        prog="socklab",
        description=tr("Small socket exercises, and the harness that grades them."),
        epilog=tr(EXIT_CODES),
        formatter_class=_Help,
    )
    said = tr("show program's version number and exit")
    parser.add_argument("--version", action="version", version=f"socklab {__version__}", help=said)
    commands = parser.add_subparsers(
        prog="socklab", title="commands", metavar="COMMAND"
    )  # prog: else argparse asks shutil
    for name, add in _COMMANDS.items():
        if only in (None, name):
            add(commands)
    return parser


def _command(
    commands: "Commands", name: str, summary: str, run: Callable[[argparse.Namespace], int], examples: str = ""
) -> argparse.ArgumentParser:
    parser = commands.add_parser(
        name,
        help=summary,
        description=summary[0].upper() + summary[1:] + ".",
        epilog="\n\n".join(part for part in (examples, tr(EXIT_CODES)) if part),
        formatter_class=_Help,
    )
    parser.set_defaults(run=run)
    return parser


# -- list ------------------------------------------------------------------------------------------------------------


def _add_list(commands: "Commands") -> None:
    parser = _command(
        commands,
        "list",
        tr("show the exercises, and which are passed (✓), tried (~) or open (·)"),
        run_list,
        tr(_HISTORY),
    )
    _add_lang(parser)
    parser.add_argument(
        "--format", default="terminal", choices=("terminal", "json"), help=tr("how to show them (default: terminal)")
    )


def run_list(options: argparse.Namespace) -> int:
    """`socklab list`."""
    from . import progress
    from .reports.terminal import traits

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


def _add_next(commands: "Commands") -> None:
    parser = _command(commands, "next", tr("say what to do next"), run_next, tr(_HISTORY))
    _add_lang(parser)


def run_next(_: argparse.Namespace) -> int:
    """`socklab next`."""
    from . import progress

    found, trouble = progress.all_of_it()
    sys.stdout.write(progress.advice(found))
    _say_trouble(trouble)
    return 0


# -- start -----------------------------------------------------------------------------------------------------------


def _add_start(commands: "Commands") -> None:
    examples = "examples:\n  socklab start is-port-open\n  socklab start is-port-open --lang python my-solutions"
    parser = _command(
        commands,
        "start",
        tr("put an exercise's statement and a file to begin with into a folder"),
        run_start,
        tr(examples),
    )
    parser.add_argument("exercise", metavar="EXERCISE", help=tr("its name, as `socklab list` shows it"))
    parser.add_argument(
        "--lang", choices=("c", "python"), default="c", help=tr("the language to begin in (default: c)")
    )
    parser.add_argument("folder", metavar="DIR", nargs="?", default=".", help=tr("where to (default: here)"))


def run_start(options: argparse.Namespace) -> int:
    """`socklab start`; existing files are never touched."""
    from .catalog import find

    exercise = find(options.exercise)
    files = exercise.files_to_start(options.lang)
    try:
        os.makedirs(options.folder, exist_ok=True)
    except OSError as error:
        raise UsageError(f"{options.folder}: this folder cannot be made ({error.strerror})") from error
    for name, content in files.items():
        path = os.path.join(options.folder, name)
        try:
            with open(path, "xb") as file:
                file.write(content)
        except FileExistsError:
            print(tr("kept    {path}  (it was there already)", path=path))
        except OSError as error:
            raise UsageError(f"{path}: cannot be written ({error.strerror})") from error
        else:
            print(tr("wrote   {path}", path=path))
    import shlex

    first = os.path.normpath(os.path.join(options.folder, next(iter(files))))
    command = f"socklab check {shlex.quote(first)}"
    print("\n" + tr("Read statement.md, edit {path}, then: {command}", path=first, command=command))
    return 0


# -- check -----------------------------------------------------------------------------------------------------------


def _add_check(commands: "Commands") -> None:
    parser = _command(commands, "check", tr("grade files"), run_check, tr(_CHECK_EXAMPLES))
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
    from .reports import names

    return names()


def _add_lang(parser: argparse.ArgumentParser) -> None:
    """The option of all commands that speak; `_speak` has obeyed it already."""
    parser.add_argument(
        "--lang",
        metavar="LANGUAGE",
        help=tr("the language to answer in: {languages} (default: LANG)", languages=", ".join(i18n.languages())),
    )


def _add_grading_options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--seed", type=_seed, metavar="N", help=tr("ports and order of the checks; a report names its own")
    )
    parser.add_argument(
        "--only",
        metavar="CHECK",
        action="append",
        default=[],
        help=tr("run only this check, and those it needs; may be repeated"),
    )
    parser.add_argument(
        "--no-sanitizer", action="store_true", help=tr("leave out the second build, with AddressSanitizer and UBSan")
    )
    parser.add_argument(
        "--tier",
        choices=("private", "shared"),
        help=tr("insist on this tier: a private network, or this machine's own loopback"),
    )
    _add_hidden(parser)
    parser.add_argument("--all", action="store_true", help=tr("show every failure in full"))
    parser.add_argument(
        "--hints", choices=("0", "1", "2"), default="1", help=tr("how many hints a failing check gives (default: 1)")
    )
    _add_lang(parser)


def _add_hidden(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--hidden", action="store_true", help=tr("with the checks that learners do not see"))


def _seed(text: str) -> int:
    from .grading import seed_from

    try:
        return seed_from(text)
    except UsageError as error:
        raise argparse.ArgumentTypeError(tr(str(error))) from error


def run_check(options: argparse.Namespace) -> int:
    """`socklab check`."""
    from .checking import check_files, exit_code
    from .history import note

    if options.stream:
        from .stream import stream

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
    from .grading import Options

    return Options(options.seed, options.tier, tuple(options.only), not options.no_sanitizer, options.hidden)


def _emit(options: argparse.Namespace, reports: "list[Report]") -> None:
    from .output import replace_file

    hints = int(options.hints)
    if options.format != "terminal":
        from .checking import rendered

        text = rendered(options.format, reports, hints=hints)
    else:
        from .reports import terminal

        colour, width = terminal.traits() if not options.output else (False, 80)
        text = terminal.render_many(reports, hints=hints, colour=colour, width=width, everything=options.all)
    if options.output:
        replace_file(options.output, text)
        print(tr("wrote {path}", path=options.output), file=sys.stderr)
    else:
        sys.stdout.write(text)


# -- grade -----------------------------------------------------------------------------------------------------------

_GRADE_EXAMPLES = """\
examples:
  socklab grade is-port-open submissions.zip                     a download of an LMS, a folder, an archive
  socklab grade is-port-open week3 late.zip --roster class.csv   two sources; says who is missing
  socklab grade is-port-open week3 --format csv --output marks.csv
  socklab grade is-port-open week3 --due 2026-03-01T23:59+09:00 --late "10% per day, at most 50%"

What was graded is kept in the gradebook. The same command again grades only what is new, and goes on where
Ctrl-C or a crash stopped it. It ends with 0 once all that could be taken is graded, whatever the verdicts;
with 2 if no submission was found, with 4 if harness errors remain, with 130 after Ctrl-C."""


def _add_grade(commands: "Commands") -> None:
    from .batch import outputs

    parser = _command(commands, "grade", tr("grade a class"), run_grade, tr(_GRADE_EXAMPLES))
    parser.add_argument("exercise", metavar="EXERCISE", help=tr("its name, as `socklab list` shows it"))
    parser.add_argument("sources", metavar="SOURCE", nargs="+", help=tr("folders, archives and files of submissions"))
    parser.add_argument("--roster", metavar="CSV", help=tr("who is in the class: a CSV file of your LMS"))
    parser.add_argument(
        "--gradebook",
        metavar="FILE",
        default="gradebook.sqlite",
        help=tr("where grades are kept (default: gradebook.sqlite)"),
    )
    parser.add_argument(
        "--workers", metavar="N", type=int, help=tr("how many to grade at once (default: one a processor)")
    )
    parser.add_argument("--regrade", action="store_true", help=tr("grade again what has not changed, too"))
    parser.add_argument(
        "--policy", choices=("best", "last"), default="best", help=tr("which attempt counts (default: best)")
    )
    parser.add_argument("--due", metavar="DATE", help=tr("when it was due, with the time zone: 2026-03-01T23:59+09:00"))
    parser.add_argument("--late", metavar="RULE", help=tr("what being late costs"))
    parser.add_argument(
        "--tier",
        choices=("private", "shared"),
        help=tr("private unless you ask for shared: this machine's own loopback, less contained"),
    )
    parser.add_argument(
        "--no-sanitizer", action="store_true", help=tr("leave out the second build, with AddressSanitizer and UBSan")
    )
    parser.add_argument(
        "--format",
        action="append",
        default=[],
        choices=outputs.names(),
        help=tr("how to report (default: terminal); may be repeated, each with its --output"),
    )
    parser.add_argument(
        "--output",
        metavar="PATH",
        action="append",
        default=[],
        help=tr("write the report there instead of showing it"),
    )
    parser.add_argument(
        "--feedback", metavar="PATH", help=tr("a page for each student: a folder, or a zip if it ends in .zip")
    )
    parser.add_argument("--anonymous", action="store_true", help=tr("name nobody in what is written"))
    parser.add_argument("--cluster", metavar="ADDRESS", help=tr("grade on a dask cluster: its scheduler's address"))
    parser.add_argument("--assignment", metavar="NAME", help=tr("what your LMS calls it, if not as we do (canvas)"))
    parser.add_argument("--bom", action="store_true", help=tr("begin with a byte order mark, which Excel wants"))
    _add_lang(parser)


def run_grade(options: argparse.Namespace) -> int:
    """`socklab grade`."""
    from .batch.command import Request, grade_class
    from .grading import Options

    return grade_class(
        Request(
            exercise=options.exercise,
            sources=options.sources,
            options=Options(tier=options.tier, sanitize=not options.no_sanitizer, hidden=True),
            typed=options.typed,
            roster=options.roster,
            gradebook=options.gradebook,
            workers=options.workers,
            regrade=options.regrade,
            policy=options.policy,
            due=options.due,
            late=options.late,
            outputs=_paired(options.format, options.output),
            byte_order_mark=options.bom,
            feedback=options.feedback,
            anonymous=options.anonymous,
            cluster=options.cluster,
            assignment=options.assignment,
        )
    )


def _paired(formats: list[str], paths: list[str]) -> list[tuple[str, str | None]]:
    """Each format with its file, in the order in which they were typed; the last one is shown if it has none.

    Raises UsageError if it cannot be told which file is whose.
    """
    formats = formats or ["terminal"]
    if len(paths) > len(formats):
        raise UsageError(f"--output {paths[len(formats)]}: say with --format what to write there.")
    if len(formats) > len(paths) + 1:
        raise UsageError("each --format needs its --output; only one of them can be shown here.")
    return list(itertools.zip_longest(formats, paths))


# -- gradebook -------------------------------------------------------------------------------------------------------

_GRADEBOOK_EXAMPLES = """\
examples:
  socklab gradebook history "Kim Minji"                                  attempts, grades, what was changed by hand
  socklab gradebook adjust is-port-open 2000017 +2 --note "oral exam"     points on top; -2 takes away, 40 replaces
  socklab gradebook withdraw 3 --note "it was somebody else"              adjustment 3 no longer counts

A student is named by id, name or e-mail address. Nothing is ever deleted: all of it stays in the history."""


def _add_gradebook(commands: "Commands") -> None:
    summary = tr("look into a gradebook, and change points by hand")
    parser = commands.add_parser(
        "gradebook",
        help=summary,
        description=summary[0].upper() + summary[1:] + ".",
        epilog=tr(_GRADEBOOK_EXAMPLES),
        formatter_class=_Help,
    )
    inner = parser.add_subparsers(prog="socklab gradebook", title="commands", metavar="COMMAND", required=True)
    history = _command(inner, "history", tr("show all that is known of a student"), run_history)
    history.add_argument("student", metavar="STUDENT", help=tr("id, name or e-mail address"))
    history.add_argument("exercises", metavar="EXERCISE", nargs="*", help=tr("default: all"))
    adjust = _command(inner, "adjust", tr("change the points of a student"), run_adjust)
    adjust.add_argument("exercise", metavar="EXERCISE", help=tr("its name, as `socklab list` shows it"))
    adjust.add_argument("student", metavar="STUDENT", help=tr("id, name or e-mail address"))
    adjust.add_argument("change", metavar="CHANGE", help=tr("+1.5, -2, or points that replace what was earned"))
    withdraw = _command(inner, "withdraw", tr("take an adjustment back"), run_withdraw)
    withdraw.add_argument("number", metavar="NUMBER", type=int, help=tr("the adjustment's, as the history shows it"))
    for changing in (adjust, withdraw):
        changing.add_argument("--note", metavar="TEXT", required=True, help=tr("why; it stands beside the marks"))
        changing.add_argument("--author", metavar="NAME", help=tr("who says so (default: your login)"))
    for each in (history, adjust, withdraw):
        each.add_argument(
            "--gradebook",
            metavar="FILE",
            default="gradebook.sqlite",
            help=tr("where grades are kept (default: gradebook.sqlite)"),
        )
        _add_lang(each)


def run_history(options: argparse.Namespace) -> int:
    """`socklab gradebook history`."""
    from .batch.byhand import history

    sys.stdout.write(history(options.gradebook, options.student, options.exercises))
    return 0


def run_adjust(options: argparse.Namespace) -> int:
    """`socklab gradebook adjust`."""
    from .batch.byhand import adjust

    author = options.author or _login()
    change = adjust(
        options.gradebook, options.exercise, options.student, options.change, note=options.note, author=author
    )
    print(change)
    return 0


def run_withdraw(options: argparse.Namespace) -> int:
    """`socklab gradebook withdraw`."""
    from .batch.byhand import withdraw

    print(withdraw(options.gradebook, options.number, note=options.note, author=options.author or _login()))
    return 0


def _login() -> str:
    """Whoever types. Raises UsageError if this machine does not know."""
    import getpass

    try:
        return getpass.getuser()
    except (KeyError, OSError) as error:
        raise UsageError("this machine does not know your login; say who you are: --author NAME.") from error


# -- export ----------------------------------------------------------------------------------------------------------

_EXPORT_EXAMPLES = """\
examples:
  socklab export gradescope is-port-open                     is-port-open-gradescope.zip
  socklab export prairielearn is-port-open --output course   a question for a course
  socklab export check50 is-port-open --lang ko              checks that speak Korean to learners

It takes socklab and the exercise along, hidden checks and all, and nothing else: no solutions."""


def _add_export(commands: "Commands") -> None:
    from . import exports

    parser = _command(commands, "export", tr("make what another grader takes"), run_export, tr(_EXPORT_EXAMPLES))
    parser.add_argument("grader", choices=exports.names(), help=tr("the grader that takes it"))
    parser.add_argument("exercise", metavar="EXERCISE", help=tr("its name, as `socklab list` shows it"))
    parser.add_argument("--output", metavar="PATH", help=tr("a folder, or a zip if it ends in .zip (default: here)"))
    _add_lang(parser)


def run_export(options: argparse.Namespace) -> int:
    """`socklab export`."""
    from .exports._command import export

    export(options.grader, options.exercise, options.output)
    return 0


# -- similar ---------------------------------------------------------------------------------------------------------

_SIMILAR_EXAMPLES = """\
examples:
  socklab similar is-port-open submissions.zip --output similar.html
  socklab similar is-port-open week3 late.zip --threshold 0.9

What it finds is a hint where to look and no more: it says that two texts are alike, never why.
It needs the extra `similarity`: pip install 'socklab[similarity]'"""


def _add_similar(commands: "Commands") -> None:
    summary = tr("show which submissions of a class are alike, as a hint for a person")
    parser = _command(commands, "similar", summary, run_similar, tr(_SIMILAR_EXAMPLES))
    parser.add_argument("exercise", metavar="EXERCISE", help=tr("its name, as `socklab list` shows it"))
    parser.add_argument("sources", metavar="SOURCE", nargs="+", help=tr("folders, archives and files of submissions"))
    parser.add_argument("--roster", metavar="CSV", help=tr("who is in the class: a CSV file of your LMS"))
    parser.add_argument(
        "--threshold",
        metavar="SHARE",
        type=_share,
        default=0.8,
        help=tr("how alike a pair must be to be shown, from 0 to 1 (default: 0.8)"),
    )
    parser.add_argument(
        "--format",
        default="terminal",
        choices=("terminal", "json"),
        help=tr("how to show what is found (default: terminal)"),
    )
    parser.add_argument("--output", metavar="PAGE", help=tr("write a page there, with the pairs beside each other"))
    _add_lang(parser)


def _share(text: str) -> float:
    try:
        number = float(text)
    except ValueError:
        number = -1.0
    if not 0 <= number <= 1:
        raise argparse.ArgumentTypeError(tr("{value} is no share; a number from 0 to 1 is one.", value=repr(text)))
    return number


def run_similar(options: argparse.Namespace) -> int:
    """`socklab similar`."""
    from .batch.similar_told import Request, tell_what_is_alike

    return tell_what_is_alike(
        Request(options.exercise, options.sources, options.threshold, options.format, options.output, options.roster)
    )


# -- replay, scene ---------------------------------------------------------------------------------------------------

_REPLAY_EXAMPLES = """\
examples:
  socklab replay is-port-open closed-port is_port_open.c                what it does, call by call
  socklab replay is-port-open closed-port is_port_open.c -- gdb         a debugger, stopped in the function
  socklab replay is-port-open closed-port is_port_open.c -- strace -f   every system call
  socklab replay is-port-open closed-port is_port_open.py -- python3 -m pdb
  socklab replay is-port-open closed-port is_port_open.c -- bash        a shell, with ./call PORT"""

_SCENE_EXAMPLES = """\
examples:
  socklab scene is-port-open open-port                   a shell in which ss, nc and curl meet the scene
  socklab scene is-port-open open-port -- ss -tln        one command in it
  socklab scene is-port-open open-port --tier shared     on this machine's own loopback, until Ctrl-C"""


def _add_replay(commands: "Commands") -> None:
    parser = _command(
        commands,
        "replay",
        tr("run one check and tell what happens, or debug its call"),
        run_replay,
        tr(_REPLAY_EXAMPLES),
    )
    _add_scene_options(parser, "replay", " FILE")


def _add_scene(commands: "Commands") -> None:
    parser = _command(
        commands,
        "scene",
        tr("hold what a check arranges open, to look at it yourself"),
        run_scene,
        tr(_SCENE_EXAMPLES),
    )
    _add_scene_options(parser, "scene", "")


def _add_scene_options(parser: argparse.ArgumentParser, name: str, file: str) -> None:
    parser.usage = (
        f"socklab {name} [-h] [--seed N] [--tier {{private,shared}}] [--hidden] [--lang LANGUAGE]\n"
        f"         {'':<{len(name)}}EXERCISE CHECK{file} [-- COMMAND …]"
    )
    parser.add_argument("exercise", metavar="EXERCISE", help=tr("its name, as `socklab list` shows it"))
    parser.add_argument("check", metavar="CHECK", help=tr("one of its checks, as reports in json name it"))
    if file:
        parser.add_argument("file", metavar="FILE", help=tr("the file whose function is called"))
    parser.add_argument("--seed", type=_seed, metavar="N", help=tr("the ports; a report names its own"))
    parser.add_argument(
        "--tier",
        choices=("private", "shared"),
        help=tr("insist on this tier: a private network, or this machine's own loopback"),
    )
    _add_hidden(parser)
    parser.add_argument_group("-- COMMAND …", tr("what is run inside, with the scene held open; private tier only"))
    _add_lang(parser)


def run_replay(options: argparse.Namespace) -> int:
    """`socklab replay`."""
    from .grading import Options
    from .replay import replay

    wanted = Options(options.seed, options.tier, hidden=options.hidden)
    return replay(options.exercise, options.check, options.file, options.command, wanted)


def run_scene(options: argparse.Namespace) -> int:
    """`socklab scene`."""
    from .grading import Options
    from .replay import hold_scene

    wanted = Options(options.seed, options.tier, hidden=options.hidden)
    return hold_scene(options.exercise, options.check, options.command, wanted)


def _add_run(commands: "Commands") -> None:
    examples = """\
examples:
  socklab run echo_server.c 7777      then, in another terminal: nc 127.0.0.1 7777"""
    summary = tr("run a whole program, such as a server, to talk to it yourself; its calls are told")
    parser = _command(commands, "run", summary, run_program, tr(examples))
    parser.add_argument("file", metavar="FILE", help=tr("the program's source"))
    parser.add_argument("arguments", metavar="PORT", nargs="*", help=tr("its arguments, usually the port to listen on"))
    parser.add_argument(
        "--tier",
        choices=("private", "shared"),
        help=tr("insist on this tier: a private network, or this machine's own loopback"),
    )
    _add_lang(parser)


def run_program(options: argparse.Namespace) -> int:
    """`socklab run`."""
    from .grading import Options
    from .replay import run

    return run(options.file, tuple(options.arguments), Options(None, options.tier))


# -- watch, doctor, dev, completion ----------------------------------------------------------------------------------


def _add_watch(commands: "Commands") -> None:
    examples = "examples:\n  socklab watch is_port_open.c        grades it now and on every save, until Ctrl-C"
    parser = _command(commands, "watch", tr("grade a file each time it is saved"), run_watch, tr(examples))
    parser.add_argument("words", metavar="[EXERCISE] FILE", nargs="+", help=tr("the file to watch"))
    _add_grading_options(parser)


def run_watch(options: argparse.Namespace) -> int:
    """`socklab watch`."""
    from .watch import watch

    return watch(options.words, _grading_options(options), everything=options.all, hints=int(options.hints))


def _add_doctor(commands: "Commands") -> None:
    summary = tr("look at what this machine offers, and say how to mend what is missing")
    _add_lang(_command(commands, "doctor", summary, run_doctor))


def run_doctor(_: argparse.Namespace) -> int:
    """`socklab doctor`."""
    from .doctor import examine

    return examine()


def _add_dev(commands: "Commands") -> None:
    parser = commands.add_parser(
        "dev", help=tr("for those who write exercises"), epilog=tr(EXIT_CODES), formatter_class=_Help
    )
    inner = parser.add_subparsers(prog="socklab dev", title="commands", metavar="COMMAND", required=True)
    examples = "examples:\n  socklab dev check                  every exercise\n  socklab dev check is-port-open"
    check = _command(
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
    from .dev import prove

    return prove(options.exercises, options.jobs)


def _add_completion(commands: "Commands") -> None:
    examples = 'examples:\n  eval "$(socklab completion bash)"\n  socklab completion zsh > ~/.zfunc/_socklab'
    parser = _command(
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

    print(shtab.complete(make_parser(), options.shell))
    return 0


_RUN_COMMANDS = ("replay", "scene")
"""Those that take a command to run, after `--`."""

_COMMANDS = {
    "list": _add_list,
    "next": _add_next,
    "start": _add_start,
    "check": _add_check,
    "watch": _add_watch,
    "grade": _add_grade,
    "gradebook": _add_gradebook,
    "export": _add_export,
    "similar": _add_similar,
    "replay": _add_replay,
    "scene": _add_scene,
    "run": _add_run,
    "doctor": _add_doctor,
    "dev": _add_dev,
    "completion": _add_completion,
}
