"""Pages for learners: each gets their own, with what they may see and nothing else, under a name that their LMS understands."""

import re
import sqlite3
import unicodedata
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import sample
from classroom import lay, zipped
from front_door import Answer, assert_complains, assert_refused
from hypothesis import given, settings
from hypothesis import strategies as st
from lab_of_its_own import BELATED, CLANDESTINE, HOSTILE, LONG, RIGHT, ROSTER, WORK, WRONG, Lab, journal, told_of

from socklab import catalog, i18n
from socklab.batch import feedback
from socklab.batch.gradebook import Gradebook
from socklab.batch.people import Student, normalised
from socklab.batch.sorting import Trouble
from socklab.batch.told import Told
from socklab.errors import SetupError
from socklab.reports.json import as_dict

PAST, FUTURE = "2020-01-01T00:00Z", "2999-01-01T00:00Z"
EXERCISE = catalog.find("is-port-open")


@pytest.fixture(scope="module")
def lab(tmp_path_factory: pytest.TempPathFactory) -> Lab:
    """A class of twelve, graded."""
    lab = Lab(tmp_path_factory.mktemp("lab"))
    answer = lab.grade(*lab.hand_in(WORK, ROSTER), "--feedback", "pages")
    assert (answer.code, answer.err) == (0, "wrote 11 pages into pages\n")
    return lab


@pytest.fixture(scope="module")
def pages(lab: Lab) -> dict[str, str]:
    """Each page by the id of whose it is."""
    found = {
        re.findall(r"\((\w+)\)\.html$", path.name)[0]: path.read_text() for path in (lab.folder / "pages").iterdir()
    }
    assert len(found) == 11
    return found


def again(lab: Lab, *words: str | Path, **more: Any) -> Answer:
    """The class once more, of which nothing is graded twice."""
    return lab.grade("week", "--roster", "class.csv", *words, **more)


def words_of(page: str) -> str:
    """What a page says, without what makes it look as it does."""
    body = page.partition("<body>")[2]
    return " ".join(re.sub(r"<[^>]*>", " ", re.sub(r"<svg.*?</svg>", "", body, flags=re.DOTALL)).split())


# -- what is on a page -------------------------------------------------------------------------------------------------


def test_everybody_who_handed_in_gets_a_page(lab: Lab, pages: dict[str, str]) -> None:
    """With their name, what they reached of what, and why; who handed in nothing gets none."""
    assert {*pages} == {*WORK}
    assert not [path.name for path in (lab.folder / "pages").iterdir() if "Max" in path.name]
    for who, points in {
        "s01": "11 of 11",
        "s02": "7 of 11",
        "s03": "7 of 11",
        "s04": "3 of 11",
        "s11": "0 of 11",
    }.items():
        assert f"Your mark {points} points" in words_of(pages[who]), who
        assert ROSTER[who] in words_of(pages[who])
    assert "Twice a number is two times it" in pages["s04"]


def test_a_page_says_why_something_cannot_be_graded(lab: Lab, pages: dict[str, str]) -> None:
    """What does not build, with its line; what nobody could take for a submission, without the instructor's folders."""
    assert "It could not be graded: it cannot be loaded: line 1" in words_of(pages["s11"])
    assert "<mark>def twice(x:</mark>" in pages["s11"]
    assert "What you handed in was not graded: twice.py : the file is empty" in words_of(pages["s10"])
    for page in pages.values():
        assert "week/" not in page
        assert str(lab.folder) not in page


def test_hidden_checks_leave_no_trace(pages: dict[str, str]) -> None:
    """Neither title, name nor hint, nor what was printed meanwhile; that there are some is no secret."""
    for who, page in pages.items():
        assert CLANDESTINE not in page.lower().encode(), who
        assert BELATED not in page.lower().encode(), who
        assert "waits_for" not in page
    assert "Passed" in words_of(pages["s02"])
    assert "2 more checks count towards the points and are not shown here." in words_of(pages["s02"])
    assert "asked for 0" not in pages["s04"]
    assert "asked for 21" in pages["s04"]


