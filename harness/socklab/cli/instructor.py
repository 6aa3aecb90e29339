"""Commands of those who grade a class: grade, gradebook, similar, export."""

import argparse
import itertools
import sys
from typing import TYPE_CHECKING

from ..errors import UsageError
from ..i18n import tr
from .parsing import Help, add_exercise, add_lang, add_no_sanitizer, command

if TYPE_CHECKING:
    from .parsing import Commands


def _add_class(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("sources", metavar="SOURCE", nargs="+", help=tr("folders, archives and files of submissions"))
    parser.add_argument("--roster", metavar="CSV", help=tr("who is in the class: a CSV file of your LMS"))


def _add_gradebook_file(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--gradebook",
        metavar="FILE",
        default="gradebook.sqlite",
        help=tr("where grades are kept (default: gradebook.sqlite)"),
    )


_GRADE_EXAMPLES = """\
examples:
  socklab grade is-port-open submissions.zip                     a download of an LMS, a folder, an archive
  socklab grade is-port-open week3 late.zip --roster class.csv   two sources; says who is missing
  socklab grade is-port-open week3 --format csv --output marks.csv
  socklab grade is-port-open week3 --due 2026-03-01T23:59+09:00 --late "10% per day, at most 50%"

What was graded is kept in the gradebook. The same command again grades only what is new, and goes on where
Ctrl-C or a crash stopped it. It ends with 0 once all that could be taken is graded, whatever the verdicts;
with 2 if no submission was found, with 4 if harness errors remain, with 130 after Ctrl-C."""


def add_grade(commands: "Commands") -> None:
    """The words of `socklab grade`."""
    from ..batch import outputs

    parser = command(commands, "grade", tr("grade a class"), run_grade, tr(_GRADE_EXAMPLES))
    add_exercise(parser)
    _add_class(parser)
    _add_gradebook_file(parser)
    parser.add_argument(
        "--workers",
        metavar="N",
        type=int,
        help=tr("how many to grade at once (default: one a processor, up to two while some of them rest)"),
    )
    parser.add_argument("--regrade", action="store_true", help=tr("grade again what has not changed, too"))
    parser.add_argument(
        "--policy", choices=("best", "last"), default="best", help=tr("which attempt counts (default: best)")
    )
    parser.add_argument("--due", metavar="DATE", help=tr("when it was due, with the time zone: 2026-03-01T23:59+09:00"))
    parser.add_argument(
        "--late",
        metavar="RULE",
        help=tr('what being late costs: "10%% per day, at most 50%%, refused after 7 days"; each part may be left out'),
    )
    parser.add_argument(
        "--tier",
        choices=("private", "shared"),
        help=tr("private unless you ask for shared: this machine's own loopback, less contained"),
    )
    add_no_sanitizer(parser)
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
    add_lang(parser)


def run_grade(options: argparse.Namespace) -> int:
    """`socklab grade`."""
    from ..batch.command import Request, grade_class
    from ..grading import Options

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


_GRADEBOOK_EXAMPLES = """\
examples:
  socklab gradebook history "Kim Minji"                                  attempts, grades, what was changed by hand
  socklab gradebook adjust is-port-open 2000017 +2 --note "oral exam"     points on top; -2 takes away, 40 replaces
  socklab gradebook withdraw 3 --note "it was somebody else"              adjustment 3 no longer counts

A student is named by id, name or e-mail address. Nothing is ever deleted: all of it stays in the history."""


def add_gradebook(commands: "Commands") -> None:
    """The words of `socklab gradebook`."""
    summary = tr("look into a gradebook, and change points by hand")
    parser = commands.add_parser(
        "gradebook",
        help=summary,
        description=summary[0].upper() + summary[1:] + ".",
        epilog=tr(_GRADEBOOK_EXAMPLES),
        formatter_class=Help,
    )
    inner = parser.add_subparsers(prog="socklab gradebook", title="commands", metavar="COMMAND", required=True)
    history = command(inner, "history", tr("show all that is known of a student"), run_history)
    history.add_argument("student", metavar="STUDENT", help=tr("id, name or e-mail address"))
    history.add_argument("exercises", metavar="EXERCISE", nargs="*", help=tr("default: all"))
    adjust = command(inner, "adjust", tr("change the points of a student"), run_adjust)
    add_exercise(adjust)
    adjust.add_argument("student", metavar="STUDENT", help=tr("id, name or e-mail address"))
    adjust.add_argument("change", metavar="CHANGE", help=tr("+1.5, -2, or points that replace what was earned"))
    adjust.add_argument("--roster", metavar="CSV", help=tr("who is in the class, for somebody who handed in nothing"))
    withdraw = command(inner, "withdraw", tr("take an adjustment back"), run_withdraw)
    withdraw.add_argument("number", metavar="NUMBER", type=int, help=tr("the adjustment's, as the history shows it"))
    for changing in (adjust, withdraw):
        changing.add_argument("--note", metavar="TEXT", required=True, help=tr("why; it stands beside the marks"))
        changing.add_argument("--author", metavar="NAME", help=tr("who says so (default: your login)"))
    for each in (history, adjust, withdraw):
        _add_gradebook_file(each)
        add_lang(each)


def run_history(options: argparse.Namespace) -> int:
    """`socklab gradebook history`."""
    from ..batch.byhand import history

    sys.stdout.write(history(options.gradebook, options.student, options.exercises))
    return 0


def run_adjust(options: argparse.Namespace) -> int:
    """`socklab gradebook adjust`."""
    from ..batch.byhand import adjust

    change = adjust(
        options.gradebook,
        options.exercise,
        options.student,
        options.change,
        note=options.note,
        author=options.author or _login(),
        roster=options.roster,
    )
    print(change)
    return 0


def run_withdraw(options: argparse.Namespace) -> int:
    """`socklab gradebook withdraw`."""
    from ..batch.byhand import withdraw

    print(withdraw(options.gradebook, options.number, note=options.note, author=options.author or _login()))
    return 0


def _login() -> str:
    """Whoever types. Raises UsageError if this machine does not know."""
    import getpass

    try:
        return getpass.getuser()
    except (KeyError, OSError) as error:
        raise UsageError("this machine does not know your login; say who you are: --author NAME.") from error


_SIMILAR_EXAMPLES = """\
examples:
  socklab similar is-port-open submissions.zip --output similar.html
  socklab similar is-port-open week3 late.zip --threshold 0.9

What it finds is a hint where to look and no more: it says that two texts are alike, never why.
It needs the extra `similarity`: pip install 'socklab[similarity]'"""


def add_similar(commands: "Commands") -> None:
    """The words of `socklab similar`."""
    summary = tr("show which submissions of a class are alike, as a hint for a person")
    parser = command(commands, "similar", summary, run_similar, tr(_SIMILAR_EXAMPLES))
    add_exercise(parser)
    _add_class(parser)
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
    add_lang(parser)


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
    from ..batch.similar_told import Request, tell_what_is_alike

    return tell_what_is_alike(
        Request(options.exercise, options.sources, options.threshold, options.format, options.output, options.roster)
    )


_EXPORT_EXAMPLES = """\
examples:
  socklab export gradescope is-port-open                     is-port-open-gradescope.zip
  socklab export prairielearn is-port-open --output course   a question for a course
  socklab export check50 is-port-open --lang ko              checks that speak Korean to learners

It takes socklab and the exercise along, hidden checks and all, and nothing else: no solutions."""


def add_export(commands: "Commands") -> None:
    """The words of `socklab export`."""
    from .. import exports

    parser = command(commands, "export", tr("make what another grader takes"), run_export, tr(_EXPORT_EXAMPLES))
    parser.add_argument("grader", choices=exports.names(), help=tr("the grader that takes it"))
    add_exercise(parser)
    parser.add_argument("--output", metavar="PATH", help=tr("a folder, or a zip if it ends in .zip (default: here)"))
    add_lang(parser)


def run_export(options: argparse.Namespace) -> int:
    """`socklab export`."""
    from ..exports._command import export

    export(options.grader, options.exercise, options.output)
    return 0
