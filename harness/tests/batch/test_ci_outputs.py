"""A class told to machines: JUnit, GitHub workflows, Parquet; and nobody's name, file or output commands any of them."""

import io
import os
import re
import shutil
import tempfile
import unicodedata
import xml.etree.ElementTree
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

import pyarrow
import pytest
import sample
from classroom import lay
from front_door import Answer, assert_refused, socklab
from hypothesis import given, settings
from hypothesis import strategies as st
from journalling import EXERCISE
from markdown_it import MarkdownIt
from pyarrow import parquet as arrow
from telling import told_of

from socklab.batch.intake import Trouble
from socklab.batch.outputs import csv as marks
from socklab.batch.outputs import github, junit, markdown, parquet
from socklab.batch.people import Student
from socklab.batch.told import Told
from socklab.model import FAILED, HARNESS_ERROR, HIDDEN, PASSED, UNGRADABLE, Diagnostic, RecordedCall, Report
from socklab.reports import github as annotations
from socklab.reports import markdown as summaries
from socklab.reports.terminal import visible

BAD_NAME = "##[stop-commands]x\n::add-mask::passed"
"""What an instructor's roster may say that a student calls themselves."""


class Class(NamedTuple):
    """A folder with hand-ins, a roster, and a gradebook in which they are graded."""

    folder: Path

    def __call__(self, format_name: str, *words: str) -> Answer:
        """Tell it, in a copy."""
        return socklab(
            *("grade", EXERCISE, "week", "--no-sanitizer", "--roster", "class.csv", "--format", format_name, *words),
            cwd=self.folder,
        )


@pytest.fixture(scope="module")
def graded(tmp_path_factory: pytest.TempPathFactory, solutions: Path) -> Class:
    """Right, leaking, not to be built, missing, unreadable, with names that mean harm."""
    folder = tmp_path_factory.mktemp("class")
    right, leaks = ((solutions / name).read_bytes() for name in ("right/blocking.py", "wrong/leak-on-refused.py"))
    files = {"kim.py": right, "lee.py": leaks, "bad.py": b"def is_port_open(port:\n", "::error::x.txt": b"x"}
    lay(folder / "week", files)
    (folder / "class.csv").write_text(f'id,name\nkim,"{BAD_NAME}"\nlee,"@lee | `x` <b>\x01\x1b"\ngone,Gone\nbad,Bad\n')
    assert socklab("grade", EXERCISE, "week", "--no-sanitizer", "--roster", "class.csv", cwd=folder).code == 0
    return Class(folder)


@pytest.fixture
def the_class(graded: Class, tmp_path: Path) -> Class:
    """One of the test's own."""
    shutil.copytree(graded.folder, tmp_path / "class")
    return Class(tmp_path / "class")


# -- JUnit -------------------------------------------------------------------------------------------------------------


def test_junit_has_a_suite_a_student_and_a_case_a_check(the_class: Class) -> None:
    """The numbers on top are those of the cases below; nobody is left out; names are classes, so none hides another."""
    answer = the_class("junit")
    assert answer.code == 0
    suites = {each.get("name", "").split()[0]: each for each in xml.etree.ElementTree.fromstring(answer.out)}
    assert list(suites) == ["kim", "lee", "gone", "bad"]
    counts = {}
    for who, suite in suites.items():
        cases = suite.findall("testcase")
        found = Counter(child.tag for case in cases for child in case)
        named = {name: int(suite.get(name, "")) for name in ("tests", "failures", "errors", "skipped")}
        assert named == {
            "tests": len(cases),
            "failures": found["failure"],
            "errors": found["error"],
            "skipped": found["skipped"],
        }
        assert {case.get("classname") for case in cases} == {f"{EXERCISE}.{who}"}
        counts[who] = (len(cases) > 40, found["failure"] > 0, found["error"])
    assert counts == {
        "kim": (True, False, 0),
        "lee": (True, True, 0),
        "gone": (False, False, 0),
        "bad": (False, True, 0),
    }
    (missing,) = suites["gone"].iter("skipped")
    assert missing.get("message") == "Nothing was handed in."
    known = {each.get("name"): each.get("value") for each in suites["lee"].iter("property")}
    assert (known["student"], known["verdict"], known["late"]) == ("lee", "failed", "no")
    assert float(known["points"] or 0) < float(known["possible"] or 0)
    assert known["name"] == "@lee | `x` <b>\\x01\\x1b"


