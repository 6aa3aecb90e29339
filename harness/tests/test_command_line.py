"""What each command promises, seen from outside."""

import html.parser
import json
import os
import shlex
import shutil
import signal
import subprocess
import xml.etree.ElementTree
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from front_door import (
    COMMAND,
    SECONDS,
    SPINS,
    Terminal,
    all_end,
    assert_refused,
    assert_wrong_usage,
    changed,
    reports,
    run,
    socklab,
    started,
    wait_until,
    wait_until_busy,
)
from jsonschema import Draft202012Validator

QUICK = ("--only", "open-port")

EXPANDS = "".join(f"#define M{n + 1} M{n} M{n} M{n} M{n} M{n} M{n} M{n} M{n} M{n} M{n}\n" for n in range(9))
SLOW_TO_COMPILE = f"#define M0 (void)port;\n{EXPANDS}int is_port_open(int port)\n{{\n    M9\n    return 1;\n}}\n"

STOPPED = (130, -signal.SIGINT)
"""A shell shows 130 for both: for what ends with it, and for what the signal ends."""

# -- help ------------------------------------------------------------------------------------------------------------

COMMANDS = (
    "list",
    "next",
    "start",
    "check",
    "watch",
    "grade",
    "replay",
    "scene",
    "doctor",
    "dev",
    "dev check",
    "completion",
)


@pytest.mark.parametrize("command", ["", *COMMANDS])
def test_help_names_the_exit_codes(command: str, tmp_path: Path) -> None:
    """Each command's help says how it ends."""
    answer = socklab(*command.split(), "--help", cwd=tmp_path)
    assert (answer.code, answer.err) == (0, "")
    assert answer.out.startswith(f"usage: socklab {command}".rstrip())
    for part in ("exit codes:", "3  cannot be graded", "127.0.0.1"):
        assert part in answer.out


@pytest.mark.parametrize("command", ["start", "check", "watch", "grade", "replay", "scene", "dev check", "completion"])
def test_help_of_a_command_that_takes_words_shows_examples(command: str, tmp_path: Path) -> None:
    """There is a line to copy."""
    answer = socklab(*command.split(), "--help", cwd=tmp_path)
    assert f"examples:\n  socklab {command} " in answer.out or f'examples:\n  eval "$(socklab {command} ' in answer.out


def test_without_a_command_the_commands_are_shown(tmp_path: Path) -> None:
    """Nothing was asked for, so it is wrong usage; what can be asked for is shown."""
    answer = socklab(cwd=tmp_path)
    assert answer.code == 2
    for command in COMMANDS:
        assert f"    {command.split()[0]}" in answer.out + answer.err


def test_the_version_is_shown(tmp_path: Path) -> None:
    """One line with name and number."""
    answer = socklab("--version", cwd=tmp_path)
    assert answer.code == 0
    assert answer.out.split()[0] == "socklab"
    assert answer.out.split()[1][0].isdigit()


# -- list ------------------------------------------------------------------------------------------------------------


def test_list_shows_every_exercise_and_how_to_begin(exercises: Path, tmp_path: Path) -> None:
    """Each folder of exercises is there with its languages and time."""
    answer = socklab("list", cwd=tmp_path)
    assert (answer.code, answer.err) == (0, "")
    shown = [line.split()[1] for line in answer.out.splitlines() if line and line[0] != " " and "minutes" in line]
    assert sorted(shown) == sorted(path.parent.name for path in exercises.glob("*/exercise.toml"))
    assert "(about 45 minutes; c, python)" in answer.out
    assert "socklab start EXERCISE" in answer.out


# -- start -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("language", "suffix"), [((), ".c"), (("--lang", "c"), ".c"), (("--lang", "python"), ".py")])
def test_start_writes_what_one_begins_with(
    language: tuple[str, ...], suffix: str, exercises: Path, tmp_path: Path
) -> None:
    """The starter, named so that check knows the exercise, and the statement."""
    answer = socklab("start", "is-port-open", *language, cwd=tmp_path)
    assert (answer.code, answer.err) == (0, "")
    source = exercises / "is-port-open" / f"starter{suffix}"
    assert (tmp_path / f"is_port_open{suffix}").read_bytes() == source.read_bytes()
    assert len((tmp_path / "statement.md").read_text()) > 500
    assert sorted(os.listdir(tmp_path)) == sorted(
        [f"is_port_open{suffix}", "statement.md", *(["is_port_open.h"] if suffix == ".c" else [])]
    )
    for name in os.listdir(tmp_path):
        assert name in answer.out


