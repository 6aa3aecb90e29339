"""Hand-ins go to workers and their reports into the gradebook: each once, whatever ends in between."""

import contextlib
import os
import signal
import time
import tracemalloc
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from front_door import descendants
from tiny_exercise import exercise as tiny

from socklab import __version__, catalog
from socklab.batch import room, workers
from socklab.batch import run as running
from socklab.batch.gradebook import Gradebook, Regrade
from socklab.batch.intake import HandIn
from socklab.batch.people import Student
from socklab.batch.policy import Policy
from socklab.batch.results import Result, results
from socklab.batch.room import Room
from socklab.batch.run import Run, Tally
from socklab.batch.workers import Done, Interrupt, Task
from socklab.cell.sandbox import PRIVATE, SHARED
from socklab.errors import SetupError
from socklab.grading import Options
from socklab.model import FAILED, HARNESS_ERROR, PASSED, UNGRADABLE, Report
from socklab.submission import Submission
from socklab.workshop import Workshop

DOUBLES = '@check(points=2, hint="")\ndef doubles(program, scene):\n    """twice"""\n    expect(program.call(21)).to_return(42)\n'
RIGHT, WRONG, BROKEN = "def twice(x):\n    return 2 * x\n", "def twice(x):\n    return x\n", "def twice(x:\n"
RIGHT_C = "int twice(int x) { return 2 * x; }\n"
QUICK = Options(sanitize=False)


@pytest.fixture
def exercise(tmp_path: Path) -> catalog.Exercise:
    """One check: twice(21) is 42."""
    return tiny(tmp_path, "twice", DOUBLES, "int twice(int x);")


@pytest.fixture
def book(tmp_path: Path) -> Iterator[Gradebook]:
    """A new gradebook."""
    with Gradebook(str(tmp_path / "marks.sqlite")) as opened:
        yield opened


def hand_in(folder: Path, who: str, source: str | bytes, suffix: str = ".py", **more: Any) -> HandIn:
    """What `who` handed in, as intake gives it: it lies under a name that nobody was told."""
    path = folder / f"unpacked-{who}-{more.get('attempt', 1)}"
    path.write_bytes(source if isinstance(source, bytes) else source.encode())
    return HandIn(Student(who, who.title()), f"twice{suffix}", f"week.zip: {who}/twice{suffix}", str(path), **more)


def class_of_twelve(folder: Path) -> list[HandIn]:
    """Eight that pass, three that fail and one that does not build, in two languages."""
    sources = [RIGHT] * 6 + [WRONG] * 3 + [BROKEN]
    found = [hand_in(folder, f"s{number:02}", source) for number, source in enumerate(sources)]
    return found + [hand_in(folder, f"c{number:02}", RIGHT_C, ".c") for number in range(2)]


def verdicts(book: Gradebook) -> dict[str, str]:
    """By student."""
    return {each.student.id: each.verdict for each in results(book, "twice", Policy())}


def result_of(book: Gradebook, who: str) -> Result:
    """With its report."""
    return next(each for each in results(book, "twice", Policy(), reports=True) if each.student.id == who)


def a_report(submission: Submission, outcome: str = PASSED, output: str = "", reason: str = "") -> Report:
    """What grading might say, without grading."""
    return Report("twice", "Tiny", submission.file, submission.content, "python", "", PRIVATE, "", 1, 0.1, outcome, reason, output=output, version=__version__)  # fmt: skip


def pretend(monkeypatch: pytest.MonkeyPatch, outcome: Callable[[Submission], Report]) -> None:
    """Have workers, which are forked from here, say something quickly instead of grading."""
    monkeypatch.setattr(workers, "grade", lambda exercise, submission, options, begun: outcome(submission))


# -- what is graded ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("number", [1, 3])
def test_a_class_is_graded(
    number: int, exercise: catalog.Exercise, book: Gradebook, tmp_path: Path, nobody_stays: None
) -> None:
    """Each has the verdict that is due, however many workers there are; afterwards nothing runs."""
    tally = Run(exercise, book, QUICK, number).grade(class_of_twelve(tmp_path))
    assert (tally.outcomes, tally.done) == ({PASSED: 8, FAILED: 3, UNGRADABLE: 1}, 12)
    assert list(verdicts(book).values()) == [PASSED] * 8 + [FAILED] * 3 + [UNGRADABLE]  # by id: c… come first
    result = result_of(book, "c00")
    assert (result.points, result.possible, result.file, result.origin) == (2, 2, "twice.c", "week.zip: c00/twice.c")
    assert result.report is not None
    assert (result.report["tier"], result.report["language"]) == (PRIVATE, "c")