@given(name=st.text(min_size=1, max_size=30), file=st.text(min_size=1, max_size=30), got=st.text(max_size=50))
@settings(max_examples=40, deadline=None)
def test_junit_is_xml_whatever_is_in_it(name: str, file: str, got: str) -> None:
    """Control characters, halves of characters and markup are shown, and change no structure."""
    report = sample.report(FAILED, file=file, results=(sample.LEAKS._replace(got=got, message=name),), reason=got)
    with class_of({Student(name, name): report}) as told:
        suite, _ = xml.etree.ElementTree.fromstring(junit.render(told).encode("utf-8"))
    assert [each.tag for each in suite] == ["properties", "testcase"]
    assert [each.tag for each in suite[1]] == ["failure"]


def test_junit_marks_what_learners_do_not_see(tmp_path: Path) -> None:
    """It is for those who grade."""
    report = sample.report(FAILED, results=(sample.LEAKS._replace(visibility=HIDDEN), sample.OPEN))
    with told_of(tmp_path, {Student("kim", "Kim"): report}) as told:
        names = [each.get("name") for each in xml.etree.ElementTree.fromstring(junit.render(told)).iter("testcase")]
    assert names == [
        "nothing-left-after-refusal: nothing is left open after a refusal (hidden)",
        "open-port: a port that somebody listens on is open",
    ]


# -- GitHub: a model of the runner -------------------------------------------------------------------------------------

REGISTERED = {
    "add-mask", "add-matcher", "add-path", "debug", "echo", "endgroup", "error", "group", "internal-set-repo-path", "notice",
    "remove-matcher", "save-state", "set-env", "set-output", "stop-commands", "warning",
}  # fmt: skip


class Command(NamedTuple):
    """What a runner obeyed."""

    name: str
    properties: dict[str, str]
    data: str


def obeyed(log: str) -> list[Command]:
    """What the runner makes of a log, as src/Runner.Common/ActionCommand.cs and ActionCommandManager.cs of actions/runner do.

    It compares by the rules of a language, for which invisible characters do not count; so they do not here.
    """
    known, stopped, found = set(REGISTERED), "", []
    for line in re.split(r"\r\n|\r|\n", log):
        line = "".join(c for c in line if unicodedata.category(c) not in ("Cc", "Cf"))
        command = new_style(line.lstrip(), known) or old_style(line, known)
        if command is None or (stopped and command.name != stopped):
            continue
        found.append(command)
        if stopped:
            known.discard(stopped)
            stopped = ""
        elif command.name == "stop-commands":
            stopped = command.data
            known.add(stopped)
    assert not stopped, "commands are off for whatever comes after"
    return found


def new_style(line: str, known: set[str]) -> Command | None:
    """::name key=value,key=value::data."""
    if not line.startswith("::") or (end := line.find("::", 2)) < 0:
        return None
    name, _, properties = line[2:end].partition(" ")
    pairs = [pair.split("=", 1) for pair in properties.strip().split(",") if "=" in pair]
    if name not in known:
        return None
    return Command(name, {key: unescaped(value, ":,") for key, value in pairs}, unescaped(line[end + 2 :]))


def old_style(line: str, known: set[str]) -> Command | None:
    """##[name key=value;key=value]data, anywhere in a line."""
    begin = line.find("##[")
    end = line.find("]", begin)
    name = line[begin + 3 : end].partition(" ")[0]
    return Command(name, {}, unescaped(line[end + 1 :], ";]")) if begin >= 0 and end >= 0 and name in known else None


def unescaped(text: str, more: str = "") -> str:
    """In the order of the runner: the percent sign last."""
    for character in (*"\r\n", *more, "%"):
        text = text.replace(f"%{ord(character):02X}", character)
    return text