def test_start_ends_with_a_command_that_grades_what_it_wrote(tmp_path: Path) -> None:
    """Its last words can be copied as they stand; the starter fails."""
    answer = socklab("start", "is-port-open", "my solutions", cwd=tmp_path)
    _, _, command = answer.out.strip().rpartition("socklab ")
    assert socklab(*shlex.split(command), *QUICK, cwd=tmp_path).code == 1


def test_start_never_overwrites(tmp_path: Path) -> None:
    """What is there stays byte for byte, and the rest is written."""
    mine = b"mine \xff\n"
    (tmp_path / "is_port_open.c").write_bytes(mine)
    answer = socklab("start", "is-port-open", cwd=tmp_path)
    assert answer.code == 0
    assert (tmp_path / "is_port_open.c").read_bytes() == mine
    assert (tmp_path / "statement.md").exists()
    assert "kept" in answer.out


def test_start_twice_changes_nothing(tmp_path: Path) -> None:
    """The second time everything is kept."""
    socklab("start", "is-port-open", cwd=tmp_path)
    before = {path.name: (path.read_bytes(), path.stat().st_mtime_ns) for path in tmp_path.iterdir()}
    assert len(before) > 1
    answer = socklab("start", "is-port-open", cwd=tmp_path)
    assert (answer.code, answer.out.count("kept"), answer.out.count("wrote")) == (0, len(before), 0)
    assert {path.name: (path.read_bytes(), path.stat().st_mtime_ns) for path in tmp_path.iterdir()} == before


def test_start_does_not_write_through_a_link(tmp_path: Path) -> None:
    """A link that leads nowhere is something that is there, too."""
    (tmp_path / "is_port_open.c").symlink_to("elsewhere.c")
    assert socklab("start", "is-port-open", cwd=tmp_path).code == 0
    assert (tmp_path / "statement.md").exists()
    assert not (tmp_path / "elsewhere.c").exists()


@pytest.mark.parametrize("words", [("a/b",), ("--lang", "c", "a/b"), ("a/b", "--lang", "c")])
def test_start_makes_the_folder(words: tuple[str, ...], tmp_path: Path) -> None:
    """And those above it, wherever it is named."""
    assert socklab("start", "is-port-open", *words, cwd=tmp_path).code == 0
    assert (tmp_path / "a" / "b" / "is_port_open.c").exists()


def test_start_refuses_a_folder_that_cannot_be_made(tmp_path: Path) -> None:
    """A file stands in the way."""
    (tmp_path / "file").touch()
    for folder in ("file", "file/below"):
        assert_refused(
            socklab("start", "is-port-open", folder, cwd=tmp_path), 2, f"{folder}: this folder cannot be made"
        )


def test_start_of_an_unknown_exercise_writes_nothing(tmp_path: Path) -> None:
    """The nearest name is offered."""
    assert_refused(socklab("start", "is-port-opne", "new", cwd=tmp_path), 2, "Did you mean is-port-open?")
    assert os.listdir(tmp_path) == []


def test_start_in_an_unknown_language_is_refused(tmp_path: Path) -> None:
    """The languages are named."""
    assert_wrong_usage(socklab("start", "is-port-open", "--lang", "rust", cwd=tmp_path), "'rust'", "c", "python")
    assert os.listdir(tmp_path) == []


# -- check -----------------------------------------------------------------------------------------------------------


def test_a_right_file_passes_with_all_points(right_c: Path, right_py: Path, tmp_path: Path) -> None:
    """The exercise follows from the name, the verdict stands in the report and in the exit code."""
    answer = socklab("check", right_c.name, right_py.name, cwd=tmp_path)
    assert (answer.code, answer.err) == (0, "")
    assert answer.out.count("✓ passed") == 2