def test_what_has_not_changed_is_not_graded_again(
    exercise: catalog.Exercise, book: Gradebook, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Only the one that was changed is, and no worker is started for the others."""
    handed_in = class_of_twelve(tmp_path)
    Run(exercise, book, QUICK, 2).grade(handed_in)
    changed = [hand_in(tmp_path, "s06", RIGHT), *(each for each in handed_in if each.student.id != "s06")]
    tally = Run(exercise, book, QUICK, 2).grade(changed)
    assert (tally.outcomes, tally.unchanged) == ({PASSED: 1}, 11)
    assert verdicts(book)["s06"] == PASSED
    monkeypatch.setattr(os, "fork", lambda: pytest.fail("nothing was to be done"))
    assert Run(exercise, book, QUICK, 2).grade(changed).unchanged == 12


def test_a_return_to_an_earlier_version_is_an_attempt(
    exercise: catalog.Exercise, book: Gradebook, tmp_path: Path
) -> None:
    """Its content is known, so it is not graded again; the last attempt is what counts by that policy."""
    for number, source in enumerate((RIGHT, WRONG, RIGHT), 1):
        Run(exercise, book, QUICK, 1).grade([hand_in(tmp_path, "kim", source, attempt=number)])
    attempts = book.past(Student("kim", "Kim"), "twice").attempts
    assert [(each.number, each.grade.outcome) for each in attempts] == [(1, PASSED), (2, FAILED), (3, PASSED)]


def test_the_same_file_twice_in_one_run_is_graded_once(
    exercise: catalog.Exercise, book: Gradebook, tmp_path: Path
) -> None:
    """Both attempts are known afterwards."""
    twice = [hand_in(tmp_path, "kim", RIGHT, attempt=number) for number in (1, 2)]
    tally = Run(exercise, book, QUICK, 2).grade(twice)
    assert (tally.outcomes, tally.unchanged) == ({PASSED: 1}, 1)
    assert [each.number for each in book.past(Student("kim", "Kim"), "twice").attempts] == [1, 2]


def test_a_group_is_graded_once_and_each_has_the_mark(
    exercise: catalog.Exercise, book: Gradebook, tmp_path: Path
) -> None:
    """Whoever was named."""
    kim, lee = Student("kim", "Kim"), Student("lee", "Lee")
    tally = Run(exercise, book, QUICK, 1).grade([hand_in(tmp_path, "kim", RIGHT, group=(kim, lee))])
    assert tally.outcomes == {PASSED: 1}
    assert verdicts(book) == {"kim": PASSED, "lee": PASSED}


def test_a_regrade_grades_all_of_it_once(exercise: catalog.Exercise, book: Gradebook, tmp_path: Path) -> None:
    """A round that was stopped goes on where it was; one that is over is followed by another."""
    handed_in = class_of_twelve(tmp_path)[:4]
    Run(exercise, book, QUICK, 2).grade(handed_in)

    def regrade(those: list[HandIn]) -> tuple[Regrade, Tally]:
        regrade = book.begin_regrade("twice")
        return regrade, Run(exercise, book, QUICK, 2, regrade).grade(those)

    def stop(tally: Tally) -> None:
        if tally.graded == 2:
            os.kill(os.getpid(), signal.SIGINT)

    round = book.begin_regrade("twice")
    first = Run(exercise, book, QUICK, 1, round).grade(handed_in, stop)
    assert (first.graded, first.stopped) == (2, True)
    same, second = regrade(handed_in)
    assert (same.number, same.continued, second.graded, second.unchanged) == (round.number, True, 2, 2)
    other, third = regrade(handed_in)
    assert (other.number, other.continued, third.graded) == (round.number + 1, False, 4)
    assert len(book.past(Student("s00", "S00"), "twice").attempts[0].grades) == 3


# -- trouble -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("content", "reason"),
    [(b"a\0b", "this is a binary file"), (b"\xff = 1\n", "byte 0xff"), (b" \n", "is empty"), (b"#" * 1_000_001, "too many")],
)  # fmt: skip
def test_what_is_no_source_text_is_ungradable(
    content: bytes, reason: str, exercise: catalog.Exercise, book: Gradebook, tmp_path: Path
) -> None:
    """The reason names the file as its student knows it; it is a grade like any other, and not made again."""
    those = [hand_in(tmp_path, "kim", content), hand_in(tmp_path, "lee", RIGHT)]
    assert Run(exercise, book, QUICK, 1).grade(those).outcomes == {PASSED: 1, UNGRADABLE: 1}
    report = result_of(book, "kim").report
    assert report is not None
    assert report["reason"].startswith("twice.py")
    assert reason in report["reason"]
    assert "unpacked" not in report["reason"]
    assert Run(exercise, book, QUICK, 1).grade(those).unchanged == 2


def test_a_file_that_is_gone_is_told(exercise: catalog.Exercise, book: Gradebook, tmp_path: Path) -> None:
    """With its student; the others are graded."""
    gone = hand_in(tmp_path, "kim", RIGHT)
    os.unlink(gone.path)
    tally = Run(exercise, book, QUICK, 1).grade([gone, hand_in(tmp_path, "lee", RIGHT)])
    (trouble,) = tally.troubles
    assert (trouble.student, trouble.origin) == (gone.student, gone.origin)
    assert "there is no such file" in trouble.reason
    assert (tally.outcomes, tally.done) == ({PASSED: 1}, 2)


def test_an_error_of_ours_is_one_submissions_own(
    exercise: catalog.Exercise, book: Gradebook, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is no mark, and the next run tries again."""

    def fail(submission: Submission) -> Report:
        if submission.content == WRONG.encode():
            raise RuntimeError("out of luck")
        return a_report(submission)

    those = [hand_in(tmp_path, "kim", WRONG), hand_in(tmp_path, "lee", RIGHT)]
    with monkeypatch.context() as patch:
        pretend(patch, fail)
        assert Run(exercise, book, QUICK, 1).grade(those).outcomes == {PASSED: 1, HARNESS_ERROR: 1}
    report = result_of(book, "kim").report
    assert report is not None
    assert report["reason"].startswith("RuntimeError: out of luck (test_class_run.py:")
    tally = Run(exercise, book, QUICK, 1).grade(those)
    assert (tally.outcomes, tally.unchanged) == ({FAILED: 1}, 1)


@pytest.mark.parametrize(("deaths", "verdict"), [(1, PASSED), (2, HARNESS_ERROR)])
def test_a_worker_that_dies_costs_one_retry(
    deaths: int,
    verdict: str,
    exercise: catalog.Exercise,
    book: Gradebook,
    tmp_path: Path,
    temporary: Path,
    monkeypatch: pytest.MonkeyPatch,
    nobody_stays: None,
) -> None:
    """Of what it had, and of nothing else; what it left lying is cleared away."""

    def die(submission: Submission) -> Report:
        counted = tmp_path / "deaths"
        before = counted.stat().st_size if counted.exists() else 0
        if submission.content == WRONG.encode() and before < deaths:
            counted.write_text("x" * (before + 1))
            (temporary / f"socklab-{os.getpid()}-1234").mkdir()
            os.kill(os.getpid(), signal.SIGKILL)
        return a_report(submission)

    monkeypatch.setenv("TMPDIR", str(temporary))
    pretend(monkeypatch, die)
    those = [hand_in(tmp_path, "kim", WRONG), *(hand_in(tmp_path, f"s{n}", RIGHT) for n in range(6))]
    tally = Run(exercise, book, QUICK, 2).grade(those)
    assert verdicts(book) == {"kim": verdict, **{f"s{n}": PASSED for n in range(6)}}
    assert tally.done == 7
    assert len(book.past(Student("kim", "Kim"), "twice").attempts[0].grades) == 1
    assert os.listdir(temporary) == []
    report = result_of(book, "kim").report
    assert report is not None
    assert ("SIGKILL" in report["reason"]) == (verdict == HARNESS_ERROR)


def test_a_class_is_not_graded_in_the_shared_tier_unasked(
    exercise: catalog.Exercise, book: Gradebook, tmp_path: Path, temporary: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Neither without bubblewrap nor where a namespace is refused; nothing is journalled, and the way out is named."""
    those = [hand_in(tmp_path, "kim", RIGHT)]
    with monkeypatch.context() as patch:
        patch.setattr(running, "best_tier", lambda: (SHARED, "bubblewrap is not installed"))
        with pytest.raises(SetupError, match=r"bubblewrap is not installed\. `socklab doctor`.*--tier shared\.$"):
            Run(exercise, book, QUICK, 1).grade(those)
        asked_for = Run(exercise, book, QUICK._replace(tier=SHARED), 1).grade([hand_in(tmp_path, "lee", RIGHT)])
    assert asked_for.outcomes == {PASSED: 1}
    monkeypatch.setenv("PATH", f"{_bubblewrap_that_fails(temporary)}:{os.environ['PATH']}")
    with pytest.raises(SetupError, match=r"the private tier cannot be had on this machine: .*--tier shared"):
        Run(exercise, book, QUICK, 1).grade(those)
    assert verdicts(book) == {"lee": PASSED}


def _bubblewrap_that_fails(folder: Path) -> Path:
    path = folder / "bin" / "bwrap"
    path.parent.mkdir()
    path.write_text("#!/bin/sh\necho 'bwrap: No permissions to create new namespace' >&2\nexit 1\n")
    path.chmod(0o755)
    return path.parent


# -- being stopped -----------------------------------------------------------------------------------------------------


def test_ctrl_c_stops_and_what_was_done_is_kept(
    exercise: catalog.Exercise, book: Gradebook, tmp_path: Path, nobody_stays: None
) -> None:
    """Nothing runs on; another run grades what is left and nothing else; Ctrl-C then is what it was before."""
    before = signal.getsignal(signal.SIGINT)
    handed_in = class_of_twelve(tmp_path)

    def stop(tally: Tally) -> None:
        if tally.graded == 3:
            os.kill(os.getpid(), signal.SIGINT)

    tally = Run(exercise, book, QUICK, 2).grade(handed_in, stop)
    assert (tally.stopped, tally.graded) == (True, 3)
    assert len(verdicts(book)) == 3
    assert signal.getsignal(signal.SIGINT) == before
    rest = Run(exercise, book, QUICK, 2).grade(handed_in)
    assert (rest.stopped, rest.graded, rest.unchanged) == (False, 9, 3)


def test_ctrl_c_that_comes_while_all_wait_is_noticed(
    exercise: catalog.Exercise, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, nobody_stays: None
) -> None:
    """By the wait itself, whatever a submission does meanwhile."""

    def hang(submission: Submission) -> Report:
        os.kill(os.getppid(), signal.SIGINT)
        while True:
            signal.pause()

    pretend(monkeypatch, hang)
    task = Task(hand_in(tmp_path, "kim", RIGHT), Submission("twice.py", RIGHT.encode()), "")
    with Interrupt() as interrupt:
        assert list(workers.graded(exercise, QUICK, iter([task]), Room(1, 1), interrupt)) == []
        assert interrupt.asked


def test_workers_hear_no_ctrl_c_of_a_terminal(
    exercise: catalog.Exercise, book: Gradebook, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """They are in a session of their own, and what they start does not inherit that it is ignored."""
    answers = {os.getsid(0): "the same session"}
    pretend(
        monkeypatch,
        lambda submission: a_report(
            submission,
            reason=answers.get(os.getsid(0), "another one"),
            output=str(signal.getsignal(signal.SIGINT) is signal.default_int_handler),
        ),
    )
    Run(exercise, book, QUICK, 1).grade([hand_in(tmp_path, "kim", RIGHT)])
    report = result_of(book, "kim").report
    assert report is not None
    assert (report["reason"], report["output"]) == ("another one", "True")


def test_a_class_meets_the_same_ports_in_the_same_order(
    exercise: catalog.Exercise, book: Gradebook, tmp_path: Path, nobody_stays: None
) -> None:
    """What everybody met who was graded before: the same file has the same marks, at whatever time it comes."""
    Run(exercise, book, QUICK, 2).grade([hand_in(tmp_path, who, f"{RIGHT}# {who}\n") for who in ("ann", "bo")])
    Run(exercise, book, QUICK, 2).grade([hand_in(tmp_path, "kim", WRONG)])
    seeds = [(report := result_of(book, who).report) and report["seed"] for who in ("ann", "bo", "kim")]
    assert seeds[0] is not None
    assert seeds == [seeds[0]] * 3
    with Gradebook(str(tmp_path / "other.sqlite")) as other:
        Run(exercise, other, QUICK, 1).grade([hand_in(tmp_path, "ann", RIGHT)])
        assert result_of(other, "ann").report["seed"] != seeds[0]  # type: ignore[index]  # once in 2147483648 times it is


# -- the next one is made ready ----------------------------------------------------------------------------------------


@pytest.fixture
def deeds(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[], list[str]]:
    """What workers did so far: "a b" if they began to build, or to judge, what was handed in as b."""
    log = tmp_path / "deeds"
    really = workers.begin, workers.grade

    def begin(exercise: catalog.Exercise, submission: Submission, *, sanitize: bool) -> Workshop:
        _note("build", submission)
        return really[0](exercise, submission, sanitize=sanitize)

    def grade(
        exercise: catalog.Exercise, submission: Submission, options: Options, begun: Workshop | None = None
    ) -> Report:
        fits = begun and begun.fits(exercise, submission, tier=PRIVATE, sanitize=False)
        _note("judge" if fits else "build and judge", submission)
        return really[1](exercise, submission, options, begun)

    def _note(what: str, submission: Submission) -> None:
        with log.open("a") as file:
            file.write(f"{what} {submission.text.split()[-1]}\n")

    monkeypatch.setattr(workers, "begin", begin)
    monkeypatch.setattr(workers, "grade", grade)
    return lambda: log.read_text().splitlines() if log.exists() else []


def three(folder: Path) -> list[HandIn]:
    """Called a, b and c; their names stand in a comment at the end."""
    return [hand_in(folder, who, f"{RIGHT_C}// {who}\n", ".c") for who in "abc"]


def test_the_next_one_is_built_meanwhile(
    exercise: catalog.Exercise, book: Gradebook, tmp_path: Path, deeds: Callable[[], list[str]], nobody_stays: None
) -> None:
    """Before the first is judged the second's compiler runs, and what it built is what is judged then."""
    assert Run(exercise, book, QUICK, 1).grade(three(tmp_path)).outcomes == {PASSED: 3}
    assert deeds() == ["build a", "build b", "judge a", "build c", "judge b", "judge c"]


def test_in_the_shared_tier_nothing_is_built_beside_what_is_judged(
    exercise: catalog.Exercise, book: Gradebook, tmp_path: Path, deeds: Callable[[], list[str]]
) -> None:
    """It could be reached there."""
    shared = QUICK._replace(tier=SHARED)
    assert Run(exercise, book, shared, 1).grade(three(tmp_path)).outcomes == {PASSED: 3}
    assert deeds() == [f"build and judge {who}" for who in "abc"]


def waits_for_the_others(folder: Path) -> Callable[[Submission], Report]:
    """Says of a of `three` that it passes once the others are judged, of these that they pass."""
    judged = folder / "judged"
    judged.touch()

    def outcome(submission: Submission) -> Report:
        deadline = time.monotonic() + 30
        while submission.text.endswith("// a\n") and judged.stat().st_size < 2:
            if time.monotonic() > deadline:
                return a_report(submission, FAILED)
            time.sleep(0.01)
        with judged.open("a") as file:
            file.write("x")
        return a_report(submission)

    return outcome


def test_what_one_worker_has_made_ready_another_grades_that_has_nothing_to_do(
    exercise: catalog.Exercise,
    book: Gradebook,
    tmp_path: Path,
    temporary: Path,
    monkeypatch: pytest.MonkeyPatch,
    nobody_stays: None,
) -> None:
    """The first is not done before all others are; of what was built in vain nothing is left."""
    monkeypatch.setenv("TMPDIR", str(temporary))
    pretend(monkeypatch, waits_for_the_others(tmp_path))
    assert Run(exercise, book, QUICK, 2).grade(three(tmp_path)).outcomes == {PASSED: 3}
    assert os.listdir(temporary) == []


# -- room --------------------------------------------------------------------------------------------------------------


class Processors:
    """Stands in for the machine's, which never rest where many tests run: `rest` so much of one of them for a second."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.now = self.rested = 0.0
        monkeypatch.setattr(room.time, "monotonic", lambda: self.now)
        monkeypatch.setattr(room, "rested", lambda: self.rested)

    def rest(self, share: float) -> None:
        """A second passes."""
        self.now += 1
        self.rested += share


def test_while_processors_rest_there_is_room_for_more(monkeypatch: pytest.MonkeyPatch) -> None:
    """One more each time, up to the most; one less where none rests, down to the workers; between them all stays."""
    processors = Processors(monkeypatch)
    for_two = Room(2, 4)
    told = []
    for share in (1.0, 0.5, 1.0, 0.2, 0.0, 0.0, 0.0, 0.2):
        processors.rest(share)
        told += [for_two.at_once(), for_two.at_once()]  # asked again at once it says the same
    assert told[::2] == told[1::2] == [3, 4, 4, 4, 3, 2, 2, 2]


def test_how_many_were_asked_for_is_how_many_there_are(monkeypatch: pytest.MonkeyPatch) -> None:
    """However much rests, and whoever waits is not woken for nothing."""
    processors = Processors(monkeypatch)
    for_one = Room(1, 1)
    processors.rest(2.0)
    assert (for_one.at_once(), for_one.patience) == (1, None)
    assert (Room(1, 2).patience or 0) > 0


def test_the_time_at_rest_is_the_kernels() -> None:
    """That of all processors together, no more than there was, and what is idle counts, by proc_stat(5)."""
    with open("/proc/uptime") as file:
        idle = float(file.read().split()[1])
    assert idle <= room.rested() + 1  # both are rounded; only one counts what waited for a disk too


def test_while_one_waits_another_is_judged(
    exercise: catalog.Exercise, book: Gradebook, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, nobody_stays: None
) -> None:
    """One worker has a submission that hangs until the others are judged: a second one begins, for the processors rest."""
    started = time.monotonic()
    monkeypatch.setattr(room, "rested", lambda: time.monotonic() - started)
    pretend(monkeypatch, waits_for_the_others(tmp_path))
    assert Run(exercise, book, QUICK, 1, most=2).grade(three(tmp_path)).outcomes == {PASSED: 3}


def test_no_more_is_under_way_than_two_for_each_worker(
    exercise: catalog.Exercise, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One is judged, one made ready; no file is read before that."""
    pretend(monkeypatch, a_report)
    asked: list[int] = []
    done = 0

    def tasks() -> Iterator[Task]:
        for number in range(50):
            asked.append(number)
            yield Task(hand_in(tmp_path, f"s{number}", RIGHT), Submission("twice.py", b"x"), "")

    with (
        Interrupt() as interrupt,
        contextlib.closing(workers.graded(exercise, QUICK, tasks(), Room(3, 3), interrupt)) as reports,
    ):
        for _ in reports:
            done += 1
            assert len(asked) - done <= 2 * 3
            assert len([each for each in descendants(os.getpid()) if each.parent == os.getpid()]) <= 3
    assert done == 50


def test_reports_are_not_kept_in_memory(
    exercise: catalog.Exercise, book: Gradebook, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """However many there are, the room of a few is enough."""

    def graded(exercise: catalog.Exercise, _: Options, tasks: Iterator[Task], *__: object) -> Iterator[Done]:
        for task in tasks:
            report = workers.without_grading(exercise, task.submission, PASSED, "")
            yield Done(task, report | {"output": os.urandom(100_000).hex()}, 0.0)

    monkeypatch.setattr(running, "graded", graded)
    handed_in = [hand_in(tmp_path, f"s{number}", RIGHT) for number in range(100)]
    tracemalloc.start()
    try:
        tally = Run(exercise, book, QUICK, 1).grade(handed_in)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert tally.outcomes == {PASSED: 100}
    assert peak < 3_000_000  # all of them are 20 MB
