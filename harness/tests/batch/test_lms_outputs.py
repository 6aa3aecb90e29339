"""Marks in the files of an LMS: what it gave is what it gets back, with nothing changed but what is ours to fill in."""

import csv
import io
import json
import shutil
from collections.abc import Callable
from datetime import UTC, datetime
from fractions import Fraction
from pathlib import Path
from typing import NamedTuple

import pytest
import sample
from classroom import zipped
from front_door import Answer, assert_refused, socklab
from journalling import EXERCISE, handed_in, journal, report
from telling import told_of

from socklab.batch.gradebook import Gradebook
from socklab.batch.outputs import _sheets, moodle
from socklab.batch.people import Student, read_roster
from socklab.batch.policy import Policy
from socklab.model import AFTER_DUE, FAILED, HIDDEN, Report

EVIL = "raise SystemExit('<img src=x onerror=go> \"q\" and a \\\\')\n"
"""Cannot be graded, and has a say in why."""


class Class(NamedTuple):
    """What was handed in, and a gradebook in which it is graded."""

    week: Path
    gradebook: Path


@pytest.fixture(scope="module")
def graded(tmp_path_factory: pytest.TempPathFactory, solutions: Path) -> Class:
    """A download of an LMS, graded once: right, wrong, ungradable, and one who is in no worksheet."""
    return of_class(tmp_path_factory.mktemp("class"), solutions)


@pytest.fixture(scope="module")
def graded_for_canvas(tmp_path_factory: pytest.TempPathFactory, solutions: Path) -> Class:
    """The same, with its export as the roster from the beginning."""
    folder = tmp_path_factory.mktemp("canvas")
    return of_class(folder, solutions, "--roster", export(folder))


def of_class(folder: Path, solutions: Path, *words: str) -> Class:
    """Hand in and grade."""
    right, wrong = ((solutions / name).read_bytes() for name in ("right/blocking.py", "wrong/double-close.py"))
    handed = {
        "Minji Kim_1001": right,
        "Seán O'Brien_1002": wrong,
        "=HYPERLINK(1)_1003": wrong,
        "Eve_1004": EVIL.encode(),
        "Locked_1006": right,
        "Told_1007": right,
        "Stranger_1999": right,
    }
    files = {f"{who}_assignsubmission_file_/is_port_open.py": content for who, content in handed.items()}
    week = zipped(folder / "CS101-week 3-12345.zip", files)
    answer = socklab("grade", EXERCISE, week, "--no-sanitizer", *words, cwd=folder)
    assert answer.code == 0, answer
    return Class(week, folder / "gradebook.sqlite")


Grade = Callable[..., Answer]


@pytest.fixture
def grade(graded: Class, tmp_path: Path) -> Grade:
    """The command on that class, with a gradebook of the test's own."""
    return on(graded, tmp_path)


@pytest.fixture
def for_canvas(graded_for_canvas: Class, tmp_path: Path) -> Grade:
    """The same for the other one."""
    return on(graded_for_canvas, tmp_path)


def on(graded: Class, folder: Path) -> Grade:
    """The command in `folder`."""
    shutil.copyfile(graded.gradebook, folder / "gradebook.sqlite")
    return lambda *words: socklab("grade", EXERCISE, graded.week, "--no-sanitizer", *words, cwd=folder)


def shares(grade: Grade, *words: str) -> dict[str, Fraction]:
    """The part of the points that everybody has, by the JSON output."""
    results = json.loads(grade("--format", "json", *words).out)["results"]
    return {each["student"]: Fraction(str(each["points"])) / each["possible"] for each in results if each["possible"]}


def hundredths(value: Fraction) -> str:
    """As marks are written."""
    return f"{int(value * 100 + Fraction(1, 2)) / 100:.2f}"


def rows(text: str, delimiter: str = ",") -> list[list[str]]:
    """The cells of a CSV, exactly."""
    return list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True))


# -- Moodle ------------------------------------------------------------------------------------------------------------