@pytest.mark.parametrize(("due", "seen"), [(PAST, True), (FUTURE, False)])
def test_some_checks_are_seen_once_the_due_date_has_passed(lab: Lab, tmp_path: Path, due: str, seen: bool) -> None:
    """Others never are."""
    assert again(lab, "--feedback", tmp_path / "pages", "--due", due).code == 0
    texts = [
        path.read_bytes()
        for path in (tmp_path / "pages").iterdir()
        if "Ernest" not in path.name and "Berta" not in path.name
    ]
    assert {BELATED in text.lower() for text in texts} == {seen}
    assert {CLANDESTINE in text.lower() for text in texts} == {False}


def test_names_are_text_on_the_page(pages: dict[str, str]) -> None:
    """Whatever is in them."""
    assert "<script" not in "".join(pages.values())
    assert "&lt;script&gt;document.title" in pages["s07"]
    assert "&amp;amp; Co/Ltd" in pages["s09"]
    assert LONG.strip() in pages["s08"]


def test_the_page_is_in_the_language(lab: Lab, tmp_path: Path) -> None:
    """The note too, of which each sentence is known."""
    again(lab, "--feedback", tmp_path / "pages", "--due", PAST, "--lang", "ko")
    for who in ("s01", "s10"):
        page = next((tmp_path / "pages").glob(f"*({who})*")).read_text()
        assert 'lang="ko"' in page
        said = (
            words_of(page).partition("twice.py")[0].replace(ROSTER[who], "").replace("socklab", "").replace("Tiny", "")
        )
        assert re.search("[가-힣]{2}", said)
        assert not re.search("[A-Za-z]{2}", said), said


# -- files -------------------------------------------------------------------------------------------------------------


def test_a_zip_has_the_same_pages(lab: Lab, tmp_path: Path) -> None:
    """To the byte, and made again it is the same file."""
    target = tmp_path / "pages.zip"
    assert again(lab, "--feedback", target).err == f"wrote 11 pages into {target}\n"
    with zipfile.ZipFile(target) as archive:
        packed = {name: archive.read(name) for name in archive.namelist()}
    assert packed == {path.name: path.read_bytes() for path in (lab.folder / "pages").iterdir()}
    before = target.read_bytes()
    again(lab, "--feedback", target)
    assert target.read_bytes() == before
    assert [*tmp_path.iterdir()] == [target]


def test_a_zip_is_written_whole_or_not_at_all(tmp_path: Path) -> None:
    """What was there stays if anything goes wrong half-way."""
    target = tmp_path / "pages.zip"
    target.write_bytes(b"as it was")
    with Gradebook(str(tmp_path / "book.sqlite")) as book:
        for who in ("ada", "bob", "eve"):
            journal(book, Student(who, who), as_dict(sample.failing_report()))
        with sqlite3.connect(tmp_path / "book.sqlite") as sql:
            sql.execute("UPDATE report SET json=x'00' WHERE grade=3")
        with pytest.raises(SetupError, match="cannot be read"):
            feedback.write(str(target), told(book))
    assert target.read_bytes() == b"as it was"
    assert [path.name for path in tmp_path.iterdir() if not path.name.startswith("book")] == ["pages.zip"]


def test_only_pages_are_ever_replaced(lab: Lab, tmp_path: Path) -> None:
    """What else is in the folder stays; if it has a page's name, it stays too, and that is said."""
    folder = tmp_path / "pages"
    name = "Kim Minji (s01).html"
    lay(folder, {"notes.txt": b"mine", "index.html": b"<p>mine"})
    for _ in range(2):
        assert again(lab, "--feedback", folder).code == 0
    assert (folder / "notes.txt").read_bytes() == b"mine"
    assert (folder / "index.html").read_bytes() == b"<p>mine"
    assert len([*folder.iterdir()]) == 13
    (folder / name).write_bytes(b"<p>mine")
    assert "that is no page of ours, and stays as it is" in again(lab, "--feedback", folder).err
    assert (folder / name).read_bytes() == b"<p>mine"
    (folder / name).unlink()
    elsewhere = tmp_path / "elsewhere.html"
    elsewhere.write_bytes((lab.folder / "pages" / name).read_bytes())
    (folder / name).symlink_to(elsewhere)
    assert "that is no page of ours" in again(lab, "--feedback", folder).err
    assert (folder / name).is_symlink()


def test_pages_in_the_folder_that_is_graded_are_no_trouble(tmp_path: Path) -> None:
    """Neither in a folder of their own nor beside what was handed in; what else lies there still is one."""
    for place in ("week/pages", "week"):
        lab = Lab(tmp_path / place.replace("/", "-"))
        lay(lab.folder / "week", {"kim.py": RIGHT.encode(), "notes.txt": b"x"})
        for _ in range(2):
            answer = lab.grade("week", "--feedback", place)
            assert (answer.code, answer.err) == (0, f"wrote 1 page into {place}\n")
            assert answer.out.count("no source file") == 1, answer.out


