"""Checks that several brokers divide among them: each is run once, after what it needs; what looks back is run by each of them."""

import os
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from tiny_exercise import exercise

from socklab import catalog
from socklab.cell.process import forked
from socklab.grading import Options, grade
from socklab.model import FAILED, PASSED, SKIPPED
from socklab.submission import Submission
from socklab.turns import Turns
from socklab.vocabulary import AFTER_DUE, Check, check

BROKERS = 3

CHECKS = '''
@check(points=1, hint="")
def first(program, scene):
    """it ends with 0"""
    expect(program.run("first")).to_exit(0)


@check(points=1, hint="", needs=(first,))
def second(program, scene):
    """it ends with 0 again"""
    expect(program.run("second")).to_exit(0)


@check(points=1, hint="", needs=(second,))
def third(program, scene):
    """and again"""
    expect(program.run("third")).to_exit(0)


@check(points=1, hint="")
def fourth(program, scene):
    """and again, for other words"""
    expect(program.run("fourth")).to_exit(0)


@check(points=1, hint="", last=True)
def nothing_forbidden(program, scene):
    """nothing is tried that reaches beyond sockets"""
    expect(program).to_have_tried_nothing_forbidden()
'''


def made(
    name: str,
    *needs: str,
    last: bool = False,
    bonus: bool = False,
    long: bool = False,
    visible: bool | str = True,
) -> Check:
    """A check that nobody runs here."""

    def function(program: object, scene: object) -> None:
        """a title"""

    function.__name__ = name
    return check(points=1, hint="", needs=needs, last=last, bonus=bonus, long=long, visible=visible)(function)


@pytest.fixture
def table() -> Iterator[Turns]:
    """Checks of all kinds, in three groups of dependants."""
    checks = [
        made("root"),
        *(made(f"leaf{number}", "root") for number in range(6)),
        made("twig", "leaf0", "leaf1"),
        made("sum", last=True),
        made("gift", "leaf2", bonus=True),
        made("later", "leaf3", visible=AFTER_DUE),
        made("later-sum", last=True, visible=AFTER_DUE),
    ]
    turns = Turns(checks, 7)
    yield turns
    turns.close()


def in_order(turns: Turns) -> list[Check]:
    """All of them."""
    return [each for stage in turns.stages for each in stage]


def divided(turns: Turns) -> list[list[tuple[str, float, float]]]:
    """What each of several processes took: name, and when it began and ended to be judged."""
    reads = []
    for _ in range(BROKERS):
        read, write = os.pipe()

        def work(write: int = write) -> None:
            with os.fdopen(write, "w") as told:
                for each in turns.mine(lambda: time.sleep(0.001)):
                    begun = time.monotonic()
                    time.sleep(0.003)
                    told.write(f"{each.slug} {begun} {time.monotonic()}\n")
                    turns.tell(each, PASSED)

        reads.append((forked(work, {}), read))
        os.close(write)
    taken = []
    for pid, read in reads:
        with os.fdopen(read) as said:
            rows = [line.split() for line in said]
        assert os.waitpid(pid, 0)[1] == 0
        taken.append([(slug, float(begun), float(ended)) for slug, begun, ended in rows])
    return taken


def test_each_check_is_taken_by_one_broker_after_what_it_needs(table: Turns) -> None:
    """Many times, since who comes first differs."""
    checks = in_order(table)
    for _ in range(20):
        taken = divided(table)
        rows = {row[0]: row for each in taken for row in each}
        names = sorted(name for each in taken for name, _, _ in each)
        assert names == sorted([*rows, *["sum", "later-sum"] * (BROKERS - 1)])
        assert len(rows) == 12
        for each in in_order(table):
            for needed in each.needs:
                assert rows[needed][2] <= rows[each.slug][1], (needed, each.slug)
        table.close()
        table = Turns(checks, 7)
    table.close()