HEADER = (
    "Identifier,\"Full name\",\"Email address\",Status,Grade,\"Maximum Grade\",\"Grade can be changed\",\"Last modified (submission)\","
    "\"Online text\",\"Last modified (grade)\",\"Feedback comments\""
)  # fmt: skip
MONDAY = '"Monday, 2 March 2026, 10:00 AM"'
PEOPLE = [
    f'"Participant 1002","Seán O\'Brien",sean@example.org,"Submitted for grading",12.00,100.00,Yes,{MONDAY},,{MONDAY},"is-port-open: 3 of 61 points"',
    f'"Participant 1001","Minji Kim",kim@example.org,"Submitted for grading",,100.00,Yes,{MONDAY},"two\nlines, ""quoted""",-,',
    f'"Participant 1003",=HYPERLINK(1),e@example.org,"Submitted for grading",,50.00,Yes,{MONDAY},=1+1,-,',
    f'"Participant 1004",Eve,eve@example.org,"Submitted for grading",,100.00,Yes,{MONDAY},,-,',
    '"Participant 1005",Gone,gone@example.org,"No submission",,100.00,Yes,-,,-,',
    f'"Participant 1006",Locked,l@example.org,"Submitted for grading",7.00,100.00,No,{MONDAY},,{MONDAY},',
    f'"Participant 1007",Told,t@example.org,"Submitted for grading",,100.00,Yes,{MONDAY},,-,"<p>See me.</p>"',
]
WORKSHEET = "\n".join([HEADER, *PEOPLE]) + "\n"
ID, GRADE, MAXIMUM, COMMENT = 0, 4, 5, 10


def worksheet(folder: Path, text: str = WORKSHEET, encoding: str = "utf-8") -> str:
    """The file to give as a roster."""
    (folder / "Grades-CS101.csv").write_bytes(text.encode(encoding))
    return "Grades-CS101.csv"


def fill_in(grade: Grade, folder: Path, text: str = WORKSHEET, encoding: str = "utf-8") -> str:
    """What comes of a worksheet."""
    answer = grade("--roster", worksheet(folder, text, encoding), "--format", "moodle", "--output", "filled.csv")
    assert answer.code == 0, answer
    return (folder / "filled.csv").read_bytes().decode()


def test_a_worksheet_is_filled_in_and_otherwise_the_same(grade: Grade, tmp_path: Path) -> None:
    """Grades of those who have one, as a share of the row's maximum; all else is as it was, cell by cell."""
    before, after = rows(WORKSHEET), rows(fill_in(grade, tmp_path))
    share = shares(grade)
    assert [row[ID] for row in after] == [row[ID] for row in before]
    for old, new in zip(before, after, strict=True):
        kept = [at for at in range(len(old)) if at not in (GRADE, COMMENT)]
        assert [new[at] for at in kept] == [old[at] for at in kept]
    grades = {row[ID].split()[-1]: row[GRADE] for row in after[1:]}
    assert grades == {
        "1001": "100.00",
        "1002": hundredths(share["1002"] * 100),
        "1003": hundredths(share["1003"] * 50),
        "1004": "0.00",
        "1005": "",
        "1006": "7.00",
        "1007": "100.00",
    }
    assert 0 < share["1002"] < 1
    untouched = {row[ID] for old, row in zip(before, after, strict=True) if old == row}
    assert untouched == {"Identifier", "Participant 1005", "Participant 1006"}


def test_comments_say_what_to_mend_and_leave_what_people_wrote(grade: Grade, tmp_path: Path) -> None:
    """Ours of an earlier time gives way to the new one."""
    comments = {row[ID].split()[-1]: row[COMMENT] for row in rows(fill_in(grade, tmp_path))[1:]}
    assert comments["1007"] == "<p>See me.</p>"
    assert (comments["1005"], comments["1006"]) == ("", "")
    assert comments["1001"].startswith("is-port-open: 6")
    assert "✗" not in comments["1001"]
    assert "3 of 61" not in comments["1002"]
    assert "<br>✗ " in comments["1002"]
    assert "<br>It looks as if " in comments["1002"]


def test_a_comment_is_html_of_which_a_learner_writes_none(grade: Grade, tmp_path: Path) -> None:
    """Tags, quotes and backslashes, which PHP's reader of CSV takes for something else, are references."""
    comments = {row[ID].split()[-1]: row[COMMENT] for row in rows(fill_in(grade, tmp_path))[1:]}
    assert (
        "&lt;img src=x onerror=go&gt; &quot;q&quot; and a &#92;<br>What shall run only when you start"
        in comments["1004"]
    )
    for comment in comments.values():
        plain = comment.replace("<br>", "").replace("<p>See me.</p>", "")
        assert [c for c in plain if c in "<>\"'\\\n\r"] == []


@pytest.mark.parametrize("newline", ["\n", "\r\n"])
@pytest.mark.parametrize("mark", ["", "\ufeff"])
def test_the_dress_of_the_file_stays(newline: str, mark: str, grade: Grade, tmp_path: Path) -> None:
    """Line ends and byte order mark are those that came; a second mark is never written."""
    text = fill_in(grade, tmp_path, mark + WORKSHEET.replace("\n", newline))
    assert text.startswith(f"{mark}Identifier,")
    assert text.endswith(newline)
    assert text.count("\r\n") == (len(PEOPLE) + 2 if newline == "\r\n" else 0)  # the header, and one within a cell
    answer = grade("--roster", worksheet(tmp_path, mark + WORKSHEET), "--format", "moodle", "--bom")
    assert answer.out.startswith("\ufeffIdentifier,")