@pytest.mark.parametrize(
    ("words", "complaint"),
    [
        (("--feedback", "file"), "file: that is no folder. Name a folder, or a file that ends in .zip."),
        (("--feedback", "folder.zip"), "folder.zip: that is a folder."),
        (("--feedback", "nowhere/pages"), "there is no folder"),
        (("--feedback", "pages", "--anonymous"), "--feedback with --anonymous: whoever hands the pages out"),
    ],
)
def test_where_no_pages_can_go_is_said_before_grading(tmp_path: Path, words: tuple[str, ...], complaint: str) -> None:
    """In a line, and nothing is graded for it."""
    lab = Lab(tmp_path)
    lay(tmp_path, {"week/kim.py": RIGHT.encode(), "file": b"x", "folder.zip/x": b"x"})
    assert_refused(lab.grade("week", *words), 2, complaint)
    assert not (tmp_path / "gradebook.sqlite").exists()


# -- by the gradebook --------------------------------------------------------------------------------------------------


def told(book: Gradebook, troubles: tuple[Trouble, ...] = ()) -> Told:
    """A class without a run."""
    return told_of(EXERCISE, book, troubles)


@pytest.fixture
def book(tmp_path: Path) -> Iterator[Gradebook]:
    """A new gradebook."""
    with Gradebook(str(tmp_path / "book.sqlite")) as opened:
        yield opened


def test_an_error_of_ours_costs_nothing_and_tells_nothing(book: Gradebook) -> None:
    """Its reason may name a hidden check, or what is on our machine."""
    report = sample.harness_error_report()._replace(reason="the check nought-clandestine broke in /srv/prof")
    journal(book, Student("ada", "Ada"), as_dict(report))
    ((_, page),) = feedback.pages(told(book))
    assert "the grader failed, not your program. It costs you nothing" in words_of(page)
    for part in ("clandestine", "/srv/prof", "points", "Harness error"):
        assert part not in words_of(page)
    book.adjust(Student("ada", "Ada"), EXERCISE.slug, "4", note="seen by eye", author="Prof")
    ((_, page),) = feedback.pages(told(book))
    assert "Your mark 4 points" in words_of(page)


def test_source_is_shown_beside_the_calls(book: Gradebook) -> None:
    """The gradebook keeps it; of a grade from before it did, the page leaves out what it would say of it."""
    report = sample.failing_report()
    journal(book, Student("ada", "Ada"), as_dict(report), report.content)
    journal(book, Student("bob", "Bob"), as_dict(report) | {"sha256": "0" * 64})
    ada, bob = (page for _, page in feedback.pages(told(book)))
    assert '<div class="row marked" data-line="17">' in ada
    assert report.sha256 in ada
    assert 'class="code"' not in bob
    assert "SHA-256" not in bob
    assert "connect(5, 127.0.0.1:21827)" in bob


def test_a_gradebook_from_before_sources_were_kept_still_opens(tmp_path: Path) -> None:
    """And keeps them from then on."""
    path = tmp_path / "book.sqlite"
    report = sample.failing_report()
    with Gradebook(str(path)) as book:
        journal(book, Student("ada", "Ada"), as_dict(report))
    with sqlite3.connect(path) as sql:
        sql.executescript("DROP TABLE source; DROP TABLE pseudonym; PRAGMA user_version=1")
    with Gradebook(str(path)) as book:
        assert [name for name, _ in feedback.pages(told(book))] == ["Ada.html"]
        journal(book, Student("bob", "Bob"), as_dict(report), report.content)
        assert book.source(report.sha256) == report.content
        assert book.pseudonyms([Student("ada", "Ada")]) == {"ada": 1}


def test_every_member_of_a_group_gets_one(book: Gradebook) -> None:
    """With their own name on it."""
    group = (Student("ada", "Ada L"), Student("bob", "Bob B"))
    journal(book, group[0], as_dict(sample.failing_report()), group=group)
    found = dict(feedback.pages(told(book)))
    assert {*found} == {"Ada L (ada).html", "Bob B (bob).html"}
    assert "Bob B" in words_of(found["Bob B (bob).html"])
    assert "Ada L" not in words_of(found["Bob B (bob).html"])