def test_who_looks_back_has_all_its_own_behind_it(table: Turns) -> None:
    """Each broker sums up what it ran itself, before what is a bonus or is seen by fewer."""
    for each in divided(table):
        names = [name for name, _, _ in each]
        assert [name for name in names if name in ("sum", "later-sum")] == ["sum", "later-sum"]
        before = names[: names.index("sum")]
        assert not {"gift", "later"} & set(before)
        assert set(names) - set(before) <= {"sum", "gift", "later", "later-sum"}


def test_one_alone_runs_all_of_them_in_order(table: Turns) -> None:
    """Without a pause, which would last for ever."""
    taken: list[str] = []
    for each in table.mine(lambda: pytest.fail("nobody else is at work")):
        taken.append(each.slug)
        table.tell(each, SKIPPED)
    assert taken == [each.slug for each in in_order(table)]
    assert table.outcome("root") == SKIPPED
    assert table.outcome("what is not there") is None


def test_long_ones_come_as_early_as_they_may() -> None:
    """After what they need, before all else; a long bonus does not come before what counts."""
    short = [made(f"short{number}") for number in range(8)]
    checks = [
        *short,
        made("gift", bonus=True, long=True),
        made("slow", "base", long=True),
        made("base"),
        made("sum", last=True),
    ]
    for seed in range(10):
        turns = Turns(checks, seed)
        names = [each.slug for each in in_order(turns)]
        turns.close()
        assert names[:2] == ["base", "slow"]
        assert names[-2:] == ["sum", "gift"]


def test_what_has_not_been_judged_has_no_outcome(table: Turns) -> None:
    """Taken is not judged."""
    next(table.mine(lambda: None))
    assert {table.outcome(each.slug) for each in in_order(table)} == {None}


class _Watcher:
    """Keeps what it is told."""

    def __init__(self) -> None:
        self.told: list[tuple[str, str]] = []

    def begun(self, checks: tuple[Check, ...]) -> None:
        """Nothing to keep."""

    def ran(self, slug: str, outcome: str) -> None:
        """Keep it."""
        self.told.append((slug, outcome))


@pytest.fixture
def divided_exercise(tmp_path: Path) -> catalog.Exercise:
    """An exercise that asks for a program, whose checks need each other."""
    return exercise(tmp_path, "tiny-divided", CHECKS)


@pytest.mark.parametrize("tier", ["private", "shared"])
@pytest.mark.parametrize("word", ["first", "second", "third", "fourth"])
def test_whoever_meets_what_is_forbidden_it_counts(divided_exercise: catalog.Exercise, word: str, tier: str) -> None:
    """One start of four tries it, so one of several brokers sees it; each check is told of once."""
    source = f"import os, sys\nif sys.argv[1:] == ['{word}']:\n    os.system('true')\n"
    watcher = _Watcher()
    report = grade(
        divided_exercise,
        Submission("tiny_divided.py", source.encode()),
        Options(seed=1, tier=tier),
        watcher=watcher,
    )
    outcomes = {result.slug: result.outcome for result in report.results}
    passed = dict.fromkeys(("first", "second", "third", "fourth"), PASSED)
    assert outcomes == {**passed, "nothing-forbidden": FAILED}
    assert sorted(watcher.told) == sorted(outcomes.items())
    assert [remark.count("not allowed here") for remark in report.remarks] == [1]


def test_what_needs_a_check_that_failed_elsewhere_is_not_tried(divided_exercise: catalog.Exercise) -> None:
    """Whoever ran that."""
    source = "import sys\nsys.exit(sys.argv[1:] == ['first'])\n"
    for seed in range(5):
        report = grade(divided_exercise, Submission("tiny_divided.py", source.encode()), Options(seed=seed))
        outcomes = {result.slug: (result.outcome, result.waits_for) for result in report.results}
        assert outcomes["first"] == (FAILED, "")
        assert outcomes["second"] == (FAILED, "first")
        assert outcomes["third"] == (FAILED, "second")
        assert outcomes["fourth"] == (PASSED, "")