def test_a_korean_worksheet_with_decimal_commas(grade: Grade, tmp_path: Path) -> None:
    """Columns by the words of Moodle's language pack; ids without its word for a participant."""
    text = (
        "식별자;성명;상태;성적;최대 성적;Grade can be changed;마지막 수정됨(성적);피드백 코멘트\n"
        "참가자1001;김민지;제출 완료;;20,00;예;-;\n참가자1002;숀;제출 완료;;20,00;예;-;\n참가자1006;잠김;제출 완료;1,00;20,00;아니오;-;\n"
    )
    after = rows(fill_in(grade, tmp_path, text), ";")
    assert [row[3] for row in after[1:]] == ["20,00", hundredths(shares(grade)["1002"] * 20).replace(".", ","), "1,00"]
    assert [row[0] for row in after] == ["식별자", "참가자1001", "참가자1002", "참가자1006"]
    assert after[1][7].startswith("is-port-open: ")


def test_without_those_columns_points_go_in_as_they_are(grade: Grade, tmp_path: Path) -> None:
    """Blind marking, no maximum, no comments: Identifier, Grade and the date are enough."""
    text = 'Identifier,Status,Grade,"Last modified (grade)"\n"Participant 1001",x,,-\n"Participant 1004",x,,-\n'
    points = {each["student"]: each["points"] for each in json.loads(grade("--format", "json").out)["results"]}
    assert [row[2] for row in rows(fill_in(grade, tmp_path, text))[1:]] == [f"{points['1001']}.00", "0.00"]


def test_errors_of_ours_are_no_mark_and_points_by_hand_are(grade: Grade, tmp_path: Path) -> None:
    """Nor are there more points than the maximum, which Moodle would pass over in silence."""
    with Gradebook(str(tmp_path / "gradebook.sqlite")) as book:
        journal(book, handed_in(Student("1005", "Gone")), report("x", outcome="harness-error"))
        for who in ("1001", "1008"):
            book.adjust(Student(who, "X"), EXERCISE, "+10", note="kind", author="me")
    sheet = WORKSHEET + '"Participant 1008",Ill,i@example.org,"No submission",,100.00,Yes,-,,-,\n'
    answer = grade("--roster", worksheet(tmp_path, sheet), "--format", "moodle", "--output", "filled.csv")
    assert answer.code == 4
    before, after = rows(sheet), rows((tmp_path / "filled.csv").read_bytes().decode())
    assert after[5] == before[5]
    assert after[2][GRADE] == "100.00"
    possible = json.loads(grade("--format", "json").out)["results"][0]["possible"]
    assert after[8][GRADE] == hundredths(Fraction(10, possible) * 100)


def test_who_has_no_row_is_named(grade: Grade, tmp_path: Path) -> None:
    """So no mark is lost without a word."""
    answer = grade("--roster", worksheet(tmp_path), "--format", "moodle", "--output", "filled.csv")
    assert answer.err == "wrote filled.csv\n1 student has a mark and no row in it: Stranger\n"
    assert "Stranger" not in (tmp_path / "filled.csv").read_text()


@pytest.mark.parametrize(
    ("text", "words", "parts"),
    [
        (None, (), ("--format moodle", "Download grading worksheet", "--roster")),
        ("id,name\n1001,Kim\n", (), ("no column “Identifier”", "English and Korean")),
        (WORKSHEET.replace("Last modified (grade)", "Zuletzt geändert"), (), ("no column “Last modified (grade)”",)),
        (WORKSHEET.replace("Maximum Grade", "Scale"), (), ("graded in words",)),
        (WORKSHEET.replace("50.00", "fifty"), (), ("Grades-CS101.csv: the maximum grade “fifty” is no number",)),
        (WORKSHEET, ("--anonymous",), ("--anonymous", "Moodle has to know")),
    ],
)
def test_what_is_no_worksheet_is_refused_before_grading(
    text: str | None, words: tuple[str, ...], parts: tuple[str, ...], graded: Class, tmp_path: Path
) -> None:
    """In a line that says what to do; nothing is graded for nothing."""
    roster = ("--roster", worksheet(tmp_path, text)) if text else ()
    answer = socklab("grade", EXERCISE, graded.week, "--format", "moodle", *roster, *words, cwd=tmp_path)
    assert_refused(answer, 2, *parts)
    assert not (tmp_path / "gradebook.sqlite").exists()


