"""`socklab similar`: what is alike in a class is shown to a person, with what is usual there, and nobody is accused."""

import json
import re
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from classroom import lay
from front_door import Answer, assert_complains, assert_printable, assert_refused, assert_wrong_usage, socklab
from playwright.sync_api import Browser
from test_html import HOSTILE, SCRIPT

from socklab import catalog
from socklab.batch.intake import HandIn
from socklab.batch.people import Student
from socklab.batch.similar import LONGEST, Comparison, common_lines, compare
from socklab.batch.similar_told import MOST_SHOWN, NOTES, as_page, as_text

EXERCISE = catalog.find("is-port-open")

ACCUSES = re.compile("plagia|cheat|cop(y|ied)|suspect|guilt|dishonest|stole|offen[cd]|표절|부정행위", re.IGNORECASE)

SIEVE = """\
int is_port_open(int port)
{
    int found = 0, seen[64] = {0};
    for (int i = 2; i < port; i++) {
        if (seen[i % 64]++ > 3 && port % i == 0)
            found += i * seen[(i + 7) % 64];
    }
    return found > 100 ? 1 : 0;
}
"""
"""Large enough to be compared, and like nothing in the bank."""


def disguised(source: str, names: dict[str, str]) -> str:
    """A source with other names, without its comments, and laid out otherwise."""
    source = re.sub(r"/\*[\s\S]*?\*/", "/* my own */", source)
    for name, other in names.items():
        source = re.sub(rf"\b{name}\b", other, source)
    return source.replace("    ", "\t").replace("{\n", "{\n\n").replace("\n", "\r\n")


@pytest.fixture
def class_(solutions: Path, tmp_path: Path) -> Path:
    """Thirty students who worked on their own, by the bank's right solutions, and one who has blocking.c in disguise."""
    files: dict[str, bytes] = {}
    for path in sorted((solutions / "right").iterdir()):
        if len(files) < 30 or path.stem == "blocking":
            files[f"{path.stem}-{path.suffix[1:]}/is_port_open{path.suffix}"] = path.read_bytes()
    source = (solutions / "right" / "blocking.c").read_text()
    files["in-disguise/is_port_open.c"] = disguised(source, {"fd": "handle", "port": "number", "a": "where"}).encode()
    return lay(tmp_path / "class", files)


def similar(*words: str | Path, cwd: Path, **more: Any) -> Answer:
    """The command."""
    return socklab("similar", "is-port-open", *words, cwd=cwd, **more)


def handed_in(folder: Path, sources: dict[str, str | bytes], **groups: tuple[Student, ...]) -> list[HandIn]:
    """Hand-ins by file name; what stands before a `+` is the student's id."""
    found = []
    for name, source in sources.items():
        (folder / name).write_bytes(source if isinstance(source, bytes) else source.encode())
        who = Path(name).stem.partition("+")[0]
        found.append(HandIn(Student(who, who), name, name, str(folder / name), group=groups.get(who, ())))
    return found


def compared(
    folder: Path, sources: dict[str, str | bytes], threshold: float = 0.8, **groups: tuple[Student, ...]
) -> Comparison:
    """What comes of such hand-ins."""
    return compare(EXERCISE, handed_in(folder, sources, **groups), threshold)


def pairs(found: Comparison) -> list[tuple[str, str]]:
    """The files of each pair."""
    return [(pair.one.hand_in.file, pair.other.hand_in.file) for pair in found.found]


# -- what is found -----------------------------------------------------------------------------------------------------