@pytest.mark.parametrize(
    "name",
    [
        "is_port_open.c",
        "is-port-open.c",
        "Is_Port_Open.C",
        "is port open.c",
        "is-port-open/mine.c",
        "Is Port Open/deep/mine.c",
    ],
)
def test_the_exercise_follows_from_the_name(name: str, right_c: Path, tmp_path: Path) -> None:
    """From the file's own, or that of a folder above it."""
    (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
    right_c.rename(tmp_path / name)
    answer = socklab("check", name, *QUICK, cwd=tmp_path)
    assert (answer.code, answer.err) == (0, "")
    assert "  is-port-open: " in answer.out


def test_a_failure_shows_what_was_tried_expected_and_got(failing_c: Path, tmp_path: Path) -> None:
    """All that one needs to understand it."""
    answer = socklab("check", "is-port-open", failing_c.name, *QUICK, "--seed", "7", cwd=tmp_path)
    assert (answer.code, answer.err) == (1, "")
    said = " ".join(answer.out.split())
    tried = reports("is-port-open", failing_c.name, *QUICK, "--seed", "7", cwd=tmp_path)[0]["results"][0]["tried"]
    for part in (
        "✗ failed 0 of 3 points",
        "First thing to fix",
        f"tried {tried} expected 1 got -1",
        "hint",
        "seed 7 ",
        "private network",
    ):
        assert part in said


def tried(seed: int | None, file: Path) -> list[str]:
    """What each check tried, in a run with that seed."""
    words = () if seed is None else ("--seed", str(seed))
    return [result["tried"] for result in reports("is-port-open", file.name, *words, cwd=file.parent)[0]["results"]]


def test_a_seed_repeats_the_ports(failing_c: Path) -> None:
    """What failed can be looked at again."""
    first = tried(7, failing_c)
    assert any("(" in text for text in first)
    assert first == tried(7, failing_c)


def test_a_seed_gives_a_check_that_is_run_alone_the_ports_that_it_had_among_all(failing_c: Path) -> None:
    """Whatever ran before it."""

    def tried_in(slug: str, *words: str) -> str:
        found = reports("is-port-open", failing_c.name, "--seed", "7", *words, cwd=failing_c.parent)[0]["results"]
        return next(result["tried"] for result in found if result["slug"] == slug)

    for slug in ("udp-is-not-tcp", "closed-then-open"):
        assert tried_in(slug, "--only", slug) == tried_in(slug) != "-"


def test_another_seed_takes_other_ports(failing_c: Path) -> None:
    """And so does no seed: a port that is written into a submission is found out."""
    assert len({tuple(tried(seed, failing_c)) for seed in (7, 8, None)}) == 3


def test_the_seed_that_was_taken_is_in_the_report(failing_c: Path, tmp_path: Path) -> None:
    """A random one can be repeated."""
    first = reports("is-port-open", failing_c.name, cwd=tmp_path)[0]
    again = reports("is-port-open", failing_c.name, "--seed", str(first["seed"]), cwd=tmp_path)[0]
    assert [r["tried"] for r in first["results"]] == [r["tried"] for r in again["results"]]


def test_only_runs_the_check_and_what_it_needs(right_c: Path, tmp_path: Path) -> None:
    """And nothing else; may be repeated."""
    words = ("--only", "a-thousand-calls", "--only", "stale-errno")
    slugs = [result["slug"] for result in reports(right_c.name, *words, cwd=tmp_path)[0]["results"]]
    assert sorted(slugs) == ["a-thousand-calls", "closed-port", "open-port", "stale-errno"]


def test_without_sanitizers_their_check_is_skipped(right_c: Path, tmp_path: Path) -> None:
    """It was asked for, so it costs nothing."""
    report = reports(right_c.name, "--no-sanitizer", cwd=tmp_path)[0]
    assert [r["slug"] for r in report["results"] if r["outcome"] == "skipped"] == ["memory"]
    assert report["outcome"] == "passed"


@pytest.mark.parametrize("tier", ["private", "shared"])
def test_a_tier_can_be_insisted_on(tier: str, right_c: Path, tmp_path: Path) -> None:
    """And is the one that the report names."""
    report = reports(right_c.name, "--tier", tier, cwd=tmp_path)[0]
    assert (report["tier"], report["outcome"]) == (tier, "passed")


def test_all_shows_every_failure_in_full(failing_c: Path, tmp_path: Path) -> None:
    """Without it the first few are enough."""
    words = ("check", "is-port-open", failing_c.name)
    some, everything = socklab(*words, cwd=tmp_path), socklab(*words, "--all", cwd=tmp_path)
    assert (some.code, everything.code) == (1, 1), some.out + everything.out
    assert 0 < some.out.count("    hint ") < everything.out.count("    hint ")


@pytest.mark.parametrize(
    ("words", "hints"), [((), 1), (("--hints", "0"), 0), (("--hints=1",), 1), (("--hints", "2"), 2)]
)
def test_hints_are_as_many_as_asked_for(words: tuple[str, ...], hints: int, failing_c: Path, tmp_path: Path) -> None:
    """In a terminal's report no more are there at all; after one it says how to get another."""
    answer = socklab("check", "is-port-open", failing_c.name, *QUICK, *words, cwd=tmp_path)
    shown = [label in answer.out for label in ("    hint    ", "    hint 2  ", "--hints 2")]
    assert (answer.code, shown) == (1, [hints > 0, hints > 1, hints == 1])


def test_hints_reach_the_formats(failing_c: Path, tmp_path: Path) -> None:
    """On a page the second one is open only if it was asked for; for scripts nothing changes."""
    words = ("is-port-open", failing_c.name, *QUICK, "--seed", "7")
    pages = [socklab("check", *words, "--format", "html", "--hints", n, cwd=tmp_path).out for n in "012"]
    assert ['<details class="hint">' in page for page in pages] == [False, True, False]
    assert ['<details class="hint" open>' in page for page in pages] == [False, False, True]
    results = [reports(*words, "--hints", n, cwd=tmp_path)[0]["results"] for n in "02"]
    assert results[0][0]["more"] == results[1][0]["more"] != ""


@pytest.mark.parametrize("command", ["check", "watch"])
@pytest.mark.parametrize("number", ["3", "-1", "x", "", "1.0", "01", "²"])
def test_a_number_of_hints_that_there_is_not_is_refused(command: str, number: str, tmp_path: Path) -> None:
    """The numbers that there are are named."""
    assert_wrong_usage(socklab(command, "is_port_open.c", f"--hints={number}", cwd=tmp_path), "--hints", "0", "1", "2")


# -- reports ---------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="session")
def schema() -> dict[str, Any]:
    """The schema of JSON reports, itself valid."""
    path = Path(__file__).resolve().parents[1] / "socklab" / "reports" / "report.schema.json"
    content = json.loads(path.read_text())
    Draft202012Validator.check_schema(content)
    return content


@pytest.mark.usefixtures("right_c", "right_py", "failing_c", "ungradable_c")
def test_json_is_as_its_schema_says(schema: dict[str, Any], solutions: Path, tmp_path: Path) -> None:
    """Whatever the outcome; and each outcome of this test does occur."""
    crashing = solutions / "wrong" / "use-after-free.c"
    hanging = tmp_path / "hanging.c"
    hanging.write_text(SPINS)
    files = ("is_port_open.c", "is_port_open.py", "failing.c", "ungradable.c", crashing, hanging)
    answer = socklab("check", "--format", "json", "is-port-open", *files, "--tier", "private", cwd=tmp_path)
    content = json.loads(answer.out)
    Draft202012Validator(schema).validate(content)
    assert [r["outcome"] for r in content["reports"]] == [
        "passed",
        "passed",
        "failed",
        "ungradable",
        "failed",
        "failed",
    ]
    shared = json.loads(socklab("check", "--format", "json", "is_port_open.c", "--tier", "shared", cwd=tmp_path).out)
    Draft202012Validator(schema).validate(shared)
    assert "skipped" in {r["outcome"] for r in shared["reports"][0]["results"]}


def test_the_schema_describes_everything(schema: dict[str, Any]) -> None:
    """Each property in words, and none that is not described."""
    for kind in (schema, *schema["$defs"].values()):
        assert kind["additionalProperties"] is False
        assert sorted(kind["required"]) == sorted(kind["properties"])
        assert [name for name, of in kind["properties"].items() if not of["description"].endswith(".")] == []


@pytest.mark.usefixtures("right_c", "failing_c", "ungradable_c")
def test_junit_counts_what_json_says(tmp_path: Path) -> None:
    """The numbers on top, the cases below and the JSON report of the same seed agree."""
    words = ("is-port-open", "is_port_open.c", "failing.c", "ungradable.c", "--seed", "7")
    suites = xml.etree.ElementTree.fromstring(socklab("check", *words, "--format", "junit", cwd=tmp_path).out)
    assert suites.tag == "testsuites"
    for suite, report in zip(suites, reports(*words, cwd=tmp_path), strict=True):
        found = Counter(child.tag for case in suite for child in case)
        shown = {
            "tests": len(suite),
            "failures": found["failure"],
            "errors": found["error"],
            "skipped": found["skipped"],
        }
        assert {name: int(suite.attrib[name]) for name in shown} == shown
        failed = sum(r["outcome"] == "failed" and not r["bonus"] for r in report["results"])
        missed = sum(r["outcome"] == "skipped" or (r["outcome"] == "failed" and r["bonus"]) for r in report["results"])
        wanted = (1, 1, 0) if report["outcome"] == "ungradable" else (len(report["results"]), failed, missed)
        assert (shown["tests"], shown["failures"], shown["skipped"]) == wanted
        assert report["file"] in suite.attrib["name"]


class References(html.parser.HTMLParser):
    """What a page loads or leads to."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Collect what leads elsewhere."""
        self.found += [value or "" for name, value in attrs if name in ("src", "href", "srcset", "action")]


def test_html_is_one_file(failing_c: Path, tmp_path: Path) -> None:
    """It can be mailed: nothing beside it, and nothing is loaded from elsewhere."""
    answer = socklab(
        "check", "is-port-open", failing_c.name, "--format", "html", "--output", "report.html", cwd=tmp_path
    )
    assert (answer.code, answer.out) == (1, "")
    assert sorted(os.listdir(tmp_path)) == ["failing.c", "report.html"]
    text = (tmp_path / "report.html").read_text()
    assert text.lower().startswith("<!doctype html>")
    page = References()
    page.feed(text)
    assert [target for target in page.found if not target.startswith(("#", "data:"))] == []
    assert "a port that somebody listens on is open" in text


@pytest.mark.parametrize("format_name", ["terminal", "json", "junit", "html"])
def test_output_writes_what_would_be_shown(format_name: str, failing_c: Path, tmp_path: Path) -> None:
    """The same report goes to the file, and the exit code stays that of the verdict."""
    words = ("check", "is-port-open", failing_c.name, *QUICK, "--seed", "7", "--format", format_name)
    shown = socklab(*words, cwd=tmp_path)
    written = socklab(*words, "--output", "report", cwd=tmp_path)
    assert (shown.code, written.code, written.out) == (1, 1, "")
    assert "report" in written.err
    lines = [set(text.splitlines()) for text in (shown.out, (tmp_path / "report").read_text())]
    assert len(lines[0] ^ lines[1]) <= 4, "no more than the time it took differs"


def test_a_reader_who_leaves_early_causes_no_traceback(failing_c: Path, tmp_path: Path) -> None:
    """`socklab check … | head -1` is no reason to complain."""
    with started("check", "is-port-open", failing_c.name, "--format", "json", cwd=tmp_path) as process:
        assert process.stdout
        assert process.stderr
        process.stdout.close()
        assert process.stderr.read() == ""


@pytest.mark.parametrize("command", ["list", "completion bash", "doctor", "--help"])
def test_a_reader_who_leaves_before_the_first_line_causes_no_traceback(command: str, tmp_path: Path) -> None:
    """The same for every command that prints."""
    with started(*command.split(), cwd=tmp_path) as process:
        assert process.stdout
        assert process.stderr
        process.stdout.close()
        assert process.stderr.read() == ""


# -- colour ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("env", "coloured"),
    [
        ({}, False),
        ({"FORCE_COLOR": "1"}, True),
        ({"FORCE_COLOR": "1", "NO_COLOR": "1"}, False),
        ({"NO_COLOR": "", "FORCE_COLOR": "1"}, True),
    ],
    ids=["pipe", "forced", "forced and forbidden", "empty counts as absent"],
)
def test_colour_into_a_pipe_is_there_only_if_forced(
    env: dict[str, str], coloured: bool, right_c: Path, tmp_path: Path
) -> None:
    """NO_COLOR has the last word (no-color.org)."""
    answer = socklab("check", right_c.name, *QUICK, cwd=tmp_path, env=env)
    assert ("\x1b[" in answer.out) is coloured


