"""%%submit, in a real kernel: what a front end is sent, and what a program finds in the result."""

import json
import re
from pathlib import Path

import jsonschema
import kernels
import pytest
from front_door import socklab
from kernels import MIME, Kernel

from socklab.reports import json as json_format

CLOSED = "def is_port_open(port):\n    return 0\n"
SCHEMA = Path(json_format.__file__).with_name("report.schema.json")


def test_a_right_solution_in_c_passes(kernel: Kernel, solutions: Path) -> None:
    """The language shows in the code; the result is the report in three forms at once."""
    cell = kernel.ok(f"%%submit is-port-open\n{(solutions / 'right' / 'blocking.c').read_text()}")
    assert set(cell.result) == {"text/html", "text/plain", MIME}
    assert (cell.report["outcome"], cell.report["language"], cell.report["file"]) == ("passed", "c", "is_port_open.c")
    assert "✓ passed" in cell.text
    assert 'class="report passed"' in cell.result["text/html"]
    assert "\x1b" not in cell.text


def test_the_report_is_as_the_schema_says(kernel: Kernel) -> None:
    """Programs that read notebooks read what --format json gives."""
    report = kernel.ok(f"%%submit is-port-open --only closed-port\n{CLOSED}").report
    schema = json.loads(SCHEMA.read_text())
    jsonschema.validate({"schema": 1, "reports": [report]}, schema)


def test_it_judges_as_the_command_does(kernel: Kernel, tmp_path: Path) -> None:
    """The same code and seed: the same outcome of each check."""
    file = tmp_path / "is_port_open.py"
    file.write_text(CLOSED)
    answer = socklab("check", file, "--seed", 5, "--format", "json", cwd=tmp_path)
    expected = json.loads(answer.out)["reports"][0]["results"]
    found = kernel.ok(f"%%submit is-port-open --seed 5\n{CLOSED}").report
    assert [(r["slug"], r["outcome"]) for r in found["results"]] == [(r["slug"], r["outcome"]) for r in expected]
    assert found["seed"] == 5


def test_a_failing_submission_is_a_result_and_no_error(kernel: Kernel) -> None:
    """The next cell finds it in `_` and by the name after --into."""
    cell = kernel.ok(f"%%submit is-port-open --only open-port --into mine\n{CLOSED}")
    assert cell.report["outcome"] == "failed"
    assert kernel.ok("mine is _, mine.passed, mine.report.outcome").text == "(True, False, 'failed')"


def test_what_does_not_build_is_a_result_too(kernel: Kernel) -> None:
    """With the line as the cell counts it: the line of the magic is the first one."""
    cell = kernel.ok("%%submit is-port-open\n#include <errno.h>\nint is_port_open(int port) { return 1 }\n")
    assert cell.report["outcome"] == "ungradable"
    assert cell.report["diagnostics"][0]["line"] == 3
    assert "! Ungradable" in kernels.texts(cell)[-1]


def test_lines_have_the_numbers_that_the_cell_shows(kernel: Kernel) -> None:
    """A recorded call names the line in which a learner sees it."""
    code = (
        "%%submit is-port-open --only closed-port\n"
        "import socket\n"
        "\n"
        "def is_port_open(port):\n"
        "    s = socket.socket()\n"
        "    s.connect(('127.0.0.1', port))\n"
    )
    (check,) = [r for r in kernel.ok(code).report["results"] if r["slug"] == "closed-port"]
    assert [(call["name"], call["line"]) for call in check["calls"]][:2] == [("socket", 5), ("connect", 6)]


@pytest.mark.parametrize(
    ("code", "language"),
    [
        ("#include <errno.h>\n", "c"),
        ("  #  include <errno.h>\n", "c"),
        ("int is_port_open(int port)\n{\n}\n", "c"),
        ("static inline int\tis_port_open (int port) { return 1; }\n", "c"),
        ("extern int *is_port_open(int);\n", "c"),
        ("def is_port_open(port):\n    return 1\n", "python"),
        ("async def is_port_open(port):\n    return 1\n", "python"),
        ("# include this\nprint(is_port_open(3))\n", "python"),
        ("    return is_port_open(port)\n", "python"),
        ("x = 3\n", "python"),
    ],
)
def test_the_language_is_guessed_from_the_code(code: str, language: str) -> None:
    """C shows itself by a header or by how a function begins."""
    from socklab import catalog
    from socklab.notebook.asking import guessed_language

    assert guessed_language(catalog.find("is-port-open"), code) == language


