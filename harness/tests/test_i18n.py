"""No sentence is forgotten when socklab speaks another language, and English is what it was."""

import json
import re
import sys
import unicodedata
from collections.abc import Iterator
from pathlib import Path

import polib
import pytest
import sample
import texts
from axe_playwright_python.sync_playwright import Axe
from chromium import CHROMIUM, FLAGS
from front_door import assert_refused, run, socklab
from playwright.sync_api import sync_playwright

from socklab import catalog, errnos, expectations, i18n, submission
from socklab.cell import confinement
from socklab.grading import Options, grade
from socklab.model import FAILED, HARNESS_ERROR, PASSED, SKIPPED, UNGRADABLE, Report
from socklab.reports import html, junit, terminal

EXERCISES = catalog.all_exercises()
TRANSLATIONS = [name for name in i18n.languages() if name != i18n.ENGLISH]
HARNESS = texts.PACKAGE / "locale"
LOCALES = [HARNESS, *(Path(each.folder) / "locale" for each in EXERCISES)]
CATALOGUES = sorted(path for folder in LOCALES for path in folder.glob("*.po"))

WRONG = """
    accepting-option.c announces-itself-elsewhere.c asks-for-the-full-name.py asserts-the-port.c async-def.py
    buffer-overflow.c caches-answer.py catches-too-little.py closes-descriptor-three.c closes-everything.c
    host-parameter-with-default.py descriptor-in-a-char.c double-close.c event-loop-left-open.py every-failure-is-closed.c
    exits-on-error.py family-not-set.c forks-on-bad-port.c gethostbyname.c hides.c inverted-answer.py leak-on-refused.c
    leaves-a-thread.py listens-too.c loops-until-open.c misaligned-address.c missing-htons.c never-closes.c
    prints-instead-of-returning.py proc-net-tcp.py raises-on-refused.py reads-a-banner.c returns-descriptor.c
    returns-string.py reverse-lookup.c select-without-plus-one.c sends-a-probe-byte.c shells-out.py star-args.py
    tries-other-addresses-on-error.c two-parameters.py udp-socket.c use-after-free.c yields-the-answer.py
""".split()
"""One of each kind of thing that a report says of a wrong solution, and then some."""

RIGHT = ("blocking.c", "blocking.py")

CANNOT_BE_GRADED = {
    "not-c.c": "int is_port_open(int port)\n{\n    return 1\n}\n",
    "other-signature.c": "long is_port_open(char *port) { return port != 0; }\n",
    "missing-header.c": '#include "mine.h"\nint is_port_open(int port) { return port; }\n',
    "other-name.c": "int isPortOpen(int port) { return port; }\n",
    "no-function.c": "int unrelated(int x) { return x; }\n",
    "dies-while-loading.c": "#include <stdlib.h>\n__attribute__((constructor)) static void f(void) { abort(); }\n"
    "int is_port_open(int port) { return port; }\n",
    "ends-while-loading.py": "import os\nos._exit(3)\n",
    "raises-while-loading.py": "import nothing_of_that_name\n",
    "other-name.py": "def isPortOpen(port):\n    return 1\n",
    "nothing.py": "def unrelated(x):\n    return x\n",
    "not-a-function.py": "is_port_open = 3\n",
    "inside.py": "class A:\n    def is_port_open(self, port):\n        return 1\n",
    "no-parameter.py": "def is_port_open():\n    return 1\n",
    "decorated.py": "import functools\ndef d(f):\n    @functools.wraps(f)\n    def g(a, b): return f(a)\n    return g\n"
    "@d\ndef is_port_open(a, b):\n    return 1\n",
    "exits.py": "raise SystemExit\n",
}
"""What is no exercise's fault to refuse: each in other words."""

ODD = {
    "crashes.c": "int is_port_open(int port) { return *(volatile int *)(long)(port & 1); }\n",
    "hangs.c": "#include <unistd.h>\nint is_port_open(int port) { for (;;) pause(); return port; }\n",
    "forks.c": "#include <sys/types.h>\n#include <unistd.h>\n#include <signal.h>\nint is_port_open(int port)\n"
    "{\n    kill(1, 0);\n    kill(-1, 0);\n    fork();\n    sethostname(\"x\", 1);\n    return port;\n}\n",
}  # fmt: skip