@pytest.mark.parametrize(
    ("env", "coloured"),
    [({}, True), ({"NO_COLOR": "1"}, False), ({"TERM": "dumb"}, False)],
    ids=["terminal", "forbidden", "dumb"],
)
def test_colour_at_a_terminal_is_there_unless_forbidden(
    env: dict[str, str], coloured: bool, right_c: Path, tmp_path: Path
) -> None:
    """A terminal that cannot show colour gets none."""
    with Terminal("check", right_c.name, *QUICK, cwd=tmp_path, env=env) as terminal:
        assert terminal.wait_for_end() == 0
    assert ("\x1b[" in terminal.text) is coloured
    assert "passed" in terminal.text


def test_a_report_in_a_file_has_no_colour(right_c: Path, tmp_path: Path) -> None:
    """A file is no terminal, whatever is forced."""
    socklab("check", right_c.name, *QUICK, "--output", "report.txt", cwd=tmp_path, env={"FORCE_COLOR": "1"})
    assert "\x1b" not in (tmp_path / "report.txt").read_text()


# -- doctor, completion ----------------------------------------------------------------------------------------------


def test_doctor_tries_everything_for_real(tmp_path: Path) -> None:
    """Here all is well: a program in each language is built, called and answers, in both tiers."""
    answer = socklab("doctor", cwd=tmp_path)
    assert (answer.code, answer.err) == (0, ""), answer.out
    for language in ("c", "python"):
        for tier in ("private", "shared"):
            assert (
                f"✓ a three-line program in {language} is built, called and answers, in the {tier} tier" in answer.out
            )
    assert "all is well" in answer.out