def test_what_else_was_handed_in_is_told(book: Gradebook) -> None:
    """Beside what was graded."""
    ada = Student("ada", "Ada")
    journal(book, ada, as_dict(sample.passing_report()))
    ((_, page),) = feedback.pages(told(book, (Trouble("/srv/prof/week.zip: ada/b.c", ada, "the file is empty"),)))
    assert "What else you handed in was not graded: b.c : the file is empty" in words_of(page)
    assert "/srv/prof" not in page


def test_a_report_of_another_version_is_no_traceback(book: Gradebook) -> None:
    """It says whose, and what to do."""
    report = as_dict(sample.failing_report())
    del report["results"][0]["hint"]
    journal(book, Student("ada", "Ada"), report)
    with pytest.raises(SetupError, match=r"the report on Ada .* --regrade"):
        [*feedback.pages(told(book))]


NOTES = [
    "Of 2 attempts the best counts: number 1. Late by 1 day 3 hours: -20 % (2 days begun), 60 -> 48 points.",
    "Of 3 attempts the last counts: number 3. Late by 2 hours 5 minutes: -50 % (7 days begun, at most 50 %), 60.5 -> 30.25 points.",
    "Late, as marked where it was handed in: -10 % (1 hour begun, at most 50 %), 60 -> 54 points.",
    "It was graded 2 times: the newest grade counts. Late by 9 days: refused after 7 days.",
    "Grading it once more ended in an error of ours, which changes nothing. Late by 12 minutes.",
    "When it was handed in is not known: it counts as in time. Adjusted by 김: 54 -> 55 points (+1; 구두).",
]


@pytest.mark.parametrize("note", NOTES)
def test_each_sentence_of_a_note_is_translated(note: str) -> None:
    """No word of it stays English."""
    i18n.choose("ko")
    try:
        assert not re.search("[A-Za-z]{2}", i18n.tr(note))
    finally:
        i18n.choose(i18n.ENGLISH)


# -- names -------------------------------------------------------------------------------------------------------------


def moodle_finds(path: str) -> tuple[int, str] | None:
    """Whose a file is, and what they will see it called: what mod/assign/feedback/file/importziplib.php makes of a path."""
    parts = path.split("/")
    if parts[-1].startswith((".", "~")):
        return None
    while parts:
        info = parts.pop(0).split("_", 4)
        if len(info) >= 4 and info[1].isdigit() and (info[2], info[3]) == ("assignsubmission", "file"):
            return int(info[1]), "/".join([*info[4:], *parts])
    return None


def test_pages_of_a_moodle_download_find_their_way_back(tmp_path: Path) -> None:
    """By the participant's number, whatever the name; in folders, without them, and from before 4.1; also where nothing was graded."""
    lab = Lab(tmp_path)
    files = {
        "Kim Minji_1234567_assignsubmission_file/twice.py": RIGHT,
        "Ольга O'Иванова_1234568_assignsubmission_file_/twice.py": WRONG,
        "~tilde_1234569_assignsubmission_file_twice.py": RIGHT + "#",
        "Participant_1234570_assignsubmission_file/x_99_assignsubmission_file_.py": RIGHT + "##",
        "Ada_1234571_assignsubmission_file/essay.pdf": "%PDF",
    }
    zipped(tmp_path / "week.zip", {name: text.encode() for name, text in files.items()})
    assert lab.grade("week.zip", "--feedback", "pages.zip").err == "wrote 5 pages into pages.zip\n"
    with zipfile.ZipFile(tmp_path / "pages.zip") as archive:
        names = archive.namelist()
    assert {moodle_finds(name) for name in names} == {(number, "twice.html") for number in range(1234567, 1234572)}
    assert "Kim Minji_1234567_assignsubmission_file_twice.html" in names


def test_an_underscore_in_a_name_does_not_mislead_moodle(book: Gradebook) -> None:
    """The first ones in a file's name are its own."""
    student = Student("77", "under_9_score")
    journal(book, student, as_dict(sample.passing_report()), origin="w.zip: under 9 score_77_assignsubmission_file/a.c")
    ((name, _),) = feedback.pages(told(book))
    assert moodle_finds(name) == (77, "is-port-open.html")