_CODE = re.compile(
    r"""
    [\W\d]*                                      # numbers, addresses
    | ["'(<\[{].*                                # a value as Python shows it
    | (\w+\.)*\w*(Error|Exception|Exit)\b.*      # an exception, which speaks for itself
    | (int\ )?\w+\(.*\)                          # a call, a prototype
    | \w+(,\ \w+)*                               # names, of functions, parameters and types
    | (daytime|echo)_server\b.*                  # a command
    | \w+:\ (Connection\ reset\ by\ peer|Broken\ pipe|Address\ already\ in\ use)  # what perror(3) prints
    | /\S* | [\w.-]+(:\d+|\.(c|py|h|so)) | \[?[\da-f:.]+\]?(:\d+)? | anon_inode:\S* | 0x\w+
    | (heap|stack|global)-[\w-]+ | (index|member|shift|load|store)\ .*  # AddressSanitizer and UBSan
    | sudo\ [^(]*(\(7\))? | python3\ -m\ .* | Python\ [\d.].* | bubblewrap:\ \S+   # commands, and where programs are
    """,
    re.VERBOSE | re.DOTALL,
)
PUT_TOGETHER = {
    "{}{}",
    "it {}",
    "it does not compile{}",
    "it does not compile{}{}",
    "the call {}",
    "{}  (seed {})",
    "{} (in {})",
}
"""What has no words of its own: its parts are sentences, which the reports of real submissions show."""


@pytest.fixture(params=TRANSLATIONS)
def other(request: pytest.FixtureRequest) -> Iterator[i18n.Catalogue]:
    """A language other than English, spoken while a test runs."""
    i18n.choose(request.param)
    assert i18n._catalogue
    yield i18n._catalogue
    i18n.choose(i18n.ENGLISH)


OF_PARTS = {
    "it cannot be loaded: line {line}: {what}",
    "it closed the grader's descriptor",
    "it did not return within {seconds} seconds",
    "it does not compile: line {line}: {message}",
    "it does not compile: {message}",
    "it ended the whole program with exit code {number}",
    "it ended with exit code {number}",
    "it takes {number} parameters ()",
    "it was ended by {signal}",
    "it was ended by {signal} at line {line}",
    "the call closed the grader's descriptor",
    "the call ended the whole program with exit code {number}",
    "the call was ended by {signal}",
    "the call was ended by {signal} at line {line}",
    "when standard input ends, or with Ctrl-C  (seed {number})",
    "when the command ends  (seed {number})",
    "{number} more processes and {count} more open descriptors",
    "{number} more processes and {count} more threads",
    "{number} more processes and {count} more threads and {total} more open descriptors",
    "{number} more threads and {count} more open descriptors",
    "{path}: it cannot be written by you. Choose another place, or try: chmod u+rw {file}",
    "{path}: its folder cannot be written by you. Choose another place, or try: chmod u+rw {folder}",
    "{path}: nothing can be unpacked there ({reason}). Make room there, or set TMPDIR to a folder with more.",
    "{reason}. In a container, start it with user namespaces permitted.",
    "{text} does not say its time zone, and students may be in another one: write it as 2026-03-01T23:59+09:00 (or …Z for UTC).",
    "{text} is no date: write it as 2026-03-01T23:59+09:00 (or …Z for UTC).",
}
"""Messages for what the sources put together from literals that stand apart."""


def untranslated(catalogue: i18n.Catalogue, found: dict[str, str]) -> list[str]:
    """Those of `found` for which there is nothing, each with its place; a value is put into each hole."""
    catalogue.translated("")
    missing: list[str] = []
    for text, where in found.items():
        filled = [text.replace(texts.HOLE, value) for value in ("7", "look into another process")]
        known = any(_CODE.fullmatch(each) or catalogue.find(each) is not None for each in filled)
        if not known and (shown := text.replace(texts.HOLE, "{}")) not in PUT_TOGETHER:
            missing.append(f"{where}: {shown!r}")
    return missing


# -- what stands in the sources ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("exercise", EXERCISES, ids=lambda exercise: exercise.slug)
def test_an_exercise_is_translated(other: i18n.Catalogue, exercise: catalog.Exercise) -> None:
    """Title, summary, checks and mistakes; and the statement is there, with the title as its heading."""
    missing = untranslated(other, texts.of_exercise(exercise))
    assert missing == [], "\n".join(missing)
    statement = exercise.statement().decode()
    assert statement.startswith(f"# {i18n.tr(exercise.title)}\n")
    original = (exercise.read("statement.md") or b"").decode()
    for mark in ("\n## ", "\n|", "\n- ", "```"):
        assert statement.count(mark) == original.count(mark), mark
    assert set(re.findall(r"`[^`\n]+`", original)) <= set(re.findall(r"`[^`\n]+`", statement))


