"""A gradebook loses nothing, counts nothing twice, and says plainly what is wrong with it."""

import json
import os
import random
import shutil
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
import sample
from front_door import as_ordinary_user
from journalling import EARLY, EXERCISE, KIM, LAST, LATER, LEE, handed_in, journal, report

from socklab import catalog
from socklab.batch import storage
from socklab.batch.gradebook import Gradebook
from socklab.batch.people import Student
from socklab.batch.policy import Policy
from socklab.batch.results import results
from socklab.batch.versions import exercise_version
from socklab.cell.process import forked
from socklab.errors import HarnessError, SetupError, UsageError
from socklab.reports.json import as_dict

HERE = Path(__file__).parent
JOURNALLING = [sys.executable, str(HERE / "journalling.py")]
KILLED = 50
EVERYTHING = 1_000_000


@pytest.fixture
def path(tmp_path: Path) -> str:
    """Where the gradebook is to be."""
    return str(tmp_path / "class.gradebook")


@pytest.fixture
def book(path: str) -> Iterator[Gradebook]:
    """An empty gradebook."""
    with Gradebook(path) as opened:
        yield opened


def grades(book: Gradebook, student: Student = KIM) -> list[tuple[str, str, int]]:
    """Content, outcome and points of all grades of `student`, attempt by attempt."""
    past = book.past(student, EXERCISE)
    return [(each.sha256, grade.outcome, grade.points) for each in past.attempts for grade in each.grades]


def printed(*command: str, cwd: Path | None = None) -> str:
    """What a program prints that ends well."""
    ran = subprocess.run(command, cwd=cwd, capture_output=True, text=True, timeout=60)
    assert ran.returncode == 0, ran.stderr
    return ran.stdout


def known(path: str) -> set[int]:
    """The numbers of the attempts of journalling.py that are in the file, which is whole and holds none twice."""
    sql = sqlite3.connect(path)
    assert sql.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
    assert sql.execute("PRAGMA foreign_key_check").fetchall() == []
    tables = "SELECT count(*) FROM sqlite_master WHERE type='table' AND name='grade'"
    if sql.execute(tables).fetchone() == (0,):
        return set()
    found = [int(row[0][1:]) for row in sql.execute("SELECT sha256 FROM grade")]
    whole = "SELECT count(*) FROM handed_in h JOIN grade g USING (student, sha256) JOIN report r ON r.grade=g.id"
    assert sql.execute(whole).fetchone() == (len(found),)
    sql.close()
    assert len(found) == len(set(found))
    return set(found)


# -- attempts --------------------------------------------------------------------------------------------------------


def test_a_real_report_comes_back_as_it_was(book: Gradebook) -> None:
    """Everything, times and versions included."""
    whole = as_dict(sample.failing_report()) | {"output": "\udcff \0 한글"}
    assert journal(book, handed_in(submitted=EARLY), whole, begun=1_700_000_000.5)
    [attempt] = book.past(KIM, EXERCISE).attempts
    grade = attempt.grade
    assert book.report(grade) == json.loads(json.dumps(whole))
    assert (grade.sha256, grade.seed, grade.tier) == (whole["sha256"], whole["seed"], whole["tier"])
    assert (grade.points, grade.possible, grade.bonus) == (whole["points"], whole["possible"], whole["bonus_points"])
    assert (grade.begun, grade.harness_version) == ("2023-11-14T22:13:20.500000Z", whole["version"])
    assert (attempt.file, attempt.origin, attempt.submitted) == ("is_port_open.c", "week1.zip: kim/a.c", EARLY)


def test_an_unchanged_submission_needs_no_grading(book: Gradebook) -> None:
    """Until it, the exercise or the harness is another one."""
    assert not book.already(KIM, EXERCISE, "a", "v1", "0.1.0")
    journal(book, handed_in(), report("a"))
    assert book.already(KIM, EXERCISE, "a", "v1", "0.1.0")
    assert not book.already(LEE, EXERCISE, "a", "v1", "0.1.0")
    assert not book.already(KIM, "echo-server", "a", "v1", "0.1.0")
    assert not book.already(KIM, EXERCISE, "b", "v1", "0.1.0")
    assert not book.already(KIM, EXERCISE, "a", "v2", "0.1.0")
    assert not book.already(KIM, EXERCISE, "a", "v1", "0.2.0")