def hiding(*more: str) -> Report:
    """A report in which checks failed that the learner does not see, each called after who sees it."""
    hidden = (sample.LEAKS._replace(slug=each, title=f"SECRET {each}", visibility=each) for each in more)
    return sample.report(FAILED, results=(sample.OPEN, sample.HANGS, *hidden))


@pytest.mark.parametrize(
    ("due", "seen"),
    [(None, []), (datetime(2999, 1, 1, tzinfo=UTC), []), (datetime(2020, 1, 1, tzinfo=UTC), ["SECRET after-due-date"])],
)
def test_comments_keep_back_what_learners_do_not_see(due: datetime | None, seen: list[str], tmp_path: Path) -> None:
    """Some of it until the due date; the points are those of all checks."""
    roster = read_roster(str(tmp_path / worksheet(tmp_path)))
    with told_of(tmp_path, {roster["1001"]: hiding(HIDDEN, AFTER_DUE)}, roster=roster, policy=Policy(due=due)) as told:
        comment = rows(moodle.render(told))[2][COMMENT]
    assert [words for words in ("SECRET hidden", "SECRET after-due-date") if words in comment] == seen
    assert sample.HANGS.title in comment
    assert comment.startswith("is-port-open: 3 of 6 points")
    assert f"{2 - len(seen)} more check" in comment


# -- Canvas ------------------------------------------------------------------------------------------------------------

EXPORT = '''\
Student,ID,SIS User ID,SIS Login ID,Section,Notes,Is anything listening? (4711),is-port-open again (4712),Current Score,Final Grade
,,,,,,Manual Posting,,,
    Points Possible,,,,,,20.0,5,(read only),(read only)
"Kim, Minji",51,1001,kim,"A and B",shy,,3,15.00,B
"O'Brien, Seán",52,1002,sean,A,,12.00,,20.00,B
"=""=HYPERLINK(1)""",53,1003,evil,A,,,,0.00,F
Gone,54,1005,gone,A,,7.50,,,F
Excused,55,1006,ex,A,,EX,,,F
Elsewhere,56,1007,else,B,,N/A,,,F
Elsewhere,56,1007,else,C,,0,,,F
Short,58
"Student, Test",57,,abc123,A,,1,,,
'''
COLUMNS = ["Student", "ID", "SIS User ID", "SIS Login ID", "Section", "Is anything listening? (4711)"]


def export(folder: Path, text: str = EXPORT) -> str:
    """The file to give as a roster."""
    (folder / "Grades-CS101.csv").write_text(text)
    return "Grades-CS101.csv"


def to_import(for_canvas: Grade, folder: Path, text: str = EXPORT, *words: str) -> str:
    """What comes of an export."""
    answer = for_canvas("--roster", export(folder, text), "--format", "canvas", "--output", "import.csv", *words)
    assert answer.code == 0, answer
    return (folder / "import.csv").read_bytes().decode()


def test_canvas_gets_its_own_columns_and_the_one_assignment(for_canvas: Grade, tmp_path: Path) -> None:
    """Exactly those; names as it wrote them; whatever is no mark of ours as it was, or Canvas would delete it."""
    share = shares(for_canvas, "--roster", export(tmp_path))
    header, possible, *people = rows(to_import(for_canvas, tmp_path))
    assert header == COLUMNS
    assert possible == ["    Points Possible", "", "", "", "", "20.0"]
    assert [row[:5] for row in people] == [[*row, "", "", ""][:5] for row in rows(EXPORT)[3:]]
    marks = [(row[1], row[4], row[5]) for row in people]
    assert marks == [
        ("51", "A and B", "20.00"),
        ("52", "A", hundredths(share["52"] * 20)),
        ("53", "A", hundredths(share["53"] * 20)),
        ("54", "A", "7.50"),
        ("55", "A", "EX"),
        ("56", "B", "N/A"),
        ("56", "C", "20.00"),
        ("58", "", ""),
        ("57", "A", "1"),
    ]
    assert people[2][0] == '="=HYPERLINK(1)"'


def test_canvas_students_are_known_by_their_sis_id(for_canvas: Grade, tmp_path: Path) -> None:
    """Who has no row is named on standard error."""
    answer = for_canvas("--roster", export(tmp_path), "--format", "canvas", "--output", "import.csv")
    assert answer.err.splitlines()[1:] == ["2 students have marks and no row in it: Eve, Stranger"]