def test_a_language_that_is_said_counts(kernel: Kernel) -> None:
    """Whatever the code looks like."""
    cell = kernel.ok("%%submit is-port-open --lang c\n/* def is_port_open(port): */\n")
    assert (cell.report["language"], cell.report["outcome"]) == ("c", "ungradable")


def test_the_picture_changes_while_checks_run(kernel: Kernel) -> None:
    """One output, replaced: getting ready, so many of so many checks and what fails, and at last the verdict in one line."""
    slow = "import time\ndef is_port_open(port):\n    time.sleep(0.05)\n    return 0\n"
    cell = kernel.ok(f"%%submit is-port-open\n{slow}")
    first, *between, last = kernels.texts(cell)
    assert first == "is-port-open: getting it ready …"
    assert all(re.match(r"is-port-open: \d+ of 5\d checks(\n|$)", text) for text in between)
    assert any("\n✗ " in text for text in between)
    assert last.startswith("✗ Failed · ")
    assert last.count("\n") == 0
    kinds = [m["msg_type"] for m in cell.messages if "display" in m["msg_type"]]
    assert kinds == ["display_data", *["update_display_data"] * (len(between) + 1)]


def test_the_picture_has_a_square_for_each_check(kernel: Kernel) -> None:
    """Those that have run say how; a bonus that was missed is no failure, and of many failures only some are named."""
    events = [
        {"slug": f"check-{number}", "title": f"<title {number}>", "points": 1, "bonus": number == 9}
        for number in range(12)
    ]
    outcomes = ["passed", "skipped", *["failed"] * 8]
    cell = kernel.ok(
        "from socklab import catalog\n"
        "from socklab.notebook.live import Live\n"
        "live = Live(catalog.find('is-port-open'))\n"
        f"live.tell({{'event': 'begun', 'checks': {events}}})\n"
        f"for number, outcome in enumerate({outcomes}):\n"
        "    live.tell({'event': 'ran', 'slug': f'check-{number}', 'outcome': outcome})\n"
        "live.stopped()"
    )
    drawn = cell.pictures[-1]["text/html"]
    kinds = {"passed": 1, "skipped": 2, "failed": 7, "open": 2}
    assert {kind: drawn.count(f'<span class="{kind}"') for kind in kinds} == kinds
    assert kernels.texts(cell)[-1].split("\n") == [
        "is-port-open: stopped",
        *(f"✗ <title {number}>" for number in range(2, 6)),
        "3 more",
    ]
    assert "<title" not in drawn


@pytest.mark.parametrize(
    ("line", "parts"),
    [
        ("is-port-opn", ["no exercise called 'is-port-opn'", "Did you mean is-port-open?"]),
        ("", ["which exercise?", "%%submit is-port-open"]),
        ("is-port-open --frob", ["unrecognized arguments: --frob", "%%submit?"]),
        ("is-port-open --lang cobol", ["invalid choice: 'cobol'"]),
        ("is-port-open --seed x", ["'x' is no seed"]),
        ("is-port-open --only frob", ["no check called 'frob'"]),
        ("is-port-open --hints 7", ["--hints", "7"]),
        ("is-port-open --into 1st", ["--into 1st", "no name"]),
        ("is-port-open 'open", ["No closing quotation"]),
    ],
)
def test_wrong_usage_is_refused_in_one_line(kernel: Kernel, line: str, parts: list[str]) -> None:
    """No traceback, and the cell counts as failed, so that nothing that is queued runs."""
    said = kernel.refused(f"%%submit {line}\n{CLOSED}")
    for part in ("UsageError: ", *parts):
        assert part in said