PIECES = [
    "::error::x", "\n::set-output name=a::b", "\n  ::stop-commands::t", "::add-mask::a", "##[add-mask]a", "##[error]x", "%0A::error::x",
    "%25", "%", "\r", "\n", ",line=1", ",title=x::", "::", ":", "]", "`", "``", "|", "\\", "\\|", "<script>", "<!--", "](http://x)", "![", "@kim", "#1",
    "$x$", "**", "---", "http://example.org", "www.example.org", "\u2028", "\x85", "\u00ad::error::x", "\x1b[2J", "\udce9", "\u202e", " ", "a", "김", "&lt;", "&#124;", "\ufe0f",
]  # fmt: skip
HOSTILE = st.lists(st.one_of(st.sampled_from(PIECES), st.text(max_size=4)), min_size=1, max_size=6).map("".join)
VISIBLE = HOSTILE.filter(lambda text: bool("".join(visible(text).split())))


def hostile_report(text: str, outcome: str = FAILED) -> Report:
    """One in which `text` stands wherever a learner has a say."""
    calls = (RecordedCall(text, 3, arranged=False, at=0.0, seconds=0.1),)
    failed = sample.LEAKS._replace(got=text, message=text, tried=f"f({text})", calls=calls)
    untried = failed._replace(slug="untried", tried="-", calls=(), message=f"Not tried: {text}.")
    return sample.report(
        outcome,
        file=text,
        content=text.encode("utf-8", "replace"),
        results=(failed, failed._replace(slug="other", expected=""), untried) if outcome == FAILED else (),
        diagnostics=(Diagnostic("error", 2, 1, text), Diagnostic("note", 2, 1, text)),
        reason="" if outcome == FAILED else text,
        remarks=(text,),
        output=text,
    )


@contextmanager
def class_of(reports: dict[Student, Report], text: str = "x") -> Iterator[Told]:
    """A class with troubles, in which `text` is where everything came from."""
    with tempfile.TemporaryDirectory() as folder:
        troubles = (Trouble(text, Student(text, text), text), Trouble(text, None, text))
        with told_of(Path(folder), reports, dict.fromkeys(reports, text), troubles=troubles) as told:
            yield told


def assert_tame(log: str) -> list[Command]:
    """Nothing is obeyed but annotations, a line each, and at the end that commands stop and go on; the annotations."""
    *found, stop, go_on = obeyed(log)
    assert {each.name for each in found} <= {"error", "warning", "notice"}
    assert (stop.name, go_on.name) == ("stop-commands", stop.data)
    assert {key for each in found for key in each.properties} <= {"file", "line", "title"}
    lines = log.split("\n")
    assert lines.index(f"::stop-commands::{stop.data}") == len(found)
    assert lines[-2:] == [f"::{stop.data}::", ""]
    return found


# -- GitHub: annotations -----------------------------------------------------------------------------------------------


def test_check_annotates_the_learners_lines(solutions: Path, tmp_path: Path) -> None:
    """What failed is an error where it happened, what it may be a warning; the report is below, for the log."""
    source = shutil.copyfile(solutions / "wrong" / "leak-on-refused.py", tmp_path / "is_port_open.py").read_text()
    answer = socklab("check", "is_port_open.py", "--no-sanitizer", "--format", "github", cwd=tmp_path)
    assert (answer.code, answer.err) == (1, "")
    found = assert_tame(answer.out)
    errors, warnings = ([each for each in found if each.name == name] for name in ("error", "warning"))
    assert {each.properties["file"] for each in found} == {"is_port_open.py"}
    assert errors[0].properties["title"] == "nothing is left open after a refusal"
    assert errors[0].data.startswith("expected nothing left open, got descriptor ")
    assert "connect" in source.split("\n")[int(errors[0].properties["line"]) - 1]
    assert warnings[0].properties["title"] == "It looks as if after a refusal the socket stays open"
    assert "\nFirst thing to fix\n" in answer.out


def test_whoever_passes_is_not_annotated(right_py: Path, tmp_path: Path) -> None:
    """The log says so all the same."""
    answer = socklab("check", right_py.name, "--no-sanitizer", "--format", "github", cwd=tmp_path)
    assert (answer.code, assert_tame(answer.out)) == (0, [])
    assert "✓ passed" in answer.out