def test_an_error_of_ours_is_graded_again_and_is_no_grade(book: Gradebook) -> None:
    """Nor does one that comes later take a grade away."""
    journal(book, handed_in(), report("a", outcome="harness-error"))
    assert not book.already(KIM, EXERCISE, "a", "v1", "0.1.0")
    assert book.past(KIM, EXERCISE).attempts[0].grade.outcome == "harness-error"
    journal(book, handed_in(), report("a"))
    journal(book, handed_in(), report("a", outcome="harness-error"))
    assert book.already(KIM, EXERCISE, "a", "v1", "0.1.0")
    assert [outcome for _, outcome, _ in grades(book)] == ["harness-error", "failed", "harness-error"]
    assert book.past(KIM, EXERCISE).attempts[0].grade.outcome == "failed"


def test_what_is_journalled_twice_is_there_once(book: Gradebook) -> None:
    """The first one stays, also of errors of ours."""
    assert journal(book, handed_in(), report("a", 6))
    assert not journal(book, handed_in(), report("a", 9))
    for _ in range(2):
        journal(book, handed_in(), report("b", outcome="harness-error"), begun=5.0)
    assert grades(book) == [("a", "failed", 6), ("b", "harness-error", 0)]


def test_a_regrade_adds_and_keeps(book: Gradebook) -> None:
    """Each round has one grade for each attempt; one that was stopped goes on, one that ended is followed by another."""
    journal(book, handed_in(), report("a", 6))
    first = book.begin_regrade(EXERCISE)
    assert not first.continued
    assert not book.already(KIM, EXERCISE, "a", "v1", "0.1.0", regrade=first.number)
    assert journal(book, handed_in(), report("a", 8), regrade=first.number)
    again = book.begin_regrade(EXERCISE)
    assert (again.number, again.continued) == (first.number, True)
    assert book.already(KIM, EXERCISE, "a", "v1", "0.1.0", regrade=again.number)
    assert not journal(book, handed_in(), report("a", 9), regrade=again.number)
    assert book.begin_regrade("echo-server").number != first.number
    book.end_regrade(again)
    second = book.begin_regrade(EXERCISE)
    assert (second.number > first.number, second.continued) == (True, False)
    assert grades(book) == [("a", "failed", 6), ("a", "failed", 8)]
    assert book.past(KIM, EXERCISE).attempts[0].grade.points == 8


def test_a_return_to_an_earlier_version_is_the_last_attempt(path: str) -> None:
    """Although nothing is graded anew; where times are known, they decide."""
    for content in "ab":
        with Gradebook(path) as book:
            journal(book, handed_in(), report(content))
    with Gradebook(path) as book:
        assert [each.sha256 for each in book.past(KIM, EXERCISE).attempts] == ["a", "b"]
        book.again(EXERCISE, [(handed_in(late=True), "a"), (handed_in(), "never graded")])
        assert [(each.sha256, each.late) for each in book.past(KIM, EXERCISE).attempts] == [("b", False), ("a", True)]
        for content, submitted in zip("fdec", (LAST, EARLY, LATER, ""), strict=True):
            journal(book, handed_in(LEE, submitted=submitted), report(content))
        assert "".join(each.sha256 for each in book.past(LEE, EXERCISE).attempts) in ("defc", "decf", "cdef")


def test_attempts_of_one_run_are_in_the_order_of_their_numbers(book: Gradebook) -> None:
    """Workers end in any order."""
    for number in (2, 3, 1):
        journal(book, handed_in(attempt=number), report(f"content {number}"))
    journal(book, handed_in(attempt=4), report("content 1"))
    assert [each.number for each in book.past(KIM, EXERCISE).attempts] == [1, 2, 3, 4]