def test_the_mistakes_that_exercises_share_are_translated(other: i18n.Catalogue) -> None:
    """Once for all of them."""
    missing = untranslated(other, texts.of_shared_mistakes())
    assert missing == [], "\n".join(missing)


def test_what_is_shown_is_translated(other: i18n.Catalogue) -> None:
    """Every literal that is given to tr(), in modules and in templates."""
    given = texts.given_to_tr()
    assert len(given) > 150
    exact = {*other._exact} if other.translated("") == "" else set()
    missing = [f"{where}: {text!r}" for text, where in given.items() if text not in exact]
    assert missing == [], "\n".join(missing)


def test_what_is_said_elsewhere_is_translated(other: i18n.Catalogue) -> None:
    """Errors and the words of a broker, which reach tr() only when they are shown."""
    said = texts.said_elsewhere()
    assert len(said) > 150
    said |= dict.fromkeys(errnos.MEANINGS.values(), "errnos.py")
    said |= dict.fromkeys(confinement._DEEDS.values(), "confinement.py")
    said |= dict.fromkeys((words for _, words in terminal._VERDICTS.values()), "terminal.py")
    said |= dict.fromkeys(html.VERDICTS.values(), "html.py")
    said |= dict.fromkeys((each.format(texts.HOLE) for each in expectations._PARTS), "expectations.py")
    missing = untranslated(other, said)
    assert missing == [], "\n".join(missing)


def test_argparse_speaks_it_too(other: i18n.Catalogue, tmp_path: Path) -> None:
    """Its words for help and complaints are among the translated ones."""
    env = {"LANGUAGE": None, "LC_ALL": None, "LANG": f"{other.language}.UTF-8"}
    pages = [socklab(*words, "--help", cwd=tmp_path, env=env).out for words in ([], *([c] for c in COMMANDS))]
    refused = [
        socklab(*words, cwd=tmp_path, env=env).err
        for words in (["check"], ["check", "--hints", "9", "x"], ["nothing"], ["check", "x", "--seed"], ["check", "--all=1", "x"])
    ]  # fmt: skip
    for text in (*pages, *refused):
        said = [line for line in text.splitlines() if not line.lstrip().startswith(("socklab ", "eval "))]
        english = [line for line in said if re.search(r"\b(the|is|are|of|to|usage|options|error|argument)\b", line)]
        assert english == [], text


COMMANDS = ("list", "next", "start", "check", "watch", "grade", "replay", "scene", "doctor", "dev", "completion")


# -- what is really shown ----------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def graded(solutions: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Report]:
    """Reports of all kinds, made in English as always."""
    exercise = catalog.find("is-port-open")
    folder = tmp_path_factory.mktemp("submissions")
    paths = [path for name in WRONG if (path := solutions / "wrong" / name).exists()]
    assert len(paths) >= 40
    right = sorted((solutions / "right").iterdir())
    paths += [path for path in right if path.name in RIGHT] + right[:4]
    paths.append(Path(exercise.folder) / "starter.py")
    for name, source in {**CANNOT_BE_GRADED, **ODD}.items():
        (folder / name).write_text(source)
        paths.append(folder / name)
    reports = {
        path.name: grade(exercise, submission.read(str(path)), Options(seed=1, sanitize=path.suffix == ".c"))
        for path in paths
    }
    for each in EXERCISES:
        if each.slug != exercise.slug:
            wrong = solutions.parent / each.slug / "wrong"
            for path in (min(wrong.glob("*.c")), min(wrong.glob("*.py")), Path(each.folder) / "starter.c"):
                reports[f"{each.slug}/{path.name}"] = grade(each, submission.read(str(path)), Options(seed=1))
    for name in ("never-closes.c", "blocking.py"):
        path = next(path for path in paths if path.name == name)
        options = Options(seed=1, tier="shared", sanitize=False)
        reports[f"shared {name}"] = grade(exercise, submission.read(str(path)), options)
    assert {report.outcome for report in reports.values()} == {PASSED, FAILED, UNGRADABLE}
    return reports