def test_doctor_says_whether_the_editor_is_there(tmp_path: Path) -> None:
    """The modules of CodeMirror; without them all is well still with grading, and it says what brings them."""
    package = Path(__file__).resolve().parents[1] / "socklab"
    copy = Path(shutil.copytree(package, tmp_path / "socklab", ignore=shutil.ignore_patterns("assets", "__pycache__")))
    without = socklab("doctor", cwd=tmp_path)  # Python looks into the current folder first
    assert (without.code, without.err) == (0, "")
    assert "✗ no CodeMirror" in without.out
    assert "uv sync --reinstall-package socklab" in without.out
    assert without.out.endswith("\nall is well with grading\n")
    (copy / "editor" / "assets").mkdir()
    (copy / "editor" / "assets" / "pinned.toml").write_text('["a"]\n["b"]\n')
    assert "✓ CodeMirror: the editor of `socklab serve`, 2 modules\n" in socklab("doctor", cwd=tmp_path).out


def test_doctor_says_how_to_mend_what_is_missing(tmp_path: Path) -> None:
    """Without compiler and bubblewrap: what each costs, and the command that brings it."""
    answer = socklab("doctor", cwd=tmp_path, env={"PATH": str(tmp_path), "CC": None})
    assert (answer.code, answer.err) == (4, "")
    for part in (
        "✗ no C compiler",
        "apt-get install -y gcc",
        "✗ no bubblewrap",
        "apt-get install -y bubblewrap",
        "costs:",
    ):
        assert part in answer.out