def test_a_group_hand_in_counts_for_everybody_once(book: Gradebook) -> None:
    """And the group itself, by whose name the LMS may call it, is no student."""
    journal(book, handed_in(Student("Team A", "Team A"), group=(KIM, LEE)), report("a"))
    assert grades(book, KIM) == grades(book, LEE) == [("a", "failed", 6)]
    assert book.students(EXERCISE) == [KIM, LEE]


def test_names_in_any_script_and_broken_bytes_are_kept(book: Gradebook) -> None:
    """A name that comes later replaces none by nothing."""
    odd = Student("\udcff'; DROP TABLE grade --", "김민지\u202e =1+1 \0")
    journal(book, handed_in(odd, file="\udce9t\udce9.c", origin="x" * 5_000), report("a"))
    journal(book, handed_in(odd._replace(name="")), report("b"))
    assert [each.name for each in book.students()] == [odd.name]
    assert len(book.past(odd, EXERCISE).attempts) == 2
    assert book.already(odd, EXERCISE, "a", "v1", "0.1.0")


def test_the_version_of_an_exercise_is_that_of_what_grades(tmp_path: Path, exercises: Path) -> None:
    """The statement may be mended; a check, the header or a mistake may not."""
    folder = tmp_path / "is-port-open"
    shutil.copytree(exercises / "is-port-open", folder)
    versions = [exercise_version(catalog.Exercise(str(folder)))]
    assert versions == [exercise_version(catalog.Exercise(str(exercises / "is-port-open")))]
    (folder / "statement.md").write_text("# Other\n")
    assert exercise_version(catalog.Exercise(str(folder))) == versions[0]
    for name in ("checks.py", "is_port_open.h", "mistakes.toml"):
        with (folder / name).open("a") as file:
            file.write("\n")
        versions.append(exercise_version(catalog.Exercise(str(folder))))
    assert len(set(versions)) == 4


# -- by hand ---------------------------------------------------------------------------------------------------------


def test_adjustments_survive_a_regrade_and_stay_in_the_history(book: Gradebook) -> None:
    """A withdrawn one no longer counts, and is told all the same."""
    journal(book, handed_in(), report("a", 6))
    first = book.adjust(KIM, EXERCISE, " +1.5 ", note="explained it well", author="Park")
    second = book.adjust(KIM, EXERCISE, "2", note="copied", author="Choi")
    book.withdraw(second, note="was wrong", author="Park")
    regrade = book.begin_regrade(EXERCISE)
    journal(book, handed_in(), report("a", 7), regrade=regrade.number)
    [result] = results(book, EXERCISE, Policy())
    assert (result.points, result.adjusted) == (8.5, 1.5)
    assert "Adjusted by Park: 7 -> 8.5 points (+1.5; explained it well)." in result.note
    kept, withdrawn = book.past(KIM, EXERCISE).adjustments
    assert (kept.row, kept.change, kept.note, kept.author, kept.withdrawn) == (
        first,
        "+1.5",
        "explained it well",
        "Park",
        None,
    )
    assert withdrawn.withdrawn
    assert (withdrawn.change, withdrawn.withdrawn.note, withdrawn.withdrawn.author) == ("2", "was wrong", "Park")


def test_an_adjustment_needs_a_reason_and_an_author(book: Gradebook) -> None:
    """And a change that is one; what cannot be withdrawn is said."""
    for change in ("", "x", "1e3", "+", "٣", "--1", "nan", "1/2", "9" * 30):
        with pytest.raises(UsageError, match="is no change of points"):
            book.adjust(KIM, EXERCISE, change, note="n", author="a")
    with pytest.raises(UsageError, match="why"):
        book.adjust(KIM, EXERCISE, "1", note=" ", author="a")
    with pytest.raises(UsageError, match="who"):
        book.adjust(KIM, EXERCISE, "1", note="n", author="")
    assert book.students() == []
    with pytest.raises(UsageError, match="no adjustment 1"):
        book.withdraw(1, note="n", author="a")
    number = book.adjust(KIM, EXERCISE, "1", note="n", author="a")
    book.withdraw(number, note="n", author="a")
    with pytest.raises(UsageError, match="already"):
        book.withdraw(number, note="n", author="a")