def test_github_shows_ten_of_each_and_hears_how_many_more() -> None:
    """Those to mend first, which are told first everywhere."""
    failed = tuple(sample.LEAKS._replace(slug=f"c{n}", title=f"check {n}", hint=str(n)) for n in range(13))
    ours = sample.harness_error_report()
    found = assert_tame(annotations.render_many([ours, sample.report(FAILED, results=failed)]))
    assert [each.name for each in found] == ["error"] * 10 + ["notice"]
    assert found[0].data == ours.reason
    assert [each.properties["title"] for each in found[1:10]] == [f"check {n}" for n in range(9)]
    assert found[-1].properties["title"] == "4 more annotations are not shown"


def test_titles_and_messages_are_no_longer_than_github_takes() -> None:
    """It would refuse the one and cut the other."""
    long = sample.LEAKS._replace(title="t" * 300, message="m" * 5000)
    (found,) = assert_tame(annotations.render_many([sample.report(FAILED, results=(long,))]))
    assert (len(found.properties["title"]), len(found.data)) == (255, 4096)


@given(text=HOSTILE, outcome=st.sampled_from([FAILED, UNGRADABLE, HARNESS_ERROR]))
@settings(max_examples=300, deadline=None)
def test_no_learner_commands_the_runner(text: str, outcome: str) -> None:
    """Whatever a file is called, holds and prints, and whatever it is asked for."""
    found = assert_tame(annotations.render_many([hostile_report(text, outcome)], hints=2))
    assert len(found) == {FAILED: 2, UNGRADABLE: 1, HARNESS_ERROR: 1}[outcome]
    kept = "".join(c for c in visible(text) if unicodedata.category(c) != "Cf")
    assert [each.properties.get("file", "") for each in found] == [kept] * len(found)


@given(text=HOSTILE, outcome=st.sampled_from([FAILED, UNGRADABLE, HARNESS_ERROR]))
@settings(max_examples=60, deadline=None)
def test_no_learner_commands_the_runner_of_a_class(text: str, outcome: str) -> None:
    """Neither by name nor by what was handed in, and where it lay."""
    reports = {Student(f"{text}{n}", text): hostile_report(text, outcome) for n in range(2)}
    with class_of(reports, text) as told:
        found = assert_tame(github.render(told))
    assert [each.name for each in found] == ["error", "error", "warning", "warning"]


def test_a_guard_that_does_not_hold_is_noticed() -> None:
    """The model of the runner obeys what stands in the open, in both styles, and what follows the end of a guard."""
    nothing = "x\n"
    for text in (
        "::error::x",
        "  ::error::x",
        "a ##[error]x",
        "\u00ad::error::x",
        f"{annotations.guarded(nothing)}::error::x",
    ):
        assert obeyed(f"\n{text}\n")[-1].name == "error"
    assert [each.name for each in obeyed("::stop-commands::t\n::error::x\n##[error]x\n::t::")] == ["stop-commands", "t"]


def test_no_guard_ends_with_the_words_of_another() -> None:
    """Whoever has seen a log, and prints what was in it, is not obeyed."""
    seen = annotations.guarded("x\n")
    assert len(assert_tame(annotations.guarded(f"{seen}::error::x\n{seen}"))) == 0


def test_a_class_is_annotated_where_somebody_needs_a_look(the_class: Class) -> None:
    """Ungradable first, then failed, at the file's own line; the page is in the log, and nothing besides."""
    answer = the_class("github")
    assert (answer.code, answer.err) == (0, "")
    bad, lee, refused = assert_tame(answer.out)
    assert (bad.name, bad.properties["file"], bad.properties["line"]) == ("error", "week/bad.py", "1")
    assert bad.properties["title"].startswith("Bad: ! cannot be graded 0/")
    assert (lee.name, lee.properties["file"]) == ("error", "week/lee.py")
    assert re.fullmatch(r"@lee \| `x` <b>\\x01\\x1b: ✗ failed \d+/\d+", lee.properties["title"])
    assert lee.data.startswith("nothing is left open after a refusal\nexpected nothing left open, got ")
    assert (refused.name, refused.data.split(": ")[0]) == ("warning", "week/::error::x.txt")
    assert "\n4 students: 1 passed, 1 failed, 1 ungradable, 1 missing\n" in answer.out


