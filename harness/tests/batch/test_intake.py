"""Whatever an LMS has downloaded, each student's file is found or the reason is told; nobody's work is another's."""

import os
import unicodedata
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import pytest
from classroom import COMPRESSED, SOURCE, lay, people, tarred, zip_bytes, zipped

from socklab import catalog, submission
from socklab.batch import intake
from socklab.batch.intake import HandIn, Intake
from socklab.batch.people import Student, read_roster, shown
from socklab.errors import UsageError

Collect = Callable[..., Intake]


@pytest.fixture
def collect() -> Iterator[Collect]:
    """`intake.collect` for is-port-open; what was unpacked is deleted afterwards."""
    opened: list[Intake] = []

    def collected(*sources: Path, roster: dict[str, Student] | None = None, exercise: str = "is-port-open") -> Intake:
        opened.append(intake.collect(catalog.find(exercise), [str(source) for source in sources], roster))
        return opened[-1]

    yield collected
    for each in opened:
        each.close()


def roster_of(students: Sequence[Student]) -> dict[str, Student]:
    return {student.id: student for student in students}


def files(found: Intake) -> dict[str, str]:
    """Student id -> file as handed in."""
    assert len({each.student.id for each in found.handed_in}) == len(found.handed_in)
    return {each.student.id: each.file for each in found.handed_in}


def reasons(found: Intake) -> str:
    return "\n".join(
        f"{each.origin} [{each.student.id if each.student else '?'}] {each.reason}" for each in found.troubles
    )


def only(found: Intake) -> HandIn:
    assert not found.troubles, reasons(found)
    (one,) = found.handed_in
    assert submission.read(one.path).content == SOURCE
    return one


# -- what people make by hand ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "student"),
    [
        ("kim.c", "kim"),
        ("kim_is_port_open.c", "kim"),
        ("kim-is-port-open.py", "kim"),
        ("is_port_open_kim.c", "kim"),
        ("IS_PORT_OPEN kim minji.C", "kim minji"),
        ("20231234.is-port-open.c", "20231234"),
        ("김민지.c", "김민지"),
    ],
)
def test_a_file_is_named_after_its_student(name: str, student: str, collect: Collect, tmp_path: Path) -> None:
    """Whatever else is in the name: the exercise's name is nobody's."""
    found = collect(lay(tmp_path / "week3", {name: SOURCE, "lee.c": SOURCE}))
    assert files(found) == {student: name, "lee": "lee.c"}


def test_a_folder_is_named_after_its_student(collect: Collect, tmp_path: Path) -> None:
    """Other files may lie beside the submission, and it may lie deeper."""
    week = {
        "kim/is_port_open.c": SOURCE,
        "kim/Makefile": b"all:\n",
        "kim/other.c": SOURCE,
        "lee/src/solution.py": SOURCE,
        "lee/notes.txt": b"",
    }
    found = collect(lay(tmp_path / "week3", week))
    assert files(found) == {"kim": "is_port_open.c", "lee": "solution.py"}
    assert found.handed_in[0].origin == f"{tmp_path}/week3/kim/is_port_open.c"
    assert not found.troubles


@pytest.mark.parametrize("suffix", [".zip", *COMPRESSED])
@pytest.mark.parametrize("around", ["", "week 3/"])
def test_an_archive_is_read_as_the_folder_in_it(suffix: str, around: str, collect: Collect, tmp_path: Path) -> None:
    """With one folder around all, as most programs make it, or without."""
    make = zipped if suffix == ".zip" else tarred
    source = make(tmp_path / f"class{suffix}", {f"{around}kim.c": SOURCE, f"{around}lee/is-port-open.c": SOURCE})
    found = collect(source)
    assert files(found) == {"kim": "kim.c", "lee": "is-port-open.c"}
    assert [each.origin for each in found.handed_in] == [
        f"{source}: {around}kim.c",
        f"{source}: {around}lee/is-port-open.c",
    ]
    assert all(submission.read(each.path).content == SOURCE for each in found.handed_in)


def test_an_archive_in_a_students_folder_is_looked_into(collect: Collect, tmp_path: Path) -> None:
    """In a folder, as a file of their own, and within the archive of all."""
    hand_in = zip_bytes({"homework/is_port_open.c": SOURCE})
    week = {"kim/hw.zip": hand_in, "lee.zip": hand_in, "park/is_port_open.c": SOURCE}
    for source in (lay(tmp_path / "week3", week), zipped(tmp_path / "week3.zip", week)):
        found = collect(source)
        assert files(found) == dict.fromkeys(("kim", "lee", "park"), "is_port_open.c"), reasons(found)
        separator = ": " if source.suffix else "/"
        assert found.handed_in[0].origin == f"{source}{separator}kim/hw.zip: homework/is_port_open.c"