# -- results ---------------------------------------------------------------------------------------------------------


def test_everybody_in_the_roster_has_a_result(book: Gradebook) -> None:
    """In its order and with its names; who is not in it comes last, and is said."""
    journal(book, handed_in(Student("zoe", "")), report("z", 10, "passed"))
    journal(book, handed_in(Student("kim", "old name")), report("a", 3), begun=time.time())
    found = list(results(book, EXERCISE, Policy(), {"lee": LEE, "kim": KIM}))
    assert [(each.student, each.verdict, each.points, each.possible) for each in found] == [
        (LEE, "missing", 0, 10),
        (KIM, "failed", 3, 10),
        (Student("zoe", ""), "passed", 10, 10),
    ]
    assert [each.note for each in found] == ["Nothing was handed in.", "", "Not in the roster."]
    assert (found[0].attempt, found[0].graded, found[0].file, found[0].report) == (0, "", "", None)
    assert found[1].graded.startswith("20")
    assert (found[1].exercise, found[1].sha256, found[1].seconds) == (EXERCISE, "a", 0.25)
    assert list(results(book, "echo-server", Policy())) == []
    assert book.exercises() == [EXERCISE]


def test_reports_are_read_when_asked_for(book: Gradebook) -> None:
    """And are those of the grade that counts."""
    journal(book, handed_in(), report("a", 9))
    journal(book, handed_in(attempt=2), report("b", 3))
    [without] = results(book, EXERCISE, Policy())
    assert (without.report, without.attempt) == (None, 1)
    [having] = results(book, EXERCISE, Policy("last"), reports=True)
    assert having.report == report("b", 3)


def test_results_of_a_large_class_take_the_memory_of_a_small_one(path: str, tmp_path: Path) -> None:
    """Ten times as many students, whose reports would fill 100 MB."""
    measure = (
        "import sys, resource; from socklab.batch import gradebook, results, policy\n"
        "book = gradebook.Gradebook(sys.argv[1])\n"
        f"number = sum(1 for each in results.results(book, {EXERCISE!r}, policy.Policy(), reports=True) if each.report)\n"
        "print(number, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)\n"
    )
    peaks = []
    for first, count in ((0, 150), (150, 1_350)):
        with Gradebook(path) as book:
            padding = "x" * 70_000
            for number in range(first, first + count):
                journal(book, handed_in(Student(f"s{number}", "")), report("a", output=padding))
        counted, peak = map(int, printed(sys.executable, "-c", measure, path).split())
        assert counted == first + count
        peaks.append(peak)
    assert peaks[1] < 1.2 * peaks[0]


# -- killed, and two at once -----------------------------------------------------------------------------------------


def test_whatever_is_killed_loses_nothing_and_doubles_nothing(path: str) -> None:
    """At 50 random moments: of its start, where the first ones make the file, and of its work, by turns."""
    seed = random.randrange(1 << 31)
    print("seed", seed)
    moments = random.Random(seed)
    journalled: set[int] = set()
    for turn in range(KILLED):
        child = subprocess.Popen([*JOURNALLING, path, "0", str(EVERYTHING)], stdout=subprocess.PIPE, text=True)
        assert child.stdout
        first = child.stdout.readline() if turn % 2 else ""
        time.sleep(moments.uniform(0, 0.06) if turn % 2 else moments.uniform(0.05, 0.25))
        child.kill()
        rest, _ = child.communicate()
        assert child.returncode == -9
        told = {int(line) for line in (first + rest).splitlines()}
        assert not told & journalled
        journalled |= told
        there = known(path)
        assert journalled <= there
        assert there <= set(range(len(journalled) + KILLED))
        journalled = there
    assert len(journalled) > KILLED
    assert printed(*JOURNALLING, path, "0", str(len(journalled) + 1)).split() == [str(len(journalled))]