def test_doctor_leaves_nothing_behind(temporary: Path, tmp_path: Path) -> None:
    """Neither files beside it nor temporary ones."""
    assert socklab("doctor", cwd=tmp_path, env={"TMPDIR": str(temporary)}).code == 0
    assert (os.listdir(temporary), os.listdir(tmp_path)) == ([], [])


@pytest.mark.parametrize(
    ("words", "wanted"),
    [
        ("ch", ["check"]),
        ("do", ["doctor"]),
        ("check --for", ["--format"]),
        ("check --format js", ["json"]),
        ("start --lang p", ["python"]),
    ],
)
def test_completion_completes_in_bash(words: str, wanted: list[str], tmp_path: Path) -> None:
    """The script is taken by bash, and its function finds the rest of the word."""
    script = socklab("completion", "bash", cwd=tmp_path)
    assert (script.code, script.err) == (0, "")
    (tmp_path / "completion.sh").write_text(script.out)
    line = f"socklab {words}"
    typed = line.split(" ")
    before = typed[-2]
    ask = (
        f'. ./completion.sh; set -- $(complete -p socklab); while [ "$1" != -F ]; do shift; done; COMP_WORDS=({line}); '
        f'COMP_CWORD={len(typed) - 1} COMP_LINE="{line}" COMP_POINT={len(line)}; "$2" socklab "{typed[-1]}" "{before}"; echo "${{COMPREPLY[@]}}"'
    )
    assert run("bash", "-n", "completion.sh", cwd=tmp_path).code == 0
    answer = run("bash", "--norc", "-c", ask, cwd=tmp_path)
    assert (answer.out.split(), answer.err) == (wanted, "")