def test_a_students_own_folder_or_file_is_a_source(collect: Collect, tmp_path: Path) -> None:
    """`socklab grade is-port-open week3/*` and `week3/*/is_port_open.c`, as a shell writes them out."""
    lay(tmp_path, {"kim/is_port_open.c": SOURCE, "lee/is_port_open.c": SOURCE, "park.c": SOURCE})
    found = collect(tmp_path / "kim", tmp_path / "lee" / "is_port_open.c", tmp_path / "park.c")
    assert list(files(found)) == ["kim", "lee", "park"]


def test_one_students_folder_is_not_taken_for_a_class(collect: Collect, tmp_path: Path) -> None:
    """Where only one has handed in yet."""
    assert only(collect(lay(tmp_path / "a", {"kim/is_port_open.c": SOURCE, "kim/test.c": SOURCE}))).student.id == "kim"
    assert only(collect(lay(tmp_path / "b", {"kim/main.c": SOURCE, "kim/main.h": b"x"}))).student.id == "kim"


# -- which file ------------------------------------------------------------------------------------------------------


def test_several_candidates_are_listed_and_none_is_taken(collect: Collect, tmp_path: Path) -> None:
    """Two sources, or two of the right name: a person decides."""
    week = {
        "kim/a.c": SOURCE,
        "kim/b.py": SOURCE,
        "lee/new/is_port_open.c": SOURCE,
        "lee/old/is-port-open.c": SOURCE,
        "park.c": SOURCE,
    }
    found = collect(lay(tmp_path / "week3", week))
    assert files(found) == {"park": "park.c"}
    kim, lee = found.troubles
    assert (kim.student, lee.student) == (Student("kim", "kim"), Student("lee", "lee"))
    assert "a.c, b.py" in kim.reason
    assert "is_port_open.c, is-port-open.c" in lee.reason
    assert kim.origin == f"{tmp_path}/week3/kim"


def test_no_candidate_is_told_with_what_there_is(collect: Collect, tmp_path: Path) -> None:
    """A report in place of a program, an archive of another kind, a file that is nobody's."""
    week = {"kim/report.pdf": b"x", "lee/hw.rar": b"x", "park.c": SOURCE, "README.txt": b"x"}
    found = collect(lay(tmp_path / "week3", week))
    assert files(found) == {"park": "park.c"}
    assert "[kim] no .c or .py file was handed in; there is report.pdf" in reasons(found)
    assert "[lee] hw.rar: such archives are not read" in reasons(found)
    assert "README.txt [?]" in reasons(found)