def test_a_kill_while_the_file_is_made_leaves_one_that_can_be_used(tmp_path: Path) -> None:
    """Whether its tables are there by then or not."""
    opened = f"{sys.executable} -c 'import sys; from socklab.batch.gradebook import Gradebook; print(flush=True); Gradebook(sys.argv[1])'"
    for number in range(10):
        path = str(tmp_path / f"{number}.gradebook")
        child = subprocess.Popen(f"exec {opened} {path}", shell=True, stdout=subprocess.PIPE)
        assert child.stdout
        child.stdout.readline()
        time.sleep(number * 0.001)
        child.kill()
        child.communicate()
        with Gradebook(path) as book:
            assert journal(book, handed_in(), report("c1"))
        assert known(path) == {1}


@pytest.mark.parametrize("wal", [True, False])
def test_four_who_grade_at_once_count_everything_once(path: str, wal: bool) -> None:
    """The same attempts, and some of their own, in a file that none of them has made yet; or one without a log."""
    if not wal:
        Gradebook(path, wal=False).close()
        command = [sys.executable, "-c", _without_log(), path]
    else:
        command = [*JOURNALLING, path]
    spans = [("0", "60", str(100 * n), "40") for n in range(1, 5)]
    started = [subprocess.Popen([*command, *span], stdout=subprocess.PIPE, stderr=subprocess.PIPE) for span in spans]
    for child in started:
        _, error = child.communicate(timeout=60)
        assert (child.returncode, error) == (0, b"")
    assert known(path) == {*range(60), *(100 * n + each for n in range(1, 5) for each in range(40))}


def _without_log() -> str:
    return (
        f"import sys, functools; sys.path.insert(0, {str(HERE)!r}); import journalling\n"
        "journalling.Gradebook = functools.partial(journalling.Gradebook, wal=False); journalling.main()"
    )


def test_who_reads_while_somebody_writes_sees_whole_attempts(path: str) -> None:
    """Hand-ins and their grades of one moment."""
    program = f"""
import sys; sys.path.insert(0, {str(HERE)!r})
from journalling import *
with Gradebook(sys.argv[1]) as book:
    for number in range(200):
        journal(book, handed_in(attempt=number), report(f"c{{number}}"))
"""
    with Gradebook(path) as book, subprocess.Popen([sys.executable, "-c", program, path]) as writer:
        while writer.poll() is None:
            attempts = book.past(KIM, EXERCISE).attempts
            assert [len(each.grades) for each in attempts] == [1] * len(attempts)
        assert (writer.returncode, len(book.past(KIM, EXERCISE).attempts)) == (0, 200)


def test_two_who_regrade_at_once_share_the_round(path: str) -> None:
    """And whoever asks whether there is one does not get in the other's way."""
    program = """
import sys
from socklab.batch.gradebook import Gradebook
book = Gradebook(sys.argv[1])
for _ in range(100):
    book.end_regrade(book.begin_regrade("is-port-open"))
"""
    Gradebook(path).close()
    both = [subprocess.Popen([sys.executable, "-c", program, path]) for _ in range(2)]
    assert [each.wait(60) for each in both] == [0, 0]
    sql = sqlite3.connect(path)
    assert sql.execute("SELECT count(*) FROM regrade WHERE ended=''").fetchone() == (0,)
    assert 100 <= sql.execute("SELECT count(*) FROM regrade").fetchone()[0] <= 200


def test_a_forked_process_opens_its_own(book: Gradebook, path: str) -> None:
    """One that writes through its parent's would damage the file; one that ends leaves the parent's alone."""

    def write() -> None:
        try:
            journal(book, handed_in(), report("a"))
        except HarnessError:
            book.close()
            os._exit(7)

    child = forked(write, {})
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 7
    assert journal(book, handed_in(), report("a"))


# -- trouble ---------------------------------------------------------------------------------------------------------