def test_of_a_large_class_the_gravest_are_annotated(tmp_path: Path) -> None:
    """What is ours to mend comes before what learners have to."""
    reports = {
        Student(f"f{n:02}", f"F {n}"): sample.report(FAILED, results=(sample.LEAKS,), content=b"%d" % n)
        for n in range(12)
    }
    reports[Student("x", "X")] = sample.harness_error_report()._replace(content=b"x")
    with told_of(tmp_path, reports) as told:
        found = assert_tame(github.render(told))
    assert [each.name for each in found] == ["error"] * 10 + ["notice"]
    assert found[0].properties["title"].startswith("X: ! the grader failed")
    assert found[-1].properties["title"] == "3 more annotations are not shown"


# -- GitHub: job summary -----------------------------------------------------------------------------------------------


def structure(text: str) -> list[str]:
    """What Markdown is made of, without its words."""
    return [
        inner.type
        for token in MarkdownIt("commonmark", {"html": True}).enable("table").parse(text)
        for inner in (token, *(token.children or ()))
        if inner.type != "text"
    ]


def test_a_summary_of_a_class(the_class: Class) -> None:
    """It is Markdown with a row for each student; the file is written as asked, and the log is for the annotations."""
    answer = the_class("markdown", "--output", "summary.md", "--format", "github")
    assert answer.code == 0
    assert answer.err == "wrote summary.md\n"
    assert_tame(answer.out)
    text = (the_class.folder / "summary.md").read_text()
    assert text.startswith("## is-port-open: Is anything listening?\n\n4 students. ✓ passed: 1, ✗ failed: 1, ")
    found = structure(text)
    assert found.count("tr_open") == 2 + 5  # what was not graded, and everybody, each with a head
    assert "html_inline" not in found
    assert "| `@lee \\x7c \\x60x\\x60 <b>\\x01\\x1b` | ✗ failed | " in text
    assert "| nothing is left open after a refusal | after a refusal the socket stays open |\n" in text
    assert re.search(r"\| `Bad` \| ! cannot be graded \| 0/\d+ \|  \| `.*line 1.*` \|  \|\n", text)


def test_a_summary_of_one_submission(solutions: Path, tmp_path: Path) -> None:
    """For a repository of a learner's own."""
    shutil.copyfile(solutions / "wrong" / "leak-on-refused.py", tmp_path / "is_port_open.py")
    answer = socklab("check", "is_port_open.py", "--no-sanitizer", "--format", "markdown", cwd=tmp_path)
    assert (answer.code, answer.err) == (1, "")
    assert answer.out.startswith("\n### `is_port_open.py` is-port-open: Is anything listening?\n\n**✗ failed** ")
    assert "| nothing is left open after a refusal | `expected nothing left open, got descriptor " in answer.out


@given(text=VISIBLE, outcome=st.sampled_from([FAILED, UNGRADABLE, HARNESS_ERROR]))
@settings(max_examples=200, deadline=None)
def test_no_learner_writes_markup(text: str, outcome: str) -> None:
    """A summary has the same parts whoever is in it; what they wrote is in code spans, in which there is nothing to obey."""
    told, plain = (summaries.render_many([hostile_report(each, outcome)], hints=2) for each in (text, "x"))
    assert structure(told) == structure(plain)


@given(text=VISIBLE)
@settings(max_examples=40, deadline=None)
def test_no_learner_writes_markup_into_that_of_a_class(text: str) -> None:
    """Neither by name nor by where something lay."""
    texts = []
    for each in (text, "x"):
        with class_of({Student(f"{each}{n}", each): hostile_report(each) for n in range(2)}, each) as told:
            texts.append(markdown.render(told))
    assert structure(texts[0]) == structure(texts[1])


def test_a_summary_is_cut_between_rows_and_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """GitHub would drop all of it."""
    monkeypatch.setattr(summaries, "LARGEST", 2500)
    reports = {Student(f"s{n:02}", "김민지" * 5): sample.report(PASSED, content=b"%d" % n) for n in range(60)}
    with told_of(tmp_path, reports) as told:
        text = markdown.render(told)
    assert len(text.encode()) <= 2500
    students = [line for line in text.split("\n") if line.startswith("| `김")]
    assert all(line.endswith("|") for line in students)
    assert 10 < len(students) < 60
    assert text.endswith(
        f"\n**{60 - len(students)} more rows are left out: GitHub drops a summary of more than 1 MiB.**\n"
    )