def test_completion_for_zsh_completes_socklab(tmp_path: Path) -> None:
    """zsh finds the command by the first line, and every command of ours is in it; where zsh is installed it takes the script."""
    answer = socklab("completion", "zsh", cwd=tmp_path)
    assert (answer.code, answer.err) == (0, "")
    assert answer.out.startswith("#compdef socklab\n")
    for command in COMMANDS:
        assert f"{command.split()[0]}:" in answer.out
    if shutil.which("zsh"):
        (tmp_path / "_socklab").write_text(answer.out)
        assert run("zsh", "-n", "_socklab", cwd=tmp_path).code == 0


def test_completion_for_an_unknown_shell_is_answered_with_those_there_are(tmp_path: Path) -> None:
    """The shells are named."""
    assert_wrong_usage(socklab("completion", "fish", cwd=tmp_path), "'fish'", "bash", "zsh")


# -- being stopped ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("to_all", [False, True], ids=["to the command", "to all in the terminal"])
@pytest.mark.parametrize(
    ("source", "busy"), [(SPINS, "runner"), (SLOW_TO_COMPILE, "cc1")], ids=["grading", "compiling"]
)
def test_ctrl_c_ends_everything_at_once(source: str, busy: str, to_all: bool, tmp_path: Path, temporary: Path) -> None:
    """Exit code 130, no traceback, no process left behind, no temporary folder either."""
    (tmp_path / "is_port_open.c").write_text(source)
    with started("check", "is_port_open.c", cwd=tmp_path, env={"TMPDIR": str(temporary)}) as process:
        wait_until_busy(process, busy)
        assert os.listdir(temporary)
        with all_end(process) as family:
            assert family
            os.kill(-process.pid if to_all else process.pid, signal.SIGINT)
            out, err = process.communicate(timeout=SECONDS)
    assert (out, err) == ("", "\nstopped\n")
    assert process.returncode in STOPPED
    assert os.listdir(temporary) == []


@pytest.mark.parametrize("ending", [signal.SIGINT, signal.SIGTERM])
def test_an_end_at_the_very_beginning_leaves_nothing_behind(
    ending: signal.Signals, right_c: Path, tmp_path: Path, temporary: Path
) -> None:
    """From the moment on in which something runs or lies there, stopping clears it away, and shows no traceback."""
    with started("check", right_c.name, cwd=tmp_path, env={"TMPDIR": str(temporary)}) as process:
        wait_until(lambda: bool(os.listdir(temporary)), process, "a temporary folder")
        with all_end(process):
            process.send_signal(ending)
            out, err = process.communicate(timeout=SECONDS)
    assert (out, err.replace("\nstopped\n", "")) == ("", "")
    assert process.returncode in (128 + ending, -ending)
    assert os.listdir(temporary) == []