def test_an_empty_cell_is_refused(kernel: Kernel) -> None:
    """It says where the code belongs."""
    assert "the cell is empty" in kernel.refused("%%submit is-port-open\n   \n")


def test_a_nul_byte_is_refused_without_a_path_of_ours(kernel: Kernel) -> None:
    """What the command says of a file, it says of the cell, by the name that a report would give it."""
    said = kernel.refused("%%submit is-port-open\ndef is_port_open(port):\n    return '\0'\n")
    assert "is_port_open.py: this is a binary file" in said
    assert "/socklab-cell-" not in said


def test_what_a_machine_lacks_is_said_in_one_line(tmp_path: Path) -> None:
    """Without a compiler C cannot be graded; that is not the learner's fault, and no result."""
    with kernels.started(tmp_path, {"PATH": str(tmp_path)}) as kernel:
        said = kernel.refused("%%submit is-port-open\nint is_port_open(int port) { return port; }\n")
    assert said.startswith("socklab: ")
    assert "gcc" in said


def test_a_learner_may_have_opened_many_descriptors(tmp_path: Path, temporary: Path) -> None:
    """More than select(2) can take are no hindrance; where there is none left, that is said in one line."""
    with kernels.started(tmp_path, {"TMPDIR": str(temporary)}) as kernel:
        kernel.ok("import os, resource\nresource.setrlimit(resource.RLIMIT_NOFILE, (2000, 2000))")
        kernel.ok("many = [os.dup(0) for _ in range(1500)]")
        assert kernel.ok(f"%%submit is-port-open --only port-0\n{CLOSED}").report["outcome"] == "failed"
        code = "try:\n    while True: many.append(os.dup(0))\nexcept OSError: pass\nfor fd in many[-2:]: os.close(fd)"
        kernel.ok(code)
        said = kernel.run(f"%%submit is-port-open --only port-0\n{CLOSED}").error
    assert list(temporary.iterdir()) == []
    assert said == "socklab: this machine has too little of something: Too many open files. Nothing was graded."


def test_hints_are_as_many_as_asked_for(kernel: Kernel) -> None:
    """In HTML and in text."""

    def texts(hints: int) -> tuple[str, str]:
        data = kernel.ok(f"%%submit is-port-open --only open-port --hints {hints}\n{CLOSED}").result
        return data["text/html"], data["text/plain"]

    assert all("A connect() to 127.0.0.1 that succeeds means" not in text for text in texts(0))
    assert all("A connect() to 127.0.0.1 that succeeds means" in text for text in texts(1))
    assert "hint 2" not in texts(1)[1]
    assert "hint 2" in texts(2)[1]


def test_options_reach_the_grader(kernel: Kernel, solutions: Path) -> None:
    """The tier and the checks that were asked for, and no sanitizer build."""
    right = (solutions / "right" / "blocking.c").read_text()
    report = kernel.ok(f"%%submit is-port-open --tier shared --only port-0 --only port-65536\n{right}").report
    assert (report["tier"], report["tier_reason"]) == ("shared", "asked for")
    asked_for_and_needed = {r["slug"] for r in report["results"]}
    assert asked_for_and_needed == {"port-0", "port-65536", "open-port"}
    report = kernel.ok(f"%%submit is-port-open --no-sanitizer\n{right}").report
    assert [r["slug"] for r in report["results"] if r["outcome"] == "skipped"] == ["memory"]


def test_how_to_repeat_it_is_said_as_one_types_it_here(kernel: Kernel) -> None:
    """The magic, with the seed; no command line."""
    cell = kernel.ok(f"%%submit is-port-open --only open-port\n{CLOSED}")
    assert f"%%submit is-port-open --seed {cell.report['seed']}" in cell.result["text/html"]
    assert "socklab check" not in cell.result["text/html"]