def test_a_disguise_stands_out_of_a_class(class_: Path, tmp_path: Path) -> None:
    """It alone, whatever the seed of hash(); and the scale says how far it is from what is usual."""
    answers = [similar(class_, "--format", "json", cwd=tmp_path, env={"PYTHONHASHSEED": seed}) for seed in ("1", "2")]
    assert [answer.code for answer in answers] == [0, 0]
    assert answers[0].out == answers[1].out
    content = json.loads(answers[0].out)
    (pair,) = content["found"]
    assert [each["students"] for each in pair["submissions"]] == [["blocking-c"], ["in-disguise"]]
    assert pair["similarity"] > 0.95
    assert content["scale"]["nearly_all"] < 0.7
    assert content["scale"]["half"] < 0.3
    assert sum(content["scale"]["counts"]) == content["pairs"]
    assert (content["threshold"], content["notes"]) == (0.8, list(NOTES))


def test_languages_are_not_compared_with_each_other(tmp_path: Path) -> None:
    """Not even if the text is the same."""
    found = compared(tmp_path, {"a.c": SIEVE, "b.c": SIEVE, "c.py": SIEVE, "d.py": SIEVE})
    assert pairs(found) == [("a.c", "b.c"), ("c.py", "d.py")]
    assert found.pairs == 2


def test_what_everybody_was_given_does_not_count(exercises: Path, tmp_path: Path) -> None:
    """The starter by itself cannot be compared, and around something else it adds nothing."""
    starter = (exercises / "is-port-open" / "starter.py").read_text()
    header = (exercises / "is-port-open" / "is_port_open.h").read_text()
    own = [
        "def first(values):\n    total = {}\n    for each in values:\n        total[each] = total.get(each, 0) + 1\n    return sorted(total)\n",
        "class Second:\n    def __init__(self, *many):\n        self.many = [x * 2 for x in many if x % 3]\n        assert self.many, 'none'\n",
    ]
    found = compared(
        tmp_path,
        {
            "a.py": starter,
            "b.py": starter + own[0],
            "c.py": own[1] + starter,
            "d.c": header + SIEVE,
            "e.c": header,
        },
        0.0,
    )
    assert [(each.origin, each.reason) for each in found.troubles] == [
        (name, "it has too little of its own to compare, beyond what everybody was given.") for name in ("a.py", "e.c")
    ]
    assert [pair.similarity for pair in found.found] == [0.0]


def test_what_stands_in_a_file_twice_counts_twice(tmp_path: Path) -> None:
    """Although copydetect, told of what was given, would leave it out."""
    twice = SIEVE + SIEVE.replace("is_port_open", "again")
    found = compared(tmp_path, {"a.c": twice, "b.c": twice.replace("found", "sum")})
    (pair,) = found.found
    assert pair.shares == (1.0, 1.0)
    assert common_lines(pair)[0] == set(range(1, 19))


def test_nobody_is_compared_with_themselves(tmp_path: Path) -> None:
    """Of attempts the two most alike stand for two students; members of a group are one with it."""
    changed = SIEVE.replace("seen[(i + 7) % 64]", "7").replace("> 100 ? 1 : 0", "!= 3 || port < 4")
    kim, lee = Student("kim", "Kim"), Student("lee", "Lee")
    found = compared(
        tmp_path,
        {"ada+1.c": changed, "ada+2.c": SIEVE, "bo+1.c": SIEVE, "bo+2.c": changed},
        0.1,
    )
    assert pairs(found) in ([("ada+1.c", "bo+2.c")], [("ada+2.c", "bo+1.c")])
    assert (found.texts, found.students, found.pairs) == (4, 2, 1)
    grouped = compared(
        tmp_path,
        {"team.c": SIEVE, "kim.c": SIEVE, "lee.c": SIEVE},
        team=(kim, lee),
    )
    assert pairs(grouped) == [("kim.c", "lee.c")]


def test_the_lines_in_common_are_those_of_the_file(tmp_path: Path) -> None:
    """With a byte order mark, other line ends and empty lines before the code."""
    other = (
        '\ufeff\r\n\r\n/* nothing like that */\r\nstatic const char *names[] = {"a", "b", "c", "d"};\r\n'
        + SIEVE.replace("\n", "\r\n")
    )
    (pair,) = compared(tmp_path, {"a.c": SIEVE, "b.c": other}, 0.5).found
    one, two = common_lines(pair)
    shown = [pair.other.content.split("\n")[number - 1] for number in sorted(two)]
    assert [line for line in shown if line in SIEVE.split("\n")] == shown
    assert len(one) == len(two) >= 9
    assert pair.other.content.split("\n")[1].startswith("static") or pair.other.content.split("\n")[2].startswith(
        "static"
    )