@pytest.mark.parametrize(
    ("assignments", "words", "chosen"),
    [
        (["is-port-open (1)", "other (2)"], (), "is-port-open (1)"),
        (["Is Port Open (1)", "Is anything (2)"], (), "Is Port Open (1)"),
        (["Week 3: is-port-open (1)", "Quiz (2)"], (), "Week 3: is-port-open (1)"),
        (["Week 3: is-port-open (1)", "is-port-open (2)"], (), "is-port-open (2)"),
        (["HW 3 (1)", "HW 4 (2)"], ("--assignment", "HW 4"), "HW 4 (2)"),
        (["HW 3 (1)", "HW 3 (2)"], ("--assignment", "2"), "HW 3 (2)"),
        (["HW 3 (1)", "HW 3 (2)"], ("--assignment", "hw 3 (1)"), "HW 3 (1)"),
    ],
)
def test_the_assignment_is_found_or_said(
    assignments: list[str], words: tuple[str, ...], chosen: str, for_canvas: Grade, tmp_path: Path
) -> None:
    """By the exercise's name or title, as it stands before within another; or as --assignment says."""
    one, other = assignments
    text = EXPORT.replace("Is anything listening? (4711)", one).replace("is-port-open again (4712)", other)
    assert rows(to_import(for_canvas, tmp_path, text, *words))[0][-1] == chosen


def test_canvas_in_semicolons_with_first_and_last_names(for_canvas: Grade, tmp_path: Path) -> None:
    """As it exports for other countries, and where names are in two columns; points are read with a comma."""
    text = "LastName;FirstName;ID;SIS Login ID;Section;is-port-open (9)\n    Points Possible;;;;;10,5\nKim;Minji;51;kim;A;\n"
    header, possible, kim = rows(to_import(for_canvas, tmp_path, text), ";")
    assert (header[-1], possible[-1], kim) == ("is-port-open (9)", "10,5", ["Kim", "Minji", "51", "kim", "A", "10.50"])
    assert read_roster(str(tmp_path / export(tmp_path, text)))["51"].name == "Minji Kim"


@pytest.mark.parametrize(
    ("text", "words", "parts"),
    [
        (None, (), ("--format canvas", "Export", "--roster")),
        ("id,name\n1001,Kim\n", (), ("no gradebook of Canvas",)),
        (EXPORT.replace("Is anything listening? (4711)", "HW 3 (4711)").replace("is-port-open again", "HW 4"), (), ("no assignment in it is called is-port-open", "--assignment NAME: “HW 3 (4711)”, “HW 4 (4712)”")),
        (EXPORT.replace("Is anything listening? (4711)", "is-port-open hard (4711)"), (), ("more than one assignment", "“is-port-open hard (4711)”, “is-port-open again (4712)”. Say which with --assignment NAME")),
        (EXPORT.replace("4711", "x").replace("4712", "y"), (), ("there is no assignment in it",)),
        (EXPORT, ("--assignment", "Final"), ("no assignment in it is called Final", "“Is anything listening? (4711)”")),
        (EXPORT.replace("20.0,5", "0,5"), (), ("worth no points in Canvas",)),
        (EXPORT, ("--anonymous",), ("--anonymous", "Canvas has to know")),
    ],
)  # fmt: skip
def test_what_is_no_export_is_refused_before_grading(
    text: str | None, words: tuple[str, ...], parts: tuple[str, ...], graded: Class, tmp_path: Path
) -> None:
    """In a line that says what there is instead."""
    roster = ("--roster", export(tmp_path, text)) if text else ()
    answer = socklab("grade", EXERCISE, graded.week, "--format", "canvas", *roster, *words, cwd=tmp_path)
    assert_refused(answer, 2, *parts)
    assert not (tmp_path / "gradebook.sqlite").exists()


# -- numbers -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("value", "text"),
    [(Fraction(1, 3), "0.33"), (Fraction(2, 3), "0.67"), (Fraction(1, 200), "0.01"), (Fraction(-1, 2), "-0.50"),
     (Fraction(0), "0.00"), (Fraction(-1, 1000), "0.00"), (Fraction(1234567), "1234567.00")],
)  # fmt: skip
def test_marks_have_two_decimals(value: Fraction, text: str) -> None:
    """Half up, from exact numbers."""
    assert _sheets.decimal(value) == text


@pytest.mark.parametrize(("text", "value"), [("20", 20), (" 20,50 ", 20.5), ("1.5", 1.5), ("", None), ("1e3", None), ("-1", None), ("1.2.3", None), ("²", None)])  # fmt: skip
def test_numbers_of_all_countries(text: str, value: float | None) -> None:
    """With a point or a comma; nothing else is one."""
    assert _sheets.number(text) == value