def test_a_language_that_is_not_offered_is_no_candidate(
    collect: Collect, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The exercise's starters say which are."""
    monkeypatch.setattr(catalog.Exercise, "starter", lambda self, suffix: b"" if suffix == ".c" else None)
    found = collect(lay(tmp_path / "week3", {"kim/a.py": SOURCE, "kim/b.c": SOURCE, "lee/a.py": SOURCE}))
    assert files(found) == {"kim": "b.c"}
    assert "no .c file" in reasons(found)


def test_what_cannot_be_read_is_refused_before_it_is_opened(
    collect: Collect, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Empty, too large, a pipe, a device, a link, a folder of that name, one without permission."""
    week = lay(tmp_path / "week3", {"empty.c": b"", "large.c": b"x" * 1_000_001, "shut.c": SOURCE, "kim.c": SOURCE})
    lay(week, {"folder/is_port_open.c/x.txt": b""})
    os.mkfifo(week / "pipe.c")
    (week / "link.c").symlink_to(week / "kim.c")
    (week / "away").symlink_to("/etc")
    (week / "device.c").symlink_to("/dev/zero")
    access = os.access
    monkeypatch.setattr(os, "access", lambda path, mode: "shut" not in str(path) and access(path, mode))
    found = collect(week)
    assert files(found) == {"kim": "kim.c"}
    told = {each.origin.removeprefix(f"{week}/"): each.reason for each in found.troubles}
    assert told["empty.c"] == "the file is empty"
    assert told["large.c"] == "1,000,001 bytes are too many; a submission has at most 1,000,000"
    assert told["pipe.c"] == "it is no ordinary file"
    assert "link" in told["link.c"]
    assert "link" in told["away"]
    assert "link" in told["device.c"]
    assert "permissions" in told["shut.c"]
    assert "no .c or .py file" in told["folder/is_port_open.c/x.txt"]
    assert len(told) == 8


def test_a_link_to_somebody_elses_work_is_not_followed(collect: Collect, tmp_path: Path) -> None:
    """Not even within the source: it would be graded as theirs."""
    week = lay(tmp_path / "week3", {"kim/is_port_open.c": SOURCE, "lee/notes.txt": b""})
    (week / "lee" / "is_port_open.c").symlink_to("../kim/is_port_open.c")
    (week / "park").symlink_to("kim")
    found = collect(week)
    assert files(found) == {"kim": "is_port_open.c"}
    assert "lee/is_port_open.c [lee] it is a link" in reasons(found)


# -- Moodle ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "form", ["{p}_assignsubmission_file/{f}", "{p}_assignsubmission_file_/{f}", "{p}_assignsubmission_file_{f}"]
)
def test_a_moodle_download_of_300(form: str, collect: Collect, tmp_path: Path) -> None:
    """All three forms; names occur three times; accidents are told by their student."""
    students = people()
    week = {form.format(p=f"{s.name}_{s.id}", f="is_port_open.c"): SOURCE for s in students[6:]}
    accident = {
        0: ("a.c", SOURCE), 1: ("report.docx", b"x"), 2: ("is_port_open.c", b""), 3: ("hw.zip", zip_bytes({"x/solution.c": SOURCE})),
        4: ("hw.zip", b"no zip"), 5: ("my_own_assignsubmission_file_name.py", SOURCE),
    }  # fmt: skip
    week |= {
        form.format(p=f"{students[n].name}_{students[n].id}", f=f): content for n, (f, content) in accident.items()
    }
    week[form.format(p=f"{students[0].name}_{students[0].id}", f="b.c")] = SOURCE
    week[f"{students[7].name}_{students[7].id}_assignsubmission_onlinetext/onlinetext.html"] = b"<p>done</p>"
    week["grades.csv"] = b"x"
    found = collect(zipped(tmp_path / "CS101-week 3-12345.zip", week), roster=roster_of(students))
    assert set(files(found)) == {s.id for s in students} - {students[n].id for n in (0, 1, 2, 4)}
    assert files(found)[students[3].id] == "solution.c"
    assert files(found)[students[5].id] == "my_own_assignsubmission_file_name.py"
    assert found.missing == ()
    told = {each.student.id if each.student else "": each.reason for each in found.troubles}
    assert set(told) == {students[n].id for n in (0, 1, 2, 4, 7)} | {""}
    assert "a.c, b.c" in told[students[0].id]
    assert "report.docx" in told[students[1].id]
    assert told[students[2].id] == "the file is empty"
    assert "not read to its end" in told[students[4].id]
    assert "typed into Moodle" in told[students[7].id]


def test_a_moodle_group_is_everybody_in_it(collect: Collect, tmp_path: Path) -> None:
    """The roster says who; the group's number is not a participant's, even if it looks like one."""
    roster = {
        "12": Student("12", "Park Jiwoo"),
        "1": Student("1", "Kim Minji", group="Group A"),
        "2": Student("2", "Lee Seojun", group="Group A"),
    }
    week = {
        "Group A_12_assignsubmission_file/is_port_open.c": SOURCE,
        "Default group_assignsubmission_file/x.c": SOURCE,
    }
    default, group = collect(lay(tmp_path / "d", week), roster=roster).handed_in
    assert group.student.name == "Group A"
    assert group.group == (roster["1"], roster["2"])
    assert (default.student.name, default.group) == ("Default group", ())


def test_two_moodle_participants_of_one_name_are_never_one(collect: Collect, tmp_path: Path) -> None:
    """A roster that knows one Kim Minji does not say which of the two it is."""
    week = {f"Kim Minji_{n}_assignsubmission_file/is_port_open.c": SOURCE for n in (111, 222)}
    source = lay(tmp_path / "d", week)
    assert set(files(collect(source))) == {"111", "222"}
    found = collect(source, roster={"s1": Student("s1", "Kim Minji")})
    assert found.handed_in == ()
    assert reasons(found).count("111 and 222 are called Kim Minji") == 2
    known = {"222": Student("222", "Kim Minji")}
    assert set(files(collect(source, roster=known))) == {"222"}
    both = {"s1": Student("s1", "Kim Minji"), "s2": Student("s2", "Kim Minji")}
    assert "may be Kim Minji (s1) or Kim Minji (s2)" in reasons(collect(source, roster=both))


# -- Canvas ----------------------------------------------------------------------------------------------------------


def canvas_name(student: Student) -> str:
    """The sortable name as Canvas writes it."""
    first, last = student.name.split(" ", 1)
    return "".join(c for c in f"{last}{first}".lower() if c == "_" or unicodedata.category(c)[0] in "LMN")


def test_a_canvas_download_of_300(collect: Collect, tmp_path: Path) -> None:
    """Late ones, resubmissions, typed texts, several attachments, a zip."""
    students = people()
    week = {}
    for n, s in enumerate(students):
        late = "LATE_" if n % 7 == 0 else ""
        name = {1: "is_port_open-2.c", 2: "part-1.c", 3: "hw-1.zip"}.get(n, "my_file_2.c")
        content = zip_bytes({"is_port_open.c": SOURCE}) if n == 3 else SOURCE
        week[f"{canvas_name(s)}_{late}{s.id}_{9_000_000 + n}_{name}"] = content
    week[f"{canvas_name(students[2])}_{students[2].id}_9100001_part-2.c"] = SOURCE
    week[f"{canvas_name(students[4])}_{students[4].id}_9100002_notes.pdf"] = b"x"
    week["nobodyelse_77_text.html"] = b"x"
    week["strange.c"] = SOURCE
    found = collect(zipped(tmp_path / "submissions.zip", week), roster=roster_of(students))
    assert set(files(found)) == {s.id for s in students} - {students[2].id}
    by_id = {each.student.id: each for each in found.handed_in}
    assert by_id[students[0].id].late
    assert not by_id[students[1].id].late
    assert (by_id[students[1].id].file, by_id[students[1].id].attempt) == ("is_port_open.c", 3)
    assert (by_id[students[3].id].file, by_id[students[3].id].attempt) == ("is_port_open.c", 2)
    assert by_id[students[9].id].file == "my_file_2.c"
    told = reasons(found)
    assert f"[{students[2].id}] more than one file may be the submission" in told
    assert "[77] a text or link typed into Canvas" in told
    assert "strange.c [?]" in told
    assert len(found.troubles) == 3


def test_canvas_names_are_found_on_a_roster_without_its_ids(collect: Collect, tmp_path: Path) -> None:
    """Surname first, no spaces, lower case; of people whose name is not there, nothing is made up."""
    roster = roster_of([Student("a1", "Minji Kim"), Student("a2", "O'Brien, Zoë"), Student("a3", "Ada Lovelace")])
    week = {"kimminji_5_50_x.c": SOURCE, "obrienzoë_6_60_x.c": SOURCE, "nobody_7_70_x.c": SOURCE}
    found = collect(lay(tmp_path / "d", week), roster=roster)
    assert set(files(found)) == {"a1", "a2", "7"}
    assert [each.id for each in found.strangers] == ["7"]
    assert [each.id for each in found.missing] == ["a3"]


def test_anonymous_canvas_hand_ins_stay_anonymous(collect: Collect, tmp_path: Path) -> None:
    """Each has an id of its own; late ones are late."""
    week = {"anon_Ab12C_501_is_port_open.c": SOURCE, "LATE_anon_Zz9_502_hw.py": SOURCE}
    found = collect(lay(tmp_path / "d", week))
    assert files(found) == {"anon_Ab12C": "is_port_open.c", "anon_Zz9": "hw.py"}
    assert [each.late for each in found.handed_in] == [False, True]


def test_all_attempts_are_kept_and_the_newest_is_last(collect: Collect, tmp_path: Path) -> None:
    """Numbers in one download, and downloads one after the other; the same source twice is once."""
    first = lay(
        tmp_path / "1", {"kim_5_50_is_port_open.c": SOURCE, "kim_5_52_is_port_open-2.c": SOURCE, "lee_6_60_a.c": SOURCE}
    )
    second = lay(tmp_path / "2", {"kim_5_53_is_port_open.c": SOURCE})
    found = collect(first, second, first)
    kim = [(each.attempt, Path(each.path).name) for each in found.handed_in if each.student.id == "5"]
    assert kim == [(1, "kim_5_50_is_port_open.c"), (3, "kim_5_52_is_port_open-2.c"), (4, "kim_5_53_is_port_open.c")]


def test_names_with_numbers_are_not_taken_for_canvas(collect: Collect, tmp_path: Path) -> None:
    """A date in every name is no user's id: all would be one student."""
    week = {f"{name}_2026_05_homework.c": SOURCE for name in ("kim", "lee", "park")}
    assert len(collect(lay(tmp_path / "d", week)).handed_in) == 3


# -- nbgrader, GitHub Classroom, Gradescope --------------------------------------------------------------------------


@pytest.mark.parametrize("around", ["submitted/", "course/submitted/", ""])
def test_an_nbgrader_tree_of_300(around: str, collect: Collect, tmp_path: Path) -> None:
    """With its time stamps; other assignments of the course are not looked at."""
    week = {}
    for n, s in enumerate(people()):
        week[f"{around}{s.email.split('@')[0]}/is-port-open/is_port_open.py"] = SOURCE
        week[f"{around}{s.email.split('@')[0]}/is-port-open/timestamp.txt"] = b"2026-03-01 09:%02d:00.5 Asia/Seoul" % (
            n % 60
        )
        week[f"{around}{s.email.split('@')[0]}/ps1/is_port_open.py"] = SOURCE
        week[f"{around}{s.email.split('@')[0]}/ps1/timestamp.txt"] = b"2026-01-01 09:00:00 UTC"
    week[f"{around}late/ps1/is_port_open.py"] = SOURCE
    found = collect(lay(tmp_path / "d", week), roster=roster_of(people()))
    assert set(files(found)) == {s.id for s in people()}, "logins are the first part of an address"
    assert not found.troubles
    assert {each.submitted for each in found.handed_in} == {f"2026-03-01T00:{n:02}:00Z" for n in range(60)}


@pytest.mark.parametrize(
    "stamp", ["", "yesterday", "2026-13-45 99:00", "2026-03-01 10:00 Nowhere/None", "2026-03-01 10:00 ../../etc"]
)
def test_a_strange_time_stamp_is_no_time(stamp: str, collect: Collect, tmp_path: Path) -> None:
    """And no trouble."""
    week = {"submitted/kim/ps1/timestamp.txt": stamp.encode(), "submitted/kim/ps1/a.py": SOURCE}
    assert only(collect(lay(tmp_path / "d", week))).submitted == ""


def test_an_nbgrader_tree_without_the_exercise_is_told(collect: Collect, tmp_path: Path) -> None:
    """None of several assignments is guessed to be meant."""
    found = collect(lay(tmp_path / "submitted", {"kim/ps1/a.c": SOURCE, "kim/ps2/a.c": SOURCE}))
    assert found.handed_in == ()
    assert "there is ps1, ps2" in reasons(found)


@pytest.mark.parametrize("prefix", ["is-port-open", "week3"])
def test_github_classroom_clones_of_300(prefix: str, collect: Collect, tmp_path: Path) -> None:
    """Users are what follows the assignment's name; .git is not looked at; an empty repository is told."""
    students = people()
    week = {}
    for n in range(len(students)):
        week[f"{prefix}-user-{n}/is_port_open.c"] = SOURCE
        week[f"{prefix}-user-{n}/.git/objects/is_port_open.c"] = b"x" * 10
        week[f"{prefix}-user-{n}/.github/workflows/classroom.yml"] = b"x"
    source = lay(tmp_path / f"{prefix}-submissions", week)
    lay(source, {f"{prefix}-empty/.git/HEAD": b"x"})
    roster = {s.id: s._replace(also=(f"user-{n}",)) for n, s in enumerate(students)}
    found = collect(source, roster=roster)
    assert set(files(found)) == set(roster)
    assert reasons(found).endswith("[empty] nothing was handed in")
    assert len(found.troubles) == 1
    assert set(files(collect(source))) == {f"user-{n}" for n in range(300)}
    (tmp_path / "x").mkdir()
    again = collect(
        zipped(tmp_path / "x" / f"{prefix}-submissions.zip", {f"{prefix}-submissions/{k}": v for k, v in week.items()})
    )
    assert set(files(again)) == {f"user-{n}" for n in range(300)}


def test_a_class_kept_in_a_repository_is_no_clone(collect: Collect, tmp_path: Path) -> None:
    """A .git beside the students is the instructor's."""
    source = lay(tmp_path / "week3", {".git/HEAD": b"x", "kim/a.c": SOURCE, "lee/a.c": SOURCE})
    assert set(files(collect(source))) == {"kim", "lee"}


def gradescope(students: Sequence[Student]) -> dict[str, bytes]:
    """An export as Gradescope makes it; submission n is that of student n."""
    lines = ["---"]
    week = {}
    for n, s in enumerate(students):
        name = (
            '"' + s.name.encode("ascii", "backslashreplace").decode() + '"'
            if n % 3 == 0
            else f"'{s.name.replace(chr(39), chr(39) * 2)}'"
        )
        lines += [
            f"submission_{900 + n}:", "  :submitters:", f"  - :name: {name}", f"    :sid: '{s.id}'", f"    :email: {s.email}",
            f"  :created_at: 2026-03-01 02:52:{n % 60:02}.938335000 Z", "  :score: 0.0", "  :results:", "    output: |-",
            "      submission_1:", "        :submitters:", "  :history:", "  - :submitters: []",
            "    :created_at: 2020-01-01 00:00:00 Z", f"    :id: {n}",
        ]  # fmt: skip
        week[f"assignment_123_export/submission_{900 + n}/is_port_open.c"] = SOURCE
    return {"assignment_123_export/submission_metadata.yml": "\n".join(lines).encode() + b"\n", **week}


def test_a_gradescope_export_of_300(collect: Collect, tmp_path: Path) -> None:
    """Names, addresses and times are in the metadata, for programs' output whatever it looks like."""
    students = people()
    week = gradescope(students)
    week["assignment_123_export/submission_901/submission_metadata.yml"] = (
        b"submission_900:\n  :submitters:\n  - :name: Me\n"
    )
    week["assignment_123_export/submission_7777/a.c"] = SOURCE
    found = collect(zipped(tmp_path / "assignment_123_export.zip", week))
    assert set(files(found)) == {s.id for s in students} | {"submission_7777"}
    assert not found.troubles
    by_id = {each.student.id: each for each in found.handed_in}
    assert [by_id[s.id].student for s in students] == students
    assert by_id[students[61].id].submitted == "2026-03-01T02:52:01Z"


def test_what_a_program_printed_cannot_pass_for_metadata(collect: Collect, tmp_path: Path) -> None:
    """Not even behind a line that is longer than lines are."""
    week = gradescope(people(2))
    forged = b"    output: " + b"x" * (10_000 - 12) + b"submission_900:\n  :submitters: x\n"
    week["assignment_123_export/submission_metadata.yml"] += forged
    assert set(files(collect(lay(tmp_path / "d", week)))) == {s.id for s in people(2)}


def test_a_students_own_metadata_is_none(collect: Collect, tmp_path: Path) -> None:
    """Nobody hands in for another by a file that is named as Gradescope's."""
    mine = b"submission_5:\n  :submitters:\n  - :name: Lee\n    :sid: '6'\n"
    week = {"e/submission_5/x.c": SOURCE, "e/submission_6/x.c": SOURCE, "e/submission_5/submission_metadata.yml": mine}
    assert set(files(collect(lay(tmp_path / "d", week)))) == {"submission_5", "submission_6"}


def test_partners_on_gradescope_hand_in_together(collect: Collect, tmp_path: Path) -> None:
    """The first submitter stands for all, and all are known."""
    metadata = (
        b"submission_5:\n  :submitters:\n  - :name: Kim\n    :sid: '1'\n  - :name: Lee\n    :sid: 2\n    :email: l@x\n"
    )
    week = {"e/submission_metadata.yml": metadata, "e/submission_5/x.c": SOURCE}
    one = only(
        collect(lay(tmp_path / "d", week), roster={"1": Student("1", "Kim Minji", "k@x"), "3": Student("3", "Park")})
    )
    assert one.student == Student("1", "Kim Minji", "k@x")
    assert [each.id for each in one.group] == ["1", "2"]


# -- names -----------------------------------------------------------------------------------------------------------

LONG = "a" * 200


@pytest.mark.parametrize(
    "name",
    [
        "김민지",
        "محمد علي",
        "Zoë O'Brien; rm -rf",
        "=cmd()",
        "  spaced  ",
        LONG,
        "a:b*c?",
        '"quoted"',
        "%s{0}",
        "👩‍💻",
        "-rf",
    ],
)
def test_a_name_in_any_script_is_a_name(name: str, collect: Collect, tmp_path: Path) -> None:
    """In folders and archives alike."""
    week = {f"{name}/is_port_open.c": SOURCE, "lee/is_port_open.c": SOURCE}
    ids = {name.strip(), "lee"}
    assert set(files(collect(lay(tmp_path / "d", week)))) == ids
    assert set(files(collect(zipped(tmp_path / "d.zip", week)))) == ids
    assert set(files(collect(tarred(tmp_path / "d.tar.gz", week)))) == ids


def test_names_that_would_spoil_a_screen_are_shown_as_escapes(collect: Collect, tmp_path: Path) -> None:
    """Control characters, marks that turn the text around, bytes that are no UTF-8; they still match the roster."""
    names = {"a\x1b[31m": "a\\x1b[31m", "b\u202egpj": "b\\u202egpj", "c\udcff": "c\\xff", "d\u2028e": "d\\u2028e"}
    week = lay(tmp_path / "week\x1b3", {f"{name}/is_port_open.c": SOURCE for name in names})
    found = collect(week)
    assert set(files(found)) == set(names.values())
    for each in found.handed_in:
        assert shown(each.origin) == each.origin
        assert (each.origin + each.student.id + each.student.name).encode().isascii()
    lay(week, {"e\x1b/a.pdf": b"", "e\x1b/bad\x07.txt": b""})
    assert "\x1b" not in reasons(collect(week)) + "\x07"[1:]
    known = {"1": Student("1", "b\u202egpj")}
    assert "1" in files(collect(week, roster=known))


def test_a_name_is_the_same_however_it_is_composed(collect: Collect, tmp_path: Path) -> None:
    """macOS writes accents apart (NFD); case does not count for a roster."""
    name = "Zoë Kim"
    week = lay(tmp_path / "d", {f"{unicodedata.normalize('NFD', name)}/a.c": SOURCE, "MÜLLER.c": SOURCE})
    roster = {"1": Student("1", name), "2": Student("2", "müller")}
    assert set(files(collect(week, roster=roster))) == {"1", "2"}
    assert name in files(collect(week))


def test_the_order_does_not_depend_on_the_disk(collect: Collect, tmp_path: Path) -> None:
    """By name and id, whatever order files were written in."""
    names = [f"{s.name}_{s.id}.c" for s in people(60)]
    one = lay(tmp_path / "1" / "week", dict.fromkeys(names, SOURCE))
    other = lay(tmp_path / "2" / "week", dict.fromkeys(reversed(names), SOURCE))
    assert list(files(collect(one)).items()) == list(files(collect(other)).items())


def test_whose_file_it_is_may_stand_anywhere_in_its_name(collect: Collect, tmp_path: Path) -> None:
    """Where there is a roster to recognise them by; two of them in one name are no answer."""
    roster = roster_of(
        [
            Student("20231234", "Kim Minji", "minji.kim@x.edu"),
            Student("20235678", "Lee Seojun"),
            Student("9", "Park Jiwoo"),
        ]
    )
    week = {
        "hw3_20231234_final.c": SOURCE,
        "Lee Seojun week3.c": SOURCE,
        "20231234-20235678.c": SOURCE,
        "stranger.c": SOURCE,
    }
    found = collect(lay(tmp_path / "d", week), roster=roster)
    assert set(files(found)) == {"20231234", "20235678", "stranger"}
    assert "may mean Kim Minji (20231234) or Lee Seojun (20235678)" in reasons(found)
    assert [each.id for each in found.strangers] == ["stranger"]
    assert [each.name for each in found.missing] == ["Park Jiwoo"]


def test_a_number_beside_it_tells_those_of_one_name_apart(collect: Collect, tmp_path: Path) -> None:
    """If it is one of theirs; the name alone, or with somebody else's number, says nothing."""
    roster = roster_of([Student("71", "Kim Minji"), Student("72", "Kim Minji"), Student("88", "Lee Seojun")])
    week = {f"{name}/a.c": SOURCE for name in ("71 Kim Minji", "Kim Minji (72)", "88 Kim Minji", "Kim Minji")}
    found = collect(lay(tmp_path / "d", week), roster=roster)
    assert set(files(found)) == {"71", "72"}
    assert len(found.troubles) == 2
    assert "Kim Minji (71) or Kim Minji (72)" in reasons(found)


def test_two_files_of_one_student_are_not_two_attempts(collect: Collect, tmp_path: Path) -> None:
    """Nothing says which of them is meant."""
    found = collect(
        lay(tmp_path / "d", {"1_a.c": SOURCE, "1_b.c": SOURCE, "2.c": SOURCE}), roster=roster_of([Student("1", "Kim")])
    )
    assert set(files(found)) == {"2"}
    assert "[1] more than one file may be the submission: 1_a.c, 1_b.c. Keep one, or call it is_port_open.c" in reasons(
        found
    )
    both = {f"Kim Minji (1)/is_port_open.{suffix}": SOURCE for suffix in ("c", "py")}
    found = collect(lay(tmp_path / "e", both), roster=roster_of([Student("1", "Kim Minji")]))
    assert "[1] more than one file may be the submission: " in reasons(found)
    assert ". Leave only one" in reasons(found)


@pytest.mark.parametrize("copy", ["is_port_open (1)", "is_port_open - Copy", "is_port_open copy 2", "IS_PORT_OPEN(12)"])
def test_a_copy_is_as_much_the_submission_as_what_it_is_a_copy_of(collect: Collect, tmp_path: Path, copy: str) -> None:
    """Whichever is the newer one: nobody guesses. Alone it is the submission, whatever lies beside it."""
    found = collect(lay(tmp_path / "d", {"kim/is_port_open.c": SOURCE, f"kim/{copy}.c": SOURCE, "lee/a.c": SOURCE}))
    assert set(files(found)) == {"lee"}
    assert f"[kim] more than one file may be the submission: {copy}.c" in reasons(found).replace("is_port_open.c, ", "")
    found = collect(lay(tmp_path / "e", {f"kim/{copy}.c": SOURCE, "kim/try.c": SOURCE, "lee/a.c": SOURCE}))
    assert files(found)["kim"] == f"{copy}.c"


def test_a_number_and_a_name_that_disagree_are_told(collect: Collect, tmp_path: Path) -> None:
    """Student numbers are not Moodle's; by chance one may be another's."""
    roster = roster_of([Student("77", "Kim Minji"), Student("88", "Lee Seojun")])
    found = collect(lay(tmp_path / "d", {"Lee Seojun_77_assignsubmission_file/a.c": SOURCE}), roster=roster)
    assert found.handed_in == ()
    assert "is Kim Minji's on the roster" in reasons(found)


# -- rosters ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "student"),
    [
        ("id,name,email\n7,Kim Minji,k@x\n", Student("7", "Kim Minji", "k@x")),
        ("\ufeffEMAIL;Name;ID\r\nk@x;Kim Minji;7\r\n\r\n", Student("7", "Kim Minji", "k@x")),
        ("sep=;\nid;name\n7;Kim Minji\n", Student("7", "Kim Minji")),
        ("name\temail\nKim\tk@x\n", Student("k@x", "Kim", "k@x")),
        (
            'Identifier,"Full name","ID number","Email address",Status,Group,Grade\nParticipant 7,"Kim, Minji",s1,k@x,-,A,-\n',
            Student("7", "Kim, Minji", "k@x", ("Participant 7", "s1"), "A"),
        ),
        (
            'Student,ID,SIS User ID,SIS Login ID,Section,Lab (9)\n"    Points Possible",,,,,10\n"Kim, Minji",7,s1,kim,X,5\n'
            '"Student, Test",8,,,X,\n',
            Student("7", "Kim, Minji", "", ("s1", "kim")),
        ),
        ("First Name,Last Name,SID,Email\nMinji,Kim,7,k@x\n", Student("7", "Minji Kim", "k@x")),
        (
            '"identifier","github_username","github_id","name"\n"s7","kimm","99","Kim"\n',
            Student("s7", "Kim", "", ("kimm",)),
        ),
    ],
)
def test_rosters_of_every_lms_are_read(text: str, student: Student, tmp_path: Path) -> None:
    """Columns in any order and case, a byte order mark, commas, semicolons or tabs."""
    path = tmp_path / "roster.csv"
    path.write_text(text, newline="")
    assert read_roster(str(path)) == {student.id: student}


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"a,b\n1,2\n", "no column says"),
        (b"", "no column says"),
        (b"id,name\n1,Kim\n1,Lee\n", "line 3: the id 1 is Kim's already (line 2)"),
        (b"id,name\n1,caf\xe9\n", "not UTF-8"),
        (b'id,name\n1,"' + b"x" * 200_000 + b'"\n', "no CSV"),
        (b"x" * 20_000_001, "at most"),
    ],
)
def test_a_roster_that_is_none_is_refused_with_the_reason(content: bytes, words: str, tmp_path: Path) -> None:
    """One line of what to mend."""
    path = tmp_path / "roster.csv"
    path.write_bytes(content)
    with pytest.raises(UsageError, match=r"roster\.csv") as error:
        read_roster(str(path))
    assert words in str(error.value)