# -- Parquet -----------------------------------------------------------------------------------------------------------


def test_parquet_has_a_row_a_check_with_types(the_class: Class) -> None:
    """The same numbers as the table of marks; whoever has no checks has a row without."""
    answer = the_class("parquet", "--output", "marks.parquet")
    assert (answer.code, answer.err) == (0, "wrote marks.parquet\n")
    table = arrow.read_table(the_class.folder / "marks.parquet")
    assert table.schema.names[: len(marks.COLUMNS)] == marks.COLUMNS
    assert table.schema.names[:5] == ["student", "exercise", "verdict", "points", "possible"]
    types = {field.name: str(field.type) for field in table.schema}
    assert (types["points"], types["late"], types["graded"]) == ("double", "bool", "timestamp[ms, tz=UTC]")
    assert types["mistakes"].startswith("list<")
    found = table.to_pylist()
    rows = Counter(each["student"] for each in found)
    assert (rows["gone"], rows["bad"], rows["kim"] > 40, rows["lee"] > 40) == (1, 1, True, True)
    (gone,) = (each for each in found if each["student"] == "gone")
    assert (gone["verdict"], gone["check"], gone["graded"], gone["mistakes"]) == ("missing", None, None, None)
    lee = [each for each in found if each["student"] == "lee"]
    assert sum(each["earned"] for each in lee if not each["is_bonus"]) == lee[0]["points"]
    assert lee[0]["mistakes"] == ["leak-on-refused"]
    assert {each["visibility"] for each in lee} == {"visible"}
    assert "failed" in {each["outcome"] for each in lee}
    kim = next(each for each in found if each["student"] == "kim")
    assert kim["name"] == BAD_NAME.replace("\n", "\\x0a")
    assert kim["graded"].tzinfo is not None


def test_parquet_is_written_in_groups(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """So that a large class need not be in memory; no row is lost between two of them."""
    monkeypatch.setattr(parquet, "GROUP", 5)
    reports = {
        Student(f"s{n}", f"S {n}"): sample.report(
            FAILED, results=(sample.LEAKS, sample.OPEN, sample.HANGS), content=b"%d" % n
        )
        for n in range(7)
    }
    with told_of(tmp_path, reports) as told:
        file = arrow.ParquetFile(io.BytesIO(parquet.render(told)))
    assert [file.metadata.row_group(n).num_rows for n in range(file.num_row_groups)] == [5, 5, 5, 5, 1]
    assert Counter(file.read().column("student").to_pylist()) == Counter({f"s{n}": 3 for n in range(7)})


def test_parquet_takes_names_that_are_no_utf_8(tmp_path: Path) -> None:
    """Their bytes are written out."""
    report = sample.report(FAILED, file="caf\udce9.c", results=(sample.LEAKS._replace(got="\udce9"),))
    with told_of(tmp_path, {Student("kim", "K\udce9"): report}) as told:
        (row,) = arrow.read_table(pyarrow.BufferReader(parquet.render(told))).to_pylist()
    assert (row["file"], row["got"]) == ("caf\\udce9.c", "\\udce9")


def test_parquet_is_not_shown(tmp_path: Path) -> None:
    """It is no text; nothing is graded before that is said."""
    lay(tmp_path / "week", {"kim.py": b"x"})
    answer = socklab("grade", EXERCISE, "week", "--format", "parquet", cwd=tmp_path)
    assert_refused(answer, 2, "--format parquet", "--output marks.parquet")
    assert not (tmp_path / "gradebook.sqlite").exists()


def test_parquet_needs_its_extra(tmp_path: Path) -> None:
    """Without pyarrow it says how to get it, before anything is graded."""
    lay(tmp_path, {"week/kim.py": b"x", "without/sitecustomize.py": b"import sys\nsys.modules['pyarrow'] = None\n"})
    words = ("grade", EXERCISE, "week", "--format", "parquet", "--output", "marks.parquet")
    path = os.pathsep.join([str(tmp_path / "without"), *filter(None, [os.environ.get("PYTHONPATH")])])
    answer = socklab(*words, cwd=tmp_path, env={"PYTHONPATH": path})
    assert_refused(answer, 4, "pip install 'socklab[parquet]'")
    assert not (tmp_path / "gradebook.sqlite").exists()