def complaint(path: str | Path, kind: type[Exception] = SetupError, **more: Any) -> str:
    """What is said of a gradebook that cannot be opened."""
    with pytest.raises(kind) as told:
        Gradebook(str(path), **more)
    return str(told.value)


def test_the_log_is_written_ahead_and_to_the_disk(book: Gradebook, path: str) -> None:
    """In WAL mode and with foreign keys; nothing is remarked."""
    sql = book._storage._sql
    pragmas = [sql.execute(f"PRAGMA {each}").fetchone()[0] for each in ("journal_mode", "synchronous", "foreign_keys")]
    assert pragmas == ["wal", 2, 1]
    assert book.remark == ""
    with pytest.raises(sqlite3.IntegrityError):
        sql.execute("INSERT INTO report VALUES (99, '')")


def test_a_file_of_something_else_stays_as_it_is(tmp_path: Path) -> None:
    """Text, a database of another program, one that is written ahead; nothing appears beside them."""
    plain = tmp_path / "plain.sqlite"
    sql = sqlite3.connect(plain)
    sql.execute("CREATE TABLE t (a)")
    sql.close()
    text = tmp_path / "marks.csv"
    text.write_text("student,points\n" * 100)
    other = tmp_path / "other.sqlite"
    for statement in ("CREATE TABLE t (a)", "PRAGMA user_version=1", "PRAGMA journal_mode=WAL"):
        sql = sqlite3.connect(other)
        sql.execute(statement)
        sql.close()
    for each in (text, plain, other):
        before = each.read_bytes()
        assert "this is no gradebook, and stays as it is" in complaint(each)
        assert each.read_bytes() == before
    assert sorted(tmp_path.iterdir()) == [text, other, plain]


def test_a_gradebook_of_a_newer_socklab_is_left_alone(path: str) -> None:
    """It says which version it has."""
    Gradebook(path).close()
    sql = sqlite3.connect(path)
    sql.execute("PRAGMA user_version=9")
    sql.close()
    assert "made by a newer socklab (its version is 9, known here is 2). Update socklab." in complaint(path)


def test_what_cannot_be_a_file_is_said(tmp_path: Path) -> None:
    """A folder, no folder, no name, a pipe, memory."""
    os.mkfifo(tmp_path / "pipe")
    assert "that is a folder" in complaint(tmp_path, UsageError)
    assert "mkdir -p" in complaint(tmp_path / "none" / "x", UsageError)
    assert "no name" in complaint("", UsageError)
    assert "no name" in complaint("a\0b", UsageError)
    assert "no ordinary file" in complaint(tmp_path / "pipe", UsageError)


def in_a_file_system(options: str, tmp_path: Path, program: str, *words: str) -> str:
    """What a program prints that finds a small file system of its own at tmp_path/disk."""
    (tmp_path / "disk").mkdir()
    script = f'mount -t tmpfs {options} tmpfs disk && exec "$0" -c "$@"'
    command = ["unshare", "--mount", *(["-r"] if os.geteuid() else []), "sh", "-c", script, sys.executable]
    prelude = f"import sys, os; sys.path.insert(0, {str(HERE)!r}); from journalling import *\n"
    ran = subprocess.run(
        [*command, prelude + program, *words], cwd=tmp_path, capture_output=True, text=True, timeout=60
    )
    if "mount:" in ran.stderr or "unshare:" in ran.stderr:
        pytest.skip(f"no file system can be mounted here: {ran.stderr}")
    assert ran.returncode == 0, ran.stderr
    return ran.stdout


def test_a_full_disk_loses_nothing_that_was_written(tmp_path: Path) -> None:
    """And once there is room, the same run goes on."""
    program = """
from socklab.errors import SetupError
open("disk/ballast", "wb").write(b"x" * 150_000)
book, done = Gradebook("disk/book"), 0
try:
    while True:
        journal(book, handed_in(), report(f"c{done}", noise=os.urandom(500).hex()))
        done += 1
except SetupError as error:
    print(error)
os.unlink("disk/ballast")
journal(book, handed_in(), report(f"c{done}"))
book.close()
book = Gradebook("disk/book")
print(done > 3, len(book.past(KIM, EXERCISE).attempts) == done + 1)
print(*book._storage.rows("PRAGMA integrity_check"))
"""
    told, counts, sound = in_a_file_system("-o size=600k", tmp_path, program).splitlines()
    assert "the disk is full. What was written before is kept; make room" in told
    assert (counts, sound) == ("True True", "('ok',)")