def test_a_roster_from_excel_is_read(tmp_path: Path) -> None:
    """ "Unicode text" is UTF-16 with tabs; somebody in two sections is listed twice."""
    path = tmp_path / "roster.txt"
    path.write_text("id\tname\n7\t김민지\n7\t김민지\n", encoding="utf-16")
    assert read_roster(str(path)) == {"7": Student("7", "김민지")}


@pytest.mark.parametrize("name", ["absent.csv", ".", "nul\0"])
def test_a_roster_that_is_no_file_is_refused(name: str, tmp_path: Path) -> None:
    """Without a traceback."""
    with pytest.raises(UsageError, match="cannot be read"):
        read_roster(str(tmp_path / name))


# -- sources ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["absent", "absent.zip", "nul\0", "a/b"])
def test_a_source_that_does_not_exist_is_refused(name: str, tmp_path: Path) -> None:
    """Before any other is read: most often it is a typing mistake."""
    with pytest.raises(UsageError, match="no such folder or file"):
        intake.collect(catalog.find("is-port-open"), [str(tmp_path), f"{tmp_path}/{name}"])


def test_a_pipe_is_no_source(tmp_path: Path) -> None:
    """It would wait for ever."""
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(UsageError, match="neither a folder nor a file"):
        intake.collect(catalog.find("is-port-open"), [str(tmp_path / "pipe")])