def test_the_result_gives_checks_mistakes_and_a_frame(kernel: Kernel) -> None:
    """By number, by slice and by name; as a table where there is pandas."""
    code = "import socket\ndef is_port_open(port):\n    return int(bool(socket.socket().connect_ex(('127.0.0.1', port))))\n"
    kernel.ok(f"%%submit is-port-open --into r\n{code}")
    assert (
        kernel.ok("r.checks['open-port'] is r.checks[0], len(r.checks) > 50, len(r.checks[:3])").text
        == "(True, True, 3)"
    )
    assert kernel.ok("r.checks[:1]").text == "✗ open-port   3  a port that somebody listens on is open"
    assert "there is: open-port" in kernel.run("r.checks['frob']").error
    assert kernel.ok("[m.slug for m in r.mistakes]").text == "['inverted-answer']"
    assert kernel.ok("r.mistakes").text.startswith("open and closed are exchanged (line 4)\n")
    assert kernel.ok("int(r.frame().loc['open-port', 'points']), len(r.frame()) == len(r.checks)").text == "(3, True)"


def test_without_pandas_a_frame_says_what_to_do(tmp_path: Path) -> None:
    """And all else works."""
    (tmp_path / "pandas.py").write_text("raise ImportError\n")
    with kernels.started(tmp_path) as kernel:
        kernel.ok(f"%%submit is-port-open --only open-port --into r\n{CLOSED}")
        assert "%pip install pandas" in kernel.refused("r.frame()")


def test_a_grade_counts_for_the_list_of_exercises(tmp_path: Path, solutions: Path) -> None:
    """It is in the history, once, under the notebook's name."""
    state = {"SOCKLAB_HISTORY": "on", "XDG_STATE_HOME": str(tmp_path)}
    notebook = str(tmp_path / "first.ipynb")
    with kernels.started(tmp_path, {**state, "JPY_SESSION_NAME": notebook}) as kernel:
        kernel.ok(f"%%submit is-port-open\n{(solutions / 'right' / 'blocking.py').read_text()}")
    lines = [json.loads(line) for line in (tmp_path / "socklab" / "history.jsonl").read_text().splitlines()]
    assert [(line["outcome"], line["file"]) for line in lines] == [("passed", notebook)]
    assert "passed in python" in socklab("list", cwd=tmp_path, env=state).out


def test_a_learners_file_beside_the_notebook_is_not_taken_for_pythons(tmp_path: Path, solutions: Path) -> None:
    """A socket.py or a json.py in the folder of the notebook changes no grade."""
    with kernels.started(tmp_path) as kernel:
        for name in ("socket", "json", "select", "socklab"):
            (tmp_path / f"{name}.py").write_text("raise SystemExit(name)\n")
        right = (solutions / "right" / "blocking.py").read_text()
        assert kernel.ok(f"%%submit is-port-open\n{right}").report["outcome"] == "passed"


def test_it_speaks_korean(tmp_path: Path) -> None:
    """The picture, the report, help and refusals."""
    with kernels.started(tmp_path, {"LANGUAGE": "ko", "LANG": "ko_KR.UTF-8"}) as kernel:
        cell = kernel.ok(f"%%submit is-port-open --only open-port\n{CLOSED}")
        shown = [kernels.texts(cell)[0], kernels.texts(cell)[-1], cell.text, cell.result["text/html"]]
        shown += [kernel.refused("%%submit is-port-opn\nx"), kernel.refused("%%submit is-port-open --frob\nx")]
        help_page = kernel.ok("%%submit?").reply["payload"][0]["data"]["text/plain"]
    for text in (*shown, help_page):
        assert any("가" <= letter <= "힣" for letter in text), text
    assert 'lang="ko"' in cell.result["text/html"]


def test_it_can_be_loaded_again_and_unloaded(tmp_path: Path) -> None:
    """%reload_ext closes the scene that is open; after %unload_ext there are neither magics nor `submit`."""
    with kernels.started(tmp_path) as kernel:
        kernel.ok("s = %scene is-port-open open-port")
        kernel.ok("%reload_ext socklab")
        assert kernel.ok("s.is_open").text == "False"
        kernel.ok("%unload_ext socklab")
        assert kernel.ok("'submit' in globals()").text == "False"
        assert "not found" in kernel.refused(f"%%submit is-port-open\n{CLOSED}")