def test_reports_are_translated(other: i18n.Catalogue, graded: dict[str, Report]) -> None:
    """Whatever a report says is known, save code, numbers, what a compiler says and what the submission says itself."""
    missing: list[str] = []
    asked: set[str] = set()
    other.watch = lambda kind, text: asked.add(text)
    shown = ""
    for name, report in graded.items():
        asked.clear()
        foreign = {d.message for d in report.diagnostics}
        shown += terminal.render_many([report], hints=2, everything=True) + terminal.render_many([report])
        shown += html.render(report, hints=2) + junit.render_many([report], hints=2)
        missing += [f"{name}: {text!r}" for text in asked - foreign if not _CODE.fullmatch(text)]
    assert missing == [], "\n".join(missing)
    kinds = {r.outcome for report in graded.values() for r in report.results}
    assert {PASSED, FAILED, SKIPPED} <= kinds
    for sentence in ("still open", "not allowed here", "did not return", "Not tried", "could not run", "at line"):
        assert sentence not in re.sub(r"<style>.*?</style>|<pre.*?</pre>|<code>.*?</code>", "", shown, flags=re.DOTALL)


def test_a_report_itself_stays_english(graded: dict[str, Report]) -> None:
    """Who is spoken to changes nothing of what was found."""
    i18n.choose(TRANSLATIONS[0])
    try:
        again = grade(
            catalog.find("is-port-open"),
            submission.read(str(Path(catalog.find("is-port-open").folder) / "starter.py")),
            Options(seed=1),
        )
    finally:
        i18n.choose(i18n.ENGLISH)
    assert again.remarks == graded["starter.py"].remarks
    assert [r[:11] for r in again.results] == [r[:11] for r in graded["starter.py"].results]


# -- catalogues --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", CATALOGUES, ids=lambda path: f"{path.parent.parent.name}-{path.stem}")
def test_a_catalogue_is_sound(path: Path) -> None:
    """Header, order, nothing fuzzy or empty, and the same placeholders on both sides."""
    entries = polib.pofile(str(path))
    assert entries.metadata["Language"] == path.stem
    assert entries.metadata["Content-Type"] == "text/plain; charset=UTF-8"
    assert re.fullmatch(r"nplurals=\d+; plural=.+;", entries.metadata["Plural-Forms"])
    names = [entry.msgid for entry in entries]
    assert names == sorted(set(names))
    wrong: list[str] = []
    for entry in entries:
        answers = list(entry.msgstr_plural.values()) if entry.msgid_plural else [entry.msgstr]
        wanted = {*_places(entry.msgid), *_places(entry.msgid_plural)}
        if entry.fuzzy or entry.obsolete or not all(answers) or any({*_places(a)} != wanted for a in answers):
            wrong.append(entry.msgid)
        if "}{" in entry.msgid:
            wrong.append(f"nothing between two placeholders: {entry.msgid}")
    assert wrong == [], "\n".join(wrong)


def _places(message: str) -> list[str]:
    """Its placeholders, ours and those of argparse."""
    return sorted(re.findall(r"\{\w+\}|%\(\w+\)[sr]|%[sr]", message))


@pytest.mark.parametrize("path", CATALOGUES, ids=lambda path: f"{path.parent.parent.name}-{path.stem}")
def test_a_catalogue_has_nothing_that_nobody_needs(path: Path) -> None:
    """Each entry is some literal of the sources, or is made of such."""
    exercise = next((each for each in EXERCISES if path.parent.parent == Path(each.folder)), None)
    if exercise:
        used = "\0".join(texts.of_exercise(exercise)).replace(texts.HOLE, "\0")
    else:
        used = "\0".join(
            [texts.all_literals(), *texts.given_to_tr(), *texts.of_argparse(), *texts.of_shared_mistakes()]
        )
    dead = [
        entry.msgid
        for entry in polib.pofile(str(path))
        if not all(part in used for part in re.split(r"\{\w+\}", entry.msgid)) and entry.msgid not in OF_PARTS
    ]
    assert dead == [], "\n".join(dead)