def test_a_disk_that_is_full_from_the_start_is_said(tmp_path: Path) -> None:
    """No bytes are left, or no names."""
    program = """
from socklab.errors import SetupError
try:
    while True:
        os.write(os.open(f"disk/{len(os.listdir('disk'))}", os.O_CREAT | os.O_WRONLY), b"x" * int(sys.argv[1]))
except OSError:
    pass
try:
    Gradebook("disk/book")
except SetupError as error:
    print(error)
"""
    for number, (options, size) in enumerate((("-o size=64k", "4096"), ("-o nr_inodes=9", "0"))):
        (tmp_path / str(number)).mkdir()
        assert "the disk is full" in in_a_file_system(options, tmp_path / str(number), program, size)


def test_what_may_not_be_written_is_said(tmp_path: Path) -> None:
    """A file system to read only; a file and a folder that belong to somebody else."""
    program = """
from socklab.errors import SetupError
Gradebook("disk/book").close()
os.system("mount -o remount,ro disk")
try:
    Gradebook("disk/book")
except SetupError as error:
    print(error)
"""
    assert "cannot be written by you" in in_a_file_system("", tmp_path, program)


def test_a_gradebook_of_somebody_else_is_said(tmp_path: Path) -> None:
    """Whether it is the file or the folder that may not be written, or there is none yet."""
    for folder in ("open", "shut"):
        (tmp_path / folder).mkdir()
        Gradebook(str(tmp_path / folder / "book")).close()
    (tmp_path / "open" / "book").chmod(0o444)
    (tmp_path / "shut").chmod(0o555)
    program = """
import sys
from socklab.batch.gradebook import Gradebook
from socklab.errors import SetupError
for each in ("open/book", "shut/book", "shut/new"):
    try:
        Gradebook(each)
    except SetupError as error:
        print(error)
"""
    lines = printed(*as_ordinary_user(), sys.executable, "-c", program, cwd=tmp_path).splitlines()
    (tmp_path / "shut").chmod(0o755)
    assert [line.split(". ")[0] for line in lines] == [
        "open/book: it cannot be written by you",
        "shut/book: its folder cannot be written by you",
        "shut/new: its folder cannot be written by you",
    ]


@contextmanager
def somebody_who(deed: str, path: str, seconds: float = 60) -> Iterator[int]:
    """Another process that has done `deed` to the file, and then does nothing for a while."""
    program = f"import sqlite3, sys, time; s = sqlite3.connect(sys.argv[1]); s.execute('{deed}'); print(flush=True)\n"
    command = [sys.executable, "-c", f"{program}time.sleep({seconds})", path]
    with subprocess.Popen(command, stdout=subprocess.PIPE) as holder:
        assert holder.stdout
        holder.stdout.readline()
        try:
            yield holder.pid
        finally:
            if seconds == 60:
                holder.kill()


def test_a_locked_gradebook_is_waited_for_and_then_its_holder_named(book: Gradebook, path: str) -> None:
    """A second of patience here, 30 by default; who only reads is not named."""
    assert storage.PATIENCE == 30
    with (
        somebody_who("SELECT * FROM grade", path),
        somebody_who("BEGIN IMMEDIATE", path) as holder,
        Gradebook(path, patience=1) as waiting,
    ):
        started = time.monotonic()
        with pytest.raises(SetupError) as told:
            journal(waiting, handed_in(), report("a"))
        assert 0.9 < time.monotonic() - started < 5
        assert f"somebody else has held it for 1 s. It is process {holder} (python" in str(told.value)
        assert str(told.value).count("(python") == 1
        assert list(results(waiting, EXERCISE, Policy())) == []  # reading is possible all the time
    assert journal(book, handed_in(), report("a"))