def test_a_group_of_moodle_is_nobodys_number(tmp_path: Path) -> None:
    """Its members have numbers of their own, which only the worksheet tells; without it Moodle shall find nobody."""
    worksheet = 'Identifier,"Full name","Email address",Group\nParticipant 71,Ada,a@x.org,Team A\nParticipant 72,Bob,b@x.org,Team A\n'
    plain = "id,name,email,group\nada,Ada,a@x.org,Team A\nbob,Bob,b@x.org,Team A\n"
    found = {}
    for name, text in {"worksheet": worksheet, "plain": plain}.items():
        lab = Lab(tmp_path / name)
        lay(lab.folder / "week", {"Team A_5_assignsubmission_file/twice.py": RIGHT.encode()})
        (lab.folder / "class.csv").write_text(text)
        assert lab.grade("week", "--roster", "class.csv", "--feedback", "pages").code == 0
        found[name] = {path.name for path in (lab.folder / "pages").iterdir()}
    assert {*map(moodle_finds, found["worksheet"])} - {None} == {(71, "twice.html"), (72, "twice.html")}
    assert {*map(moodle_finds, found["plain"])} == {None}
    assert found["plain"] >= {"Ada.html", "Bob.html"}


def named(book: Gradebook, *students: Student) -> list[str]:
    """The names of the pages of a class that handed in what cannot be graded."""
    troubles = tuple(Trouble(f"week/{each.id}", each, "the file is empty") for each in students)
    names = feedback.Names(told(book, troubles))
    return [names.of(entry) for entry in told(book, troubles).entries()]


@pytest.mark.parametrize(
    ("student", "name"),
    [
        (Student("kim", "kim"), "kim.html"),
        (Student("7", "Kim Minji"), "Kim Minji (7).html"),
        (Student("7", HOSTILE), "-script-document.title = 'run'--script- (7).html"),
        (Student("a/b\\c", "..secret"), "secret (a-b-c).html"),
        (Student("7", "a\x1b\u202eb"), "a-x1b-u202eb (7).html"),
        (Student("con", "CON"), "CON-.html"),
        (Student("7", "~."), "7 (7).html"),
        (Student("~", "."), "nameless.html"),
    ],
)
def test_names_are_safe_for_file_systems(book: Gradebook, student: Student, name: str) -> None:
    """No separator, nothing that Windows refuses or that hides a file."""
    assert named(book, student) == [name]


def test_no_two_pages_are_alike(book: Gradebook) -> None:
    """Neither where case counts for nothing, nor where a letter and its accent may stand apart, nor where names are cut."""
    apart = unicodedata.normalize("NFD", "Zoë")
    people = [
        Student("zoë", "zoë"),
        Student("ZOË", "ZOË"),
        Student(apart, apart),
        Student("a:b", "x"),
        Student("a/b", "x"),
    ]
    people += [
        Student("1" * 90, LONG * 3),
        Student("1" * 91, LONG * 3),
        Student("9", "é" * 200),
        Student("10", "é" * 200),
    ]
    names = named(book, *people)
    assert len({normalised(name) for name in names}) == len(people)
    assert max(len(name.encode()) for name in names) <= 255
    assert all(name.endswith(".html") for name in names)


@pytest.fixture(scope="module")
def empty_book(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Gradebook]:
    """A gradebook that knows nobody."""
    with Gradebook(str(tmp_path_factory.mktemp("book") / "book.sqlite")) as opened:
        yield opened


@settings(deadline=None)
@given(st.lists(st.tuples(st.text(min_size=1), st.text()), max_size=6, unique_by=lambda each: each[0]))
def test_whatever_somebody_is_called_their_page_can_be_written(
    empty_book: Gradebook, people: list[tuple[str, str]]
) -> None:
    """On any file system, and each apart from all others."""
    names = named(empty_book, *(Student(*each) for each in people))
    assert len({normalised(name) for name in names}) == len(names)
    for name in names:
        assert len(name.encode()) <= 255
        assert not re.search(r'[<>:"/\\|?*\x00-\x1f]', name)
        assert name[0] not in ".~"


def test_complaints_are_short(tmp_path: Path) -> None:
    """A page that cannot be replaced is told in one line."""
    lab = Lab(tmp_path)
    lay(tmp_path, {"week/kim.py": RIGHT.encode(), "pages/kim.html": b"mine"})
    answer = lab.grade("week", "--feedback", "pages")
    assert_complains(answer, 2, "pages/kim.html: that is no page of ours")
