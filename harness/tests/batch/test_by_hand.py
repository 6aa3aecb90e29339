"""`socklab gradebook`: a student's history, points that people change with a reason, and take back."""

import csv
import io
from pathlib import Path

import pytest
from classroom import lay
from front_door import assert_complains, assert_printable, socklab

EXERCISE = "is-port-open"


@pytest.fixture
def book(solutions: Path, tmp_path: Path) -> Path:
    """A folder with a gradebook in which two people of one name, and a third one, handed in."""
    right = (solutions / "right" / "blocking.py").read_bytes()
    lay(tmp_path / "week", {f"{number}/is_port_open.py": right for number in (101, 102, 103)})
    (tmp_path / "roster.csv").write_text(
        "id,name,email\n101,Kim Minji,kim@example.com\n102,Kim Minji,\n103,Zoë,\n", encoding="utf-8"
    )
    answer = socklab("grade", EXERCISE, "week", "--roster", "roster.csv", cwd=tmp_path)
    assert answer.code == 0, answer
    return tmp_path


def marks(folder: Path) -> dict[str, dict[str, str]]:
    """The lines of the table of marks, by student."""
    answer = socklab("grade", EXERCISE, "week", "--roster", "roster.csv", "--format", "csv", cwd=folder)
    assert answer.code == 0, answer
    return {row["student"]: row for row in csv.DictReader(io.StringIO(answer.out))}


def gradebook(folder: Path, *words: str) -> str:
    """What the command says; it must succeed."""
    answer = socklab("gradebook", *words, cwd=folder)
    assert answer.code == 0, answer
    assert_printable(answer.out)
    return answer.out


def test_points_are_changed_and_taken_back(book: Path) -> None:
    """The marks follow; the history keeps all of it, with who and why."""
    before = int(marks(book)["103"]["points"])
    said = gradebook(book, "adjust", EXERCISE, "zoë", "-2.5", "--note", "late by mail", "--author", "Lee")
    assert said.startswith("adjustment 1: -2.5 points for Zoë (103)")
    assert float(marks(book)["103"]["points"]) == before - 2.5
    gradebook(book, "withdraw", "1", "--note", "it was my mistake", "--author", "Lee")
    assert int(marks(book)["103"]["points"]) == before
    told = gradebook(book, "history", "103")
    for part in ("is_port_open.py", "passed", "-2.5, Lee: late by mail", "withdrawn", "Lee: it was my mistake"):
        assert part in told


def test_adjustments_survive_a_regrade(book: Path) -> None:
    """Points that replace what was earned do so afterwards too."""
    gradebook(book, "adjust", EXERCISE, "kim@example.com", "7", "--note", "agreed", "--author", "Lee")
    answer = socklab("grade", EXERCISE, "week", "--roster", "roster.csv", "--regrade", cwd=book)
    assert answer.code == 0, answer
    assert "  7/61  Kim Minji  changed by hand (-54)\n" in answer.out
    assert marks(book)["101"]["points"] == "7"
    assert "regrade 1" in gradebook(book, "history", "101")


def test_whoever_handed_in_nothing_can_have_points_too(book: Path) -> None:
    """An oral exam, say. The roster knows who that is; nobody is found who is in neither."""
    with (book / "roster.csv").open("a", encoding="utf-8") as roster:
        roster.write("104,Ines,\n")
    words = ("gradebook", "adjust", EXERCISE, "ines", "20", "--note", "oral exam", "--author", "Lee")
    assert "Who handed in nothing is not in it." in socklab(*words, cwd=book).err
    assert "for Ines (104)" in gradebook(book, *words[1:], "--roster", "roster.csv")
    assert (marks(book)["104"]["points"], marks(book)["104"]["verdict"]) == ("20", "missing")
    words = ("gradebook", "adjust", EXERCISE, "Otto", "20", "--note", "x", "--roster", "roster.csv")
    assert "neither gradebook nor roster knows" in socklab(*words, cwd=book).err


@pytest.mark.parametrize("format", ["html", "markdown"])
def test_it_shows_that_points_were_changed_by_hand(book: Path, format: str) -> None:
    """For one student of three."""
    gradebook(book, "adjust", EXERCISE, "103", "+1", "--note", "explained it well", "--author", "Lee")
    answer = socklab("grade", EXERCISE, "week", "--roster", "roster.csv", "--format", format, cwd=book)
    assert answer.out.count("changed by hand") == 1


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["history", "Kim Minji"], "2 students have that name; say which id: 101, 102"),
        (["history", "Zoe"], "no such student. Did you mean Zoë?"),
        (["history", "103", "is-port-opem"], "Did you mean is-port-open?"),
        (["history", "103", "--gradebook", "other.sqlite"], "no such gradebook"),
        (["adjust", EXERCISE, "103", "lots", "--note", "x"], "no change of points"),
        (["adjust", EXERCISE, "103", "1", "--note", " "], "a note"),
        (["withdraw", "9", "--note", "x"], "no adjustment 9"),
    ],
)
def test_what_cannot_be_is_refused(book: Path, words: list[str], said: str) -> None:
    """With the reason and what to type instead; nothing is changed."""
    answer = socklab("gradebook", *words, cwd=book)
    assert_complains(answer, 2, said)
    assert not (book / "other.sqlite").exists()