def test_an_end_in_the_first_run_of_all_leaves_nothing_behind(right_c: Path, tmp_path: Path, temporary: Path) -> None:
    """What the compiler has half done of socklab's own C is no temporary file of the user's."""
    cache = tmp_path / "cache"
    env = {"TMPDIR": str(temporary), "XDG_CACHE_HOME": str(cache)}
    with started("check", right_c.name, cwd=tmp_path, env=env) as process:
        wait_until(lambda: any(cache.glob("socklab/native-*/cc*")), process, "our own compiler at work")
        with all_end(process):
            process.send_signal(signal.SIGINT)
            process.communicate(timeout=SECONDS)
    assert process.returncode in STOPPED
    assert os.listdir(temporary) == []


def test_terminate_ends_everything_too(tmp_path: Path, temporary: Path) -> None:
    """What a shutdown or a CI system sends leaves nothing behind either."""
    (tmp_path / "is_port_open.c").write_text(SPINS)
    with started("check", "is_port_open.c", cwd=tmp_path, env={"TMPDIR": str(temporary)}) as process:
        wait_until_busy(process, "runner")
        with all_end(process):
            process.terminate()
            _, err = process.communicate(timeout=SECONDS)
    assert process.returncode in (143, -signal.SIGTERM)
    assert "Traceback" not in err
    assert os.listdir(temporary) == []


@pytest.mark.parametrize(
    ("source", "busy"), [(SPINS, "runner"), (SLOW_TO_COMPILE, "cc1")], ids=["grading", "compiling"]
)
def test_a_kill_leaves_no_process_behind(source: str, busy: str, tmp_path: Path, temporary: Path) -> None:
    """What cannot be caught ends the submission, the compiler and all around them, too."""
    (tmp_path / "is_port_open.c").write_text(source)
    with started("check", "is_port_open.c", cwd=tmp_path, env={"TMPDIR": str(temporary)}) as process:
        wait_until_busy(process, busy)
        with all_end(process) as family:
            assert len(family) > 1
            process.kill()


def test_a_closed_terminal_leaves_no_process_behind(tmp_path: Path, temporary: Path) -> None:
    """SIGHUP, which a window that is closed sends."""
    (tmp_path / "is_port_open.c").write_text(SPINS)
    with started("check", "is_port_open.c", cwd=tmp_path, env={"TMPDIR": str(temporary)}) as process:
        wait_until_busy(process, "runner")
        with all_end(process):
            process.send_signal(signal.SIGHUP)
            process.communicate(timeout=SECONDS)


def test_a_grade_leaves_nothing_behind(
    tmp_path: Path, temporary: Path, right_c: Path, right_py: Path, failing_c: Path, ungradable_c: Path
) -> None:
    """Whatever the verdict: no temporary folder, and no file beside the submission."""
    before = sorted(os.listdir(tmp_path))
    names = [path.name for path in (right_c, right_py, failing_c, ungradable_c)]
    assert socklab("check", "is-port-open", *names, cwd=tmp_path, env={"TMPDIR": str(temporary)}).code == 3
    assert (os.listdir(temporary), sorted(os.listdir(tmp_path))) == ([], before)


def test_many_grades_at_once_do_not_disturb_each_other(right_c: Path, tmp_path: Path) -> None:
    """Each has a network of its own, with the same ports."""
    argv = [*COMMAND, "check", right_c.name, "--seed", "7", "--format", "json"]
    running = [subprocess.Popen(argv, cwd=tmp_path, env=changed(), stdout=subprocess.PIPE, text=True) for _ in range(4)]
    outcomes = [json.loads(process.communicate(timeout=120)[0])["reports"][0]["outcome"] for process in running]
    assert outcomes == ["passed"] * 4


# -- dev check -------------------------------------------------------------------------------------------------------


def test_dev_check_refuses_what_it_cannot_do(tmp_path: Path) -> None:
    """An unknown exercise and a number of jobs that is none."""
    assert_refused(socklab("dev", "check", "is-port-opne", cwd=tmp_path), 2, "Did you mean is-port-open?")
    assert_refused(socklab("dev", "check", "--jobs", "0", cwd=tmp_path), 2, "--jobs 0")
    assert_wrong_usage(socklab("dev", "check", "--jobs", "x", cwd=tmp_path), "--jobs")