def test_a_sentence_is_found_by_what_stands_around_its_values() -> None:
    """The longest message wins, digits are digits, parts are translated too, and what is unknown stays."""
    folder = Path(texts.__file__).parent
    catalogue = i18n.Catalogue("none")
    catalogue._read = len(i18n._folders)
    for message, translation in {
        "{what} still open": "OPEN {what}",
        "descriptor {number} ({what})": "D{number} {what}",
        "a socket": "SOCKET",
        "{deed}, to {deeds}": "{deed} & {deeds}",
        "start {path}": "START {path}",
        "It tried to {deeds}: not here.": "TRIED {deeds}.",
        "One.": "1.",
    }.items():
        catalogue._learn(message, translation)
    catalogue._patterns.sort(key=i18n._Pattern.rank)
    assert catalogue.find("descriptor 3 (a socket) still open") == "OPEN D3 SOCKET"
    assert catalogue.find("descriptor x (a socket) still open") == "OPEN descriptor x (a socket)"
    assert (
        catalogue.find("One. It tried to start /bin/sh, to start x: not here.") == "1. TRIED START /bin/sh & START x."
    )
    assert catalogue.find("a, to b") is None
    assert catalogue.find("nothing known\na socket") == "nothing known\nSOCKET"
    assert catalogue.find(f"{folder} {{what}}") is None
    assert catalogue.find(", to " * 20_000 + " still open" * 20_000) is not None  # soon, whatever is written there


# -- choosing ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("environment", "spoken"),
    [
        ({}, "en"),
        ({"LANG": "C"}, "en"),
        ({"LANG": "en_US.UTF-8"}, "en"),
        ({"LANG": "ko_KR.UTF-8"}, "ko"),
        ({"LANG": "fr_FR.UTF-8"}, "en"),
        ({"LANG": "../ko"}, "en"),
        ({"LANG": "fr_FR.UTF-8", "LC_MESSAGES": "ko_KR"}, "ko"),
        ({"LANG": "ko_KR.UTF-8", "LC_ALL": "C"}, "en"),
        ({"LANG": "ko_KR.UTF-8", "LC_ALL": ""}, "ko"),
        ({"LANG": "fr_FR.UTF-8", "LANGUAGE": "fr:ko:en"}, "ko"),
        ({"LANG": "C", "LANGUAGE": "ko"}, "en"),
        ({"LANGUAGE": "ko"}, "ko"),
    ],
)
def test_the_environment_chooses_as_gettext_has_it(
    monkeypatch: pytest.MonkeyPatch, environment: dict[str, str], spoken: str
) -> None:
    """LANGUAGE, LC_ALL, LC_MESSAGES, LANG; what there is not is English."""
    for name in ("LANGUAGE", "LC_ALL", "LC_MESSAGES", "LANG"):
        monkeypatch.delenv(name, raising=False)
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    try:
        i18n.choose(None)
        assert i18n.language() == spoken
    finally:
        i18n.choose(i18n.ENGLISH)


def test_a_language_that_there_is_not_is_refused(tmp_path: Path) -> None:
    """With what there is; of `start`, --lang is another thing."""
    assert_refused(socklab("list", "--lang", "xx", cwd=tmp_path), 2, "xx", "en", *TRANSLATIONS)
    assert_refused(socklab("check", "--lang=../ko", "x.c", cwd=tmp_path), 2, "../ko")
    assert "invalid choice: 'ko'" in socklab("start", "is-port-open", "--lang", "ko", cwd=tmp_path).err


def test_the_command_speaks_it(tmp_path: Path, right_py: Path) -> None:
    """By option and by environment, in each command; data and exit codes are what they were."""
    korean = {"LANGUAGE": None, "LC_ALL": None, "LC_MESSAGES": None, "LANG": "ko_KR.UTF-8"}
    for words in (["list"], ["next"], ["check", right_py], ["doctor"], ["check", "no-such-file.c"]):
        by_option = socklab(*words, "--lang", "ko", cwd=tmp_path)
        by_environment = socklab(*words, cwd=tmp_path, env=korean)
        plain = socklab(*words, "--lang", "en", cwd=tmp_path, env=korean)
        said = by_option.out + by_option.err
        assert re.search("[가-힣]{2}", said), said
        assert not re.search("[가-힣]", plain.out + plain.err)
        assert by_option.code == by_environment.code == plain.code
        assert re.sub(r"[\d.]+초|시드 \d+", "", said) == re.sub(
            r"[\d.]+초|시드 \d+", "", by_environment.out + by_environment.err
        )
    as_json = json.loads(socklab("check", right_py, "--format", "json", "--lang", "ko", cwd=tmp_path).out)
    assert as_json["reports"][0]["results"][0]["title"] == EXERCISES[0].checks[0].title