def test_a_short_lock_is_nobodys_trouble(path: str) -> None:
    """Also where there is no log, and while the file is made."""
    for wal in (True, False):
        with somebody_who("BEGIN EXCLUSIVE", path, 0.4), Gradebook(path, wal=wal) as book:
            assert journal(book, handed_in(), report(str(wal)))


def test_a_damaged_gradebook_is_said(path: str) -> None:
    """With what to do; as is one whose first page is gone, or a report that cannot be read."""
    with Gradebook(path) as book:
        for number in range(200):
            journal(book, handed_in(attempt=number), report(f"c{number}", noise=os.urandom(500).hex()))
    whole = Path(path).read_bytes()
    Path(path).write_bytes(whole[:4096] + os.urandom(len(whole) - 4096))
    with Gradebook(path) as book:
        for deed in (lambda: journal(book, handed_in(), report("a")), lambda: book.past(KIM, EXERCISE)):
            with pytest.raises(SetupError, match=r"it is damaged .* \.recover"):
                deed()
    Path(path).write_bytes(os.urandom(len(whole)))
    assert "this is no gradebook" in complaint(path)
    Path(path).write_bytes(whole)
    with Gradebook(path) as book:
        book._storage._sql.execute("UPDATE report SET json=x'00'")
        with pytest.raises(SetupError, match="the report of grade 1 cannot be read"):
            book.report(book.past(KIM, EXERCISE).attempts[0].grade)


def test_a_gradebook_that_is_taken_away_is_noticed(book: Gradebook, path: str) -> None:
    """Before something is written into a file that has no name any more."""
    os.rename(path, path + ".old")
    for _ in range(2):
        with pytest.raises(SetupError, match="moved, deleted or replaced"):
            journal(book, handed_in(), report("a"))
        Path(path).touch()
    os.rename(path + ".old", path)
    assert journal(book, handed_in(), report("a"))


def test_without_a_log_it_is_said_and_just_as_good(path: str) -> None:
    """A gradebook may change from one to the other, unless somebody uses it the other way."""
    with Gradebook(path, wal=False) as book:
        assert "kept without a write-ahead log (as asked for): just as safe, but slower" in book.remark
        assert journal(book, handed_in(), report("a"))
        assert book._storage.rows("PRAGMA journal_mode") == [("delete",)]
    with Gradebook(path) as book:
        assert book.remark == ""
        assert grades(book) == [("a", "failed", 6)]
        assert "somebody else has held it" in complaint(path, wal=False, patience=0.2)


def test_a_file_system_that_allows_no_log_is_noticed(path: str) -> None:
    """SQLite's own way of locking for such file systems has no log either."""
    with Gradebook(path) as book:
        book._storage._sql.close()
        book._storage._sql = sqlite3.connect(f"file:{path}2?vfs=unix-dotfile", uri=True, isolation_level=None)
        book._storage._choose_mode(None)
        assert "its file system does not allow it" in book._storage.remark


def test_a_network_file_system_is_known_by_its_mount(tmp_path: Path) -> None:
    """The longest mount point decides; a name that only begins alike does not."""
    mounts = tmp_path / "mountinfo"
    mounts.write_text(
        "41 40 0:41 / /net/scratch\\040disk rw - xfs /dev/b rw\n"
        "22 1 254:0 / / rw,relatime shared:1 - ext4 /dev/vda rw\n"
        "40 22 0:40 / /net rw shared:3 master:1 - nfs4 server:/x rw\n"
        "42 22 0:42 / /mnt/far rw - fuse.sshfs a:/ rw\n"
    )
    kinds = [
        storage.remote_kind(path, str(mounts))
        for path in ("/net/a/b", "/net/scratch disk/a", "/network/a", "/mnt/far/a", "/x")
    ]
    assert kinds == ["nfs4", "", "", "fuse.sshfs", ""]
    assert storage.remote_kind("/x", str(tmp_path / "none")) == ""