# -- what cannot be compared -------------------------------------------------------------------------------------------


def test_what_cannot_be_compared_is_listed(tmp_path: Path) -> None:
    """With the reason, and the others are compared all the same."""
    never_ends = "int f" + " " * 12_000 + "x"
    sources = {
        "a.c": SIEVE,
        "b.c": SIEVE,
        "binary.c": b"\0\1\2",
        "other.c": "int x;\n".encode("utf-16"),
        "latin.c": b"/* \xe9 */\n",
        "empty.c": "",
        "huge.c": b"x" * 2_000_000,
        "long.c": "int x;\n" * (LONGEST // 7 + 1),
        "slow.c": never_ends,
        "tiny.c": "int x;\n",
    }
    hand_ins = handed_in(tmp_path, sources)
    found = compare(EXERCISE, [*hand_ins, hand_ins[0]._replace(file="gone.c", path=str(tmp_path / "gone.c"))], 0.8)
    assert pairs(found) == [("a.c", "b.c")]
    reasons = [each.reason for each in found.troubles]
    for reason, said in zip(
        reasons,
        (
            "binary",
            "UTF-16",
            "not UTF-8",
            "empty",
            "too many",
            "too many to compare",
            "2 seconds",
            "too little",
            "no such file",
        ),
        strict=True,
    ):
        assert said in reason
        assert str(tmp_path) not in reason.partition("(")[0]


@pytest.mark.parametrize(("files", "said"), [({}, "0 submissions"), ({"kim.c": SIEVE.encode()}, "1 submission ")])
def test_too_few_to_compare_is_no_error(files: dict[str, bytes], said: str, tmp_path: Path) -> None:
    """There is no pair, and no scale."""
    lay(tmp_path / "class", files)
    answer = similar("class", "--output", "page.html", cwd=tmp_path)
    assert answer.code == 0
    assert said in answer.out
    assert "No pair reaches 80%." in answer.out
    assert "Of all pairs" not in answer.out
    assert "<svg" not in (tmp_path / "page.html").read_text()


@pytest.mark.parametrize("value", ["2", "-0.1", "nan", "80%", "", "x"])
def test_a_threshold_that_is_none_is_refused(value: str, tmp_path: Path) -> None:
    """Before anything is read."""
    assert_wrong_usage(similar("nothing", f"--threshold={value}", cwd=tmp_path), "--threshold", repr(value), "0 to 1")


def test_without_the_extra_it_is_said_what_to_install(class_: Path, tmp_path: Path) -> None:
    """In one line."""
    (tmp_path / "copydetect.py").write_text("raise ImportError('No module named copydetect')\n")
    answer = similar(class_, cwd=tmp_path, env={"PYTHONPATH": str(tmp_path)})
    assert_refused(answer, 4, "copydetect", "pip install 'socklab[similarity]'")


def test_what_was_typed_wrong_is_refused(tmp_path: Path) -> None:
    """A source, an exercise, a page that cannot be written."""
    assert_refused(similar("nowhere", cwd=tmp_path), 2, "nowhere")
    assert_refused(socklab("similar", "nothing-like-it", ".", cwd=tmp_path), 2, "nothing-like-it")
    lay(tmp_path / "class", {"kim.c": SIEVE.encode()})
    answer = similar("class", "--output", "no/page.html", cwd=tmp_path)
    assert_complains(answer._replace(err=answer.err.partition("\n")[2]), 2, "no/page.html")


# -- how it is told ----------------------------------------------------------------------------------------------------


def test_it_is_a_hint_and_no_accusation(class_: Path, tmp_path: Path) -> None:
    """In every output; what is usual and what a number cannot tell stand before or beside the numbers."""
    for language in ("en", "ko"):
        answer = similar(class_, "--output", "page.html", "--lang", language, cwd=tmp_path)
        page = (tmp_path / "page.html").read_text()
        assert answer.code == 0
        for text in (answer.out, page):
            assert not ACCUSES.search(text), ACCUSES.search(text)
        if language == "en":
            assert re.search(r"half are at most \d+% alike, 9 in 10 at most \d+%, 99 in 100 at most \d+%", answer.out)
            assert "blocking-c  |  in-disguise" in answer.out
            assert page.index(NOTES[0]) < page.index("9 in 10 at most") < page.index("in-disguise")
        else:
            assert NOTES[0] not in answer.out + page
    help_ = socklab("similar", "--help", cwd=tmp_path)
    assert "a hint" in help_.out
    assert not ACCUSES.search(help_.out)


def test_where_everything_is_alike_that_is_said(tmp_path: Path) -> None:
    """And the page shows so many pairs at most."""
    found = compared(tmp_path, {f"s{n}.c": SIEVE for n in range(16)})
    assert len(found.found) == found.pairs == 120
    text = as_text(EXERCISE, found, None)
    assert "120 pairs reach 80%. So many that it says little here; a higher --threshold says more." in text
    assert "and 100 more pairs" in text
    page = as_page(EXERCISE, found)
    assert page.count("<details") == MOST_SHOWN
    assert "70 more pairs are left out here" in page


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> Comparison:
    """Names and sources that try to be markup, steer a terminal, reorder text or need a lot of room."""
    folder = tmp_path_factory.mktemp("hostile")
    source = SIEVE.replace("found", "x" * 300).replace(";\n", f"; /* {HOSTILE} </code></div> \u202e \x1b[31m */\n")
    hand_ins = handed_in(folder, {"a.c": source, "b.c": source + "int y;\n", "c.c": b"\0"})
    names = [f"{HOSTILE}\u202e\x1b[2J", "W" * 300, "मोहम्मद علي 김민지"]
    return compare(
        EXERCISE,
        [
            each._replace(student=Student(f"id\x07{n}", name), origin=f"class.zip: {name}/{each.file}")
            for n, (each, name) in enumerate(zip(hand_ins, names, strict=True))
        ],
        0.8,
    )


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [400, 1280])
def test_the_page_can_be_read_by_everybody(
    browser: Browser, hostile: Comparison, scheme: str, width: int, tmp_path: Path
) -> None:
    """axe finds nothing, nothing sticks out, nothing of a submission runs, and nothing is fetched."""
    text = as_page(EXERCISE, hostile)
    assert SCRIPT not in text
    file = tmp_path / "page.html"
    file.write_text(text, encoding="utf-8")
    page = browser.new_page(viewport={"width": width, "height": 900}, color_scheme=scheme)  # type: ignore[arg-type]
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(file.as_uri())
    page.evaluate("document.querySelectorAll('details').forEach(each => each.open = true)")
    assert page.title() == "What is alike: Is anything listening? (socklab)"
    assert asked == [file.as_uri()]
    assert page.locator("script, img").count() == 0
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert page.locator("mark").count() > 10
    boxes = [page.locator(".sides > div").nth(n).bounding_box() for n in (0, 1)]
    assert boxes[0]
    assert boxes[1]
    assert (boxes[0]["y"] == boxes[1]["y"]) is (width > 1000)
    assert [each["id"] for each in Axe().run(page).response["violations"]] == []
    page.close()


def test_a_terminal_is_not_steered_by_names(hostile: Comparison) -> None:
    """Nor by anything else that people hand in."""
    text = as_text(EXERCISE, hostile, None)
    assert_printable(text)
    assert "\u202e" not in text
    assert hostile.found[0].similarity > 0.8