def test_the_statement_is_in_the_language(tmp_path: Path) -> None:
    """`start` takes it from the environment; the file is called what it always is."""
    korean = {"LANGUAGE": None, "LC_ALL": None, "LANG": "ko_KR.UTF-8"}
    answer = socklab("start", "is-port-open", cwd=tmp_path, env=korean)
    assert answer.code == 0
    assert (tmp_path / "statement.md").read_bytes() == EXERCISES[0].read("statement.ko.md")
    assert re.search("[가-힣]{2}", answer.out)


# -- English -----------------------------------------------------------------------------------------------------------

_LOADED = "import sys; from socklab import cli; cli.run(sys.argv[1:]); print({'polib', 'unicodedata'} & {*sys.modules})"


def test_english_is_the_same_whatever_asks_for_it(tmp_path: Path, right_py: Path) -> None:
    """With and without LANG=C, to the byte; and nothing of another language is loaded."""
    environments = [
        {"LANGUAGE": None, "LC_ALL": None, "LC_MESSAGES": None, "LANG": value} for value in (None, "C", "en_GB.UTF-8", "fr_FR")
    ]  # fmt: skip
    for words in (["--help"], ["check", "--help"], ["list"], ["next"], ["nothing"], ["check", "no-such-file.c"]):
        answers = [socklab(*words, cwd=tmp_path, env=env) for env in environments]
        assert all(answer == answers[0] for answer in answers), words
    done = run(sys.executable, "-c", _LOADED, "check", str(right_py), cwd=tmp_path, env={"LANG": "C"})
    assert done.out.endswith("set()\n"), done


def test_rendering_english_takes_no_notice() -> None:
    """What reports look like in English does not depend on there being translations."""
    i18n.choose(None)
    reports = [sample.failing_report(), sample.passing_report(), sample.ungradable_report()]
    before = [terminal.render_many(reports), html.render_many(reports), junit.render_many(reports)]
    i18n.choose(TRANSLATIONS[0])
    other = [terminal.render_many(reports), html.render_many(reports), junit.render_many(reports)]
    i18n.choose(i18n.ENGLISH)
    assert [terminal.render_many(reports), html.render_many(reports), junit.render_many(reports)] == before
    assert all(one != two for one, two in zip(before, other, strict=True))


# -- how it looks ------------------------------------------------------------------------------------------------------


def on_screen(text: str) -> int:
    """The columns that a text takes, told apart from how socklab counts them."""
    return sum(2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in text)


def test_columns_line_up(other: i18n.Catalogue, graded: dict[str, Report]) -> None:
    """Labels, the picture of the calls and the width of the page go by what letters take on a screen."""
    for name in ("never-closes.c", "missing-htons.c", "loops-until-open.c"):
        text = terminal.render_many([graded[name]], hints=2)
        *rows, _ = text.splitlines()  # how it was graded is one row, however long
        assert [row for row in rows if on_screen(row) > 80] == []
        bars = {on_screen(row[: row.index("│")]) for row in rows if "│" in row}
        assert len(bars) == 1, text
        labelled = [row for row in text.splitlines() if row.startswith(f"    {i18n.tr('expected')} ")]
        assert labelled
        for row in labelled:
            value = row[4:].removeprefix(i18n.tr("expected"))
            assert on_screen(row) - on_screen(value.lstrip()) == 17, row


def test_axe_finds_nothing_in_another_language(
    other: i18n.Catalogue, graded: dict[str, Report], tmp_path: Path
) -> None:
    """The page says which language it is in, and is as accessible as in English."""
    failed = graded["never-closes.c"]
    reports = [failed, failed._replace(outcome=HARNESS_ERROR, reason="it needs a private network", results=())]
    file = tmp_path / "report.html"
    file.write_text(html.render_many(reports, hints=2), encoding="utf-8")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        page = browser.new_page(viewport={"width": 1280, "height": 900})
        page.goto(file.as_uri())
        assert page.locator("html").get_attribute("lang") == other.language
        page.evaluate("document.querySelectorAll('details').forEach(each => each.open = true)")
        found = Axe().run(page).response["violations"]
        browser.close()
    assert [each["id"] for each in found] == []