def test_an_empty_source_is_told(collect: Collect, tmp_path: Path) -> None:
    """A folder without files, an archive without any."""
    assert "nothing is in it" in reasons(collect(lay(tmp_path / "d", {".DS_Store": b"x"})))
    assert "nothing is in it" in reasons(collect(zipped(tmp_path / "d.zip", {})))


def test_junk_of_operating_systems_is_passed_over(collect: Collect, tmp_path: Path) -> None:
    """In silence: it is nobody's work."""
    week = {
        "kim/is_port_open.c": SOURCE, "__MACOSX/kim/._is_port_open.c": b"x", "kim/._is_port_open.c": b"x", "kim/.DS_Store": b"x",
        "kim/__pycache__/is_port_open.py": b"x", ".DS_Store": b"x", "Thumbs.db": b"x", "lee/is_port_open.c": SOURCE,
    }  # fmt: skip
    for source in (lay(tmp_path / "d", week), zipped(tmp_path / "d.zip", week)):
        found = collect(source)
        assert set(files(found)) == {"kim", "lee"}
        assert not found.troubles


def test_a_program_exercise_is_known_by_its_slug(collect: Collect, tmp_path: Path) -> None:
    """Either way of writing it; a function's name is one more."""
    for exercise, names in {
        "echo-server": ["echo-server.c", "echo_server.py"],
        "tcp-client-connect": ["tcp_client_connect.c"],
    }.items():
        for name in names:
            week = {f"kim/{name}": SOURCE, "kim/extra.c": SOURCE, "lee/a.c": SOURCE}
            found = collect(lay(tmp_path / exercise / name, week), exercise=exercise)
            assert files(found)["kim"] == name


def test_an_empty_folder_or_archive_of_a_student_is_told(collect: Collect, tmp_path: Path) -> None:
    """They handed in, though nothing."""
    week = {"kim/hw.zip": zip_bytes({"__MACOSX/._a.c": b"x"}), "lee.c": SOURCE, "park/.DS_Store": b"x"}
    found = collect(lay(tmp_path / "d", week))
    assert set(files(found)) == {"lee"}
    assert "kim/hw.zip [kim] nothing is in the archive" in reasons(found)
    assert "park [?] the folder is empty" in reasons(found)
