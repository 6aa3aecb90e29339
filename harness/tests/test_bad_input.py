"""Whatever is handed in or asked for: one clear line, the right exit code, and nobody else suffers."""

import os
import shlex
import shutil
import subprocess
from pathlib import Path

import pytest
from front_door import (
    COMMAND,
    Answer,
    as_ordinary_user,
    assert_complains,
    assert_printable,
    assert_refused,
    assert_wrong_usage,
    changed,
    reports,
    run,
    socklab,
)

QUICK = ("--only", "open-port")
ESCAPES = "\x1b[31mred\x07"


def check(content: str | bytes, tmp_path: Path, name: str = "mine.c") -> Answer:
    """`socklab check is-port-open` of a file with that content."""
    (tmp_path / name).write_bytes(content.encode() if isinstance(content, str) else content)
    return socklab("check", "is-port-open", name, cwd=tmp_path)


# -- what is no file -------------------------------------------------------------------------------------------------


def test_a_missing_file_is_named_with_the_folder_that_was_looked_in(tmp_path: Path) -> None:
    """A typo in the name is the commonest mistake of all."""
    answer = socklab("check", "is_port_open.c", cwd=tmp_path)
    assert_refused(answer, 2, "is_port_open.c: there is no such file", str(tmp_path))


def test_a_missing_file_is_missing_whatever_it_is_called(tmp_path: Path) -> None:
    """That the name tells no exercise is not worth saying about a file that is not there."""
    assert_refused(socklab("check", "is_port_opn.c", cwd=tmp_path), 2, "is_port_opn.c: there is no such file")


def test_a_folder_is_no_submission(tmp_path: Path) -> None:
    """A folder is refused as one, with advice."""
    (tmp_path / "mine").mkdir()
    assert_refused(socklab("check", "is-port-open", "mine", cwd=tmp_path), 2, "mine: that is a folder", "Name one file")


def test_a_folder_named_like_the_exercise_does_not_hide_it(tmp_path: Path) -> None:
    """`socklab start is-port-open is-port-open` makes such a folder; the exercise can still be named."""
    socklab("start", "is-port-open", "is-port-open", cwd=tmp_path)
    answer = socklab("check", "is-port-open", "is-port-open/is_port_open.c", *QUICK, cwd=tmp_path)
    assert (answer.code, answer.err) == (1, "")


def test_a_dangling_link_is_no_file(tmp_path: Path) -> None:
    """A link to nothing is a missing file."""
    (tmp_path / "mine.c").symlink_to("nothing.c")
    assert_refused(socklab("check", "is-port-open", "mine.c", cwd=tmp_path), 2, "mine.c: there is no such file")


def test_a_link_to_itself_is_no_file(tmp_path: Path) -> None:
    """A loop of links ends at once."""
    (tmp_path / "mine.c").symlink_to("mine.c")
    assert_refused(socklab("check", "is-port-open", "mine.c", cwd=tmp_path), 2, "mine.c", "symbolic links")


def test_a_pipe_nobody_writes_to_does_not_hang(tmp_path: Path) -> None:
    """A FIFO is refused without waiting for a writer."""
    os.mkfifo(tmp_path / "mine.c")
    assert_refused(socklab("check", "is-port-open", "mine.c", cwd=tmp_path), 2, "mine.c: that is no ordinary file")


@pytest.mark.parametrize("device", ["/dev/zero", "/dev/tty", "/dev/null"])
def test_a_device_is_never_read(device: str, tmp_path: Path) -> None:
    """A file without an end, by its own name or behind a link, is refused."""
    (tmp_path / "mine.c").symlink_to(device)
    for word in (device, "mine.c"):
        assert_refused(socklab("check", "is-port-open", word, cwd=tmp_path), 2, word)


def test_an_unreadable_file_is_refused_with_the_command_that_mends_it(right_c: Path, tmp_path: Path) -> None:
    """The answer to missing permission is chmod."""
    right_c.chmod(0)
    answer = socklab("check", right_c.name, cwd=tmp_path, before=as_ordinary_user())
    assert_refused(answer, 2, "is_port_open.c: it may not be read", "chmod u+r is_port_open.c")


# -- what is no source text ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("content", ["", " \n\t\r\n\n"], ids=["empty", "whitespace only"])
def test_an_empty_file_cannot_be_graded(content: str, tmp_path: Path) -> None:
    """Most often it was not saved; the line says so."""
    assert_refused(check(content, tmp_path), 3, "mine.c: the file is empty", "save")


def test_a_binary_cannot_be_graded(tmp_path: Path) -> None:
    """A compiled program in place of its source is recognised."""
    assert_refused(check(b"\x7fELF\x02\x01\x01\0\0\0", tmp_path), 3, "mine.c: this is a binary file", ".c or .py")


def test_text_that_is_not_utf_8_is_refused_with_the_line(tmp_path: Path) -> None:
    """The byte and its line are named."""
    answer = check(b"int x;\nint y;\n/* caf\xe9 */\n", tmp_path)
    assert_refused(answer, 3, "mine.c, line 3: byte 0xe9 is not UTF-8", "Save")


def test_five_megabytes_are_too_much(tmp_path: Path) -> None:
    """The limit is named together with the size."""
    assert_refused(
        check("/*" + "x" * 5_000_000 + "*/", tmp_path), 3, "mine.c: 5,000,004 bytes are too many", "1,000,000"
    )


def test_a_byte_order_mark_is_no_obstacle(right_c: Path, tmp_path: Path) -> None:
    """Editors elsewhere begin UTF-8 files with one."""
    for name, text in (("mine.c", right_c.read_text()), ("mine.py", "def is_port_open(port):\n    return -1\n")):
        (tmp_path / name).write_bytes(b"\xef\xbb\xbf" + text.encode())
        assert socklab("check", "is-port-open", name, *QUICK, cwd=tmp_path).code == (0 if name == "mine.c" else 1)


# -- what does not build ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "content", "said", "line"),
    [
        ("mine.c", "int is_port_open(int port)\n{\n    return 1\n}\n", "line 3: expected", "3 |     return 1"),
        (
            "mine.py",
            "def is_port_open(port):\n    return (1\n",
            "line 2: SyntaxError: '(' was never closed",
            "2 |     return (1",
        ),
    ],
)
def test_a_syntax_error_is_shown_with_its_line(name: str, content: str, said: str, line: str, tmp_path: Path) -> None:
    """The learner sees where, what, and the line itself."""
    answer = check(content, tmp_path, name)
    assert answer.code == 3
    for part in ("! cannot be graded", said, line):
        assert part in answer.out


@pytest.mark.parametrize(
    ("name", "content", "line"),
    [
        ("mine.c", "\nint is_prt_open(int port)\n{\n    return port;\n}\n", 2),
        ("mine.c", "int isPortOpen(int port)\n{\n    return port;\n}\n", 1),
        ("mine.py", "\n\ndef is_prt_open(port):\n    return port\n", 3),
        ("mine.py", "def isPortOpen(port):\n    return port\n", 1),
    ],
)
def test_a_misspelt_function_is_recognised(name: str, content: str, line: int, tmp_path: Path) -> None:
    """The name that was probably meant stands beside the one that was written, with its line."""
    answer = check(content, tmp_path, name)
    written = content.split("(")[0].split()[-1]
    said = " ".join(answer.out.split())
    assert answer.code == 3
    assert f"it has no function is_port_open; line {line}: did you mean is_port_open instead of {written}?" in said


def test_an_errno_of_ones_own_is_told_from_a_broken_compiler(tmp_path: Path) -> None:
    """Old books declare it so, and linkers say of it what only they understand."""
    answer = check("extern int errno;\nint is_port_open(int port) { return port ? errno : 0; }\n", tmp_path)
    assert answer.code == 3
    assert "write #include <errno.h>" in " ".join(answer.out.split())


@pytest.mark.parametrize(("name", "content"), [("mine.c", "int nothing;\n"), ("mine.py", "nothing = 1\n")])
def test_a_missing_function_is_named(name: str, content: str, tmp_path: Path) -> None:
    """A file with no function at all is told which one is wanted."""
    answer = check(content, tmp_path, name)
    assert answer.code == 3
    assert "it has no function is_port_open" in answer.out


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        (
            "mine.c",
            "int is_port_open(const char *host, int port)\n{\n    return host && port;\n}\n",
            "int(const char *, int)",
        ),
        ("mine.c", "void is_port_open(int port)\n{\n    (void)port;\n}\n", "void(int)"),
        ("mine.py", "def is_port_open(host, port):\n    return 1\n", "it takes 2 parameters (host, port)"),
        ("mine.py", "def is_port_open():\n    return 1\n", "it takes 0 parameters"),
    ],
)
def test_a_wrong_signature_is_shown_with_its_line(name: str, content: str, said: str, tmp_path: Path) -> None:
    """What the function is, and the line that says so."""
    answer = check(content, tmp_path, name)
    assert answer.code == 3
    assert said in " ".join(answer.out.split())
    assert f"1 | {content.splitlines()[0]}" in answer.out


def test_a_module_that_is_not_there_is_named(tmp_path: Path) -> None:
    """Submissions have Python's own library and no more."""
    answer = check("import numpyy\n\ndef is_port_open(port):\n    return 1\n", tmp_path, "mine.py")
    assert answer.code == 3
    assert "line 1: ModuleNotFoundError: No module named 'numpyy'" in answer.out


@pytest.mark.parametrize("suffix", [".c", ".py"])
def test_an_unchanged_starter_fails(suffix: str, exercises: Path, tmp_path: Path) -> None:
    """It builds and is graded, and it is not right yet."""
    starter = exercises / "is-port-open" / f"starter{suffix}"
    answer = socklab("check", starter, cwd=tmp_path)
    assert (answer.code, answer.err) == (1, "")
    assert "First thing to fix" in answer.out


# -- wrong words -----------------------------------------------------------------------------------------------------


def test_an_unknown_suffix_is_refused_with_those_there_are(tmp_path: Path) -> None:
    """The languages on offer are named."""
    (tmp_path / "is_port_open.rs").write_text("fn main() {}\n")
    assert_refused(socklab("check", "is_port_open.rs", cwd=tmp_path), 2, "is_port_open.rs:", ".c or .py", "not .rs")


def test_a_file_without_suffix_is_refused(tmp_path: Path) -> None:
    """A compiled program often lies beside its source."""
    (tmp_path / "is_port_open").write_text("int x;\n")
    assert_refused(socklab("check", "is_port_open", cwd=tmp_path), 2, "is_port_open:", ".c or .py", "without a suffix")


def test_a_misspelt_exercise_is_recognised(right_c: Path, tmp_path: Path) -> None:
    """The nearest name is offered."""
    answer = socklab("check", "is-port-opne", right_c.name, cwd=tmp_path)
    assert_refused(answer, 2, "no exercise called 'is-port-opne'", "Did you mean is-port-open?")


def test_an_unknown_exercise_is_answered_with_those_there_are(right_c: Path, tmp_path: Path) -> None:
    """Without a near name all names are shown."""
    assert_refused(socklab("check", "zzz", right_c.name, cwd=tmp_path), 2, "no exercise called 'zzz'", "is-port-open")


def test_an_exercise_without_a_file_is_told_what_is_missing(tmp_path: Path) -> None:
    """The command to try is in the line."""
    assert_refused(socklab("check", "is-port-open", cwd=tmp_path), 2, "which file?", "socklab check is-port-open FILE")


def test_a_file_name_that_tells_no_exercise_is_told_how_to_name_one(right_c: Path, tmp_path: Path) -> None:
    """Both ways out are in the line."""
    right_c.rename(tmp_path / "mine.c")
    assert_refused(
        socklab("check", "mine.c", cwd=tmp_path), 2, "mine.c:", "socklab check EXERCISE mine.c", "is_port_open.c"
    )


@pytest.mark.parametrize("seed", ["-1", "x", str(2**31), "1.5", ""])
def test_a_bad_seed_is_refused_with_the_range(seed: str, right_c: Path, tmp_path: Path) -> None:
    """What a seed is stands in the line."""
    answer = socklab("check", right_c.name, "--seed", seed, cwd=tmp_path)
    assert_wrong_usage(answer, f"{seed!r} is no seed", "0 to 2147483647")


def test_the_largest_seed_is_taken(right_c: Path, tmp_path: Path) -> None:
    """The range that is named is the range that is taken."""
    assert [r["seed"] for r in reports(right_c.name, "--seed", str(2**31 - 1), *QUICK, cwd=tmp_path)] == [2**31 - 1]


def test_a_misspelt_check_is_recognised(right_c: Path, tmp_path: Path) -> None:
    """The nearest name is offered."""
    answer = socklab("check", right_c.name, "--only", "open-prt", cwd=tmp_path)
    assert_refused(answer, 2, "is-port-open has no check called 'open-prt'", "Did you mean open-port?")


def test_an_unknown_check_is_answered_with_those_there_are(right_c: Path, tmp_path: Path) -> None:
    """Without a near name all names are shown."""
    assert_refused(socklab("check", right_c.name, "--only", "zzz", cwd=tmp_path), 2, "'zzz'", "closed-port", "memory")


def test_an_unknown_format_is_answered_with_those_there_are(right_c: Path, tmp_path: Path) -> None:
    """The formats are named."""
    answer = socklab("check", right_c.name, "--format", "jsn", cwd=tmp_path)
    assert_wrong_usage(answer, "--format", "'jsn'", "html", "json", "junit", "terminal")


def test_an_unknown_command_is_answered_with_those_there_are(tmp_path: Path) -> None:
    """The commands are named."""
    assert_wrong_usage(socklab("chekc", cwd=tmp_path), "'chekc'", "check", "doctor")


# -- names that are awkward ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "name", ["my port.c", "-mine.c", "x" * 198 + ".c", "포트가열려있나.c", "a'b\"c$d;e.c", "two\nlines.c"]
)
def test_an_awkward_name_is_a_name(name: str, right_c: Path, tmp_path: Path) -> None:
    """A file is graded whatever it is called, and the report bears its name."""
    right_c.rename(tmp_path / name)
    answer = socklab("check", *QUICK, "is-port-open", "--", name, cwd=tmp_path)
    assert (answer.code, answer.err) == (0, "")
    assert answer.out.startswith(name.split("\n")[0])


@pytest.mark.parametrize("format_name", ["terminal", "json", "junit", "html"])
def test_a_name_that_is_not_utf_8_is_a_name(format_name: str, right_c: Path, tmp_path: Path) -> None:
    """File names are bytes; every report finds a way to show them."""
    os.rename(right_c, os.fsencode(tmp_path) + b"/caf\xe9.c")
    answer = socklab("check", *QUICK, "--format", format_name, "is-port-open", os.fsdecode(b"caf\xe9.c"), cwd=tmp_path)
    assert (answer.code, answer.err) == (0, "")
    assert "caf" in answer.out


def test_escape_sequences_in_a_name_do_not_reach_the_terminal(right_c: Path, tmp_path: Path) -> None:
    """A report shows control characters and obeys none."""
    right_c.rename(tmp_path / f"{ESCAPES}.c")
    answer = socklab("check", *QUICK, "is-port-open", f"{ESCAPES}.c", cwd=tmp_path)
    assert (answer.code, answer.err) == (0, "")
    assert "red" in answer.out
    assert_printable(answer.out)


@pytest.mark.parametrize(
    "words",
    [
        ("is-port-open", f"{ESCAPES}.c"),
        (f"{ESCAPES}.c",),
        (f"is-port-open{ESCAPES}", "is_port_open.c"),
        ("is_port_open.c", "--only", f"open-port{ESCAPES}"),
        ("is_port_open.c", "--output", f"missing/{ESCAPES}.txt"),
        ("is-port-open", "two\nlines.c"),
    ],
    ids=["missing file", "file without exercise", "exercise", "check", "output", "newline"],
)
def test_escape_sequences_in_an_error_do_not_reach_the_terminal(
    words: tuple[str, ...], right_c: Path, tmp_path: Path
) -> None:
    """An error is one line of plain text, whatever it has to name."""
    assert_refused(socklab("check", *words, cwd=tmp_path), 2)


@pytest.mark.parametrize(
    "words", [("--seed", ESCAPES), ("--format", ESCAPES), (f"--{ESCAPES}",)], ids=["seed", "format", "option"]
)
def test_escape_sequences_in_an_option_do_not_reach_the_terminal(
    words: tuple[str, ...], right_c: Path, tmp_path: Path
) -> None:
    """The same for what the command line itself refuses."""
    assert_wrong_usage(socklab("check", right_c.name, *words, cwd=tmp_path))


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("mine.c", f'int is_port_open(int port)\n{{\n    return "{ESCAPES}"\n}}\n'),
        ("mine.c", f'#error "{ESCAPES}"\n'),
        ("mine.py", f'raise ValueError("{ESCAPES}")\n'),
        ("mine.py", f'def is_port_open(port):\n    raise OSError("{ESCAPES}")\n'),
        ("mine.py", f'def is_port_open(port):\n    print("{ESCAPES}")\n    return "{ESCAPES}"\n'),
    ],
)
def test_escape_sequences_in_a_submission_do_not_reach_the_terminal(name: str, content: str, tmp_path: Path) -> None:
    """Neither from its source, nor from what it says or answers."""
    answer = check(content, tmp_path, name)
    assert answer.code in (1, 3)
    assert_printable(answer.out + answer.err)


@pytest.mark.parametrize("coding", ["ascii", "latin-1"])
def test_a_terminal_without_unicode_gets_its_report_all_the_same(coding: str, right_c: Path, tmp_path: Path) -> None:
    """What its encoding lacks is replaced."""
    answer = socklab("check", right_c.name, *QUICK, cwd=tmp_path, env={"PYTHONIOENCODING": coding})
    assert answer.code == 0
    assert "passed" in answer.out


# -- several files ---------------------------------------------------------------------------------------------------


def test_one_bad_file_among_three_does_not_keep_the_others_from_being_graded(
    right_c: Path, right_py: Path, tmp_path: Path
) -> None:
    """Two reports, one complaint."""
    (tmp_path / "empty.c").touch()
    answer = socklab("check", "is-port-open", right_c.name, "empty.c", right_py.name, *QUICK, cwd=tmp_path)
    assert_complains(answer, 3, "empty.c: the file is empty")
    assert answer.out.count("✓ passed") == 2
    assert [line.split("  ")[0] for line in answer.out.splitlines() if "Is anything listening?" in line] == [
        right_c.name,
        right_py.name,
    ]


@pytest.mark.parametrize(
    ("names", "code"),
    [
        (("is_port_open.c", "failing.c"), 1),
        (("failing.c", "ungradable.c", "is_port_open.c"), 3),
        (("ungradable.c", "missing.c", "failing.c"), 2),
        (("missing.c", "is_port_open.c"), 2),
    ],
)
@pytest.mark.usefixtures("right_c", "failing_c", "ungradable_c")
def test_the_exit_code_is_that_of_the_worst_file(names: tuple[str, ...], code: int, tmp_path: Path) -> None:
    """Wrong usage before ungradable before failed before passed."""
    assert socklab("check", "is-port-open", *names, *QUICK, cwd=tmp_path).code == code


# -- a machine that lacks something ----------------------------------------------------------------------------------


@pytest.fixture
def without_compiler(tmp_path: Path) -> dict[str, str | None]:
    """An environment in which there is bubblewrap but no C compiler."""
    folder = tmp_path / "programs"
    folder.mkdir()
    program = shutil.which("bwrap")
    assert program
    (folder / "bwrap").symlink_to(program)
    return {"PATH": str(folder), "CC": None}


def test_without_a_compiler_c_is_refused_with_the_command_that_installs_one(
    right_c: Path, tmp_path: Path, without_compiler: dict[str, str | None]
) -> None:
    """It is the machine's fault and not the learner's."""
    assert_refused(
        socklab("check", right_c.name, cwd=tmp_path, env=without_compiler), 4, "No C compiler", "apt-get install", "gcc"
    )


def test_without_a_compiler_python_is_still_graded(
    right_py: Path, tmp_path: Path, without_compiler: dict[str, str | None]
) -> None:
    """The checks that need the recorder are skipped, with the reason, and cost nothing."""
    answer = socklab("check", right_py.name, cwd=tmp_path, env=without_compiler)
    assert (answer.code, answer.err) == (0, "")
    assert "could not run: it needs the recorder, and that needs a C compiler" in " ".join(answer.out.split())


def test_checks_that_could_not_run_are_named(
    right_py: Path, tmp_path: Path, without_compiler: dict[str, str | None]
) -> None:
    """Whoever reads the report sees what was left out, not only how much."""
    said = " ".join(socklab("check", right_py.name, cwd=tmp_path, env=without_compiler).out.split())
    skipped = [
        r for r in reports(right_py.name, cwd=tmp_path, env=without_compiler)[0]["results"] if r["outcome"] == "skipped"
    ]
    assert skipped
    assert [r["title"] for r in skipped if r["title"] not in said] == []


def test_without_a_compiler_one_c_file_does_not_keep_python_from_being_graded(
    right_c: Path, right_py: Path, tmp_path: Path, without_compiler: dict[str, str | None]
) -> None:
    """The worst exit code, and every report that can be had."""
    (tmp_path / "empty.c").touch()
    answer = socklab(
        "check", "is-port-open", right_c.name, "empty.c", right_py.name, cwd=tmp_path, env=without_compiler
    )
    assert answer.code == 4
    assert "No C compiler" in answer.err
    assert "empty.c: the file is empty" in answer.err
    assert "✓ passed" in answer.out


@pytest.mark.parametrize("language", ["c", "python"])
def test_without_bubblewrap_the_shared_tier_is_used_and_named(
    language: str, right_c: Path, right_py: Path, tmp_path: Path
) -> None:
    """The report says in which tier it graded, why, and what was left out."""
    compiler = shutil.which("gcc")
    empty = tmp_path / "programs"
    empty.mkdir()
    file = right_c if language == "c" else right_py
    answer = socklab("check", file.name, cwd=tmp_path, env={"PATH": str(empty), "CC": compiler})
    assert (answer.code, answer.err) == (0, "")
    assert "shared network (bubblewrap is not installed)" in answer.out
    assert "could not run: it needs a private network" in answer.out


def test_without_bubblewrap_the_private_tier_cannot_be_insisted_on(right_c: Path, tmp_path: Path) -> None:
    """What was asked for is not quietly replaced."""
    empty = tmp_path / "programs"
    empty.mkdir()
    answer = socklab(
        "check", right_c.name, "--tier", "private", cwd=tmp_path, env={"PATH": str(empty), "CC": shutil.which("gcc")}
    )
    assert answer.code == 4
    assert "bubblewrap is not installed" in answer.out + answer.err


def test_a_temporary_folder_that_only_its_owner_may_enter_will_do(right_c: Path, tmp_path: Path) -> None:
    """TMPDIR often lies in somebody's home; whoever runs socklab may use it, root too."""
    private = tmp_path / "private"
    (private / "tmp").mkdir(parents=True)
    private.chmod(0o700)
    answer = socklab(
        "check", right_c.name, *QUICK, "--tier", "private", cwd=tmp_path, env={"TMPDIR": str(private / "tmp")}
    )
    assert (answer.code, answer.err) == (0, ""), answer.out
    assert "private network" in answer.out
    assert os.listdir(private / "tmp") == []


def test_a_temporary_folder_that_is_not_there_is_named(right_c: Path, tmp_path: Path) -> None:
    """The variable to set is in the line."""
    answer = socklab("check", right_c.name, cwd=tmp_path, env={"TMPDIR": str(tmp_path / "missing")})
    assert answer.code == 4
    assert "TMPDIR" in answer.out + answer.err


def test_root_of_a_container_without_other_users_can_grade(right_c: Path, tmp_path: Path, temporary: Path) -> None:
    """A rootless container maps root and little else: there is no other user to become."""
    answer = run(
        "unshare",
        "--user",
        "--map-root-user",
        "--",
        *COMMAND,
        "check",
        right_c.name,
        *QUICK,
        cwd=tmp_path,
        env={"TMPDIR": str(temporary)},
    )
    assert (answer.code, answer.err) == (0, ""), answer
    assert "passed" in answer.out
    assert os.listdir(temporary) == []


# -- where the report goes -------------------------------------------------------------------------------------------


def test_a_missing_folder_for_the_report_is_refused(right_c: Path, tmp_path: Path) -> None:
    """The path and the reason are named."""
    answer = socklab("check", right_c.name, *QUICK, "--output", "missing/report.txt", cwd=tmp_path)
    assert_refused(answer, 2, "missing/report.txt: cannot be written", "No such file or directory")


def test_a_read_only_folder_for_the_report_is_refused(right_c: Path, tmp_path: Path) -> None:
    """The path and the reason are named."""
    folder = tmp_path / "read-only"
    folder.mkdir(mode=0o555)
    answer = socklab(
        "check", right_c.name, *QUICK, "--output", "read-only/report.txt", cwd=tmp_path, before=as_ordinary_user()
    )
    assert_refused(answer, 2, "read-only/report.txt: cannot be written", "Permission denied")


def test_a_report_that_is_a_folder_is_refused(right_c: Path, tmp_path: Path) -> None:
    """With advice to name a file in it."""
    (tmp_path / "folder").mkdir()
    answer = socklab("check", right_c.name, *QUICK, "--output", "folder", cwd=tmp_path)
    assert_refused(answer, 2, "folder: that is a folder; name a file in it")


def test_a_full_device_is_said_to_be_full(right_c: Path, tmp_path: Path) -> None:
    """/dev/full takes nothing."""
    assert_refused(
        socklab("check", right_c.name, *QUICK, "--output", "/dev/full", cwd=tmp_path), 4, "/dev/full: the disk is full"
    )


def test_standard_output_that_is_full_is_one_clear_line(right_c: Path, tmp_path: Path) -> None:
    """`socklab check … > report.txt` on a full disk ends with an error and not with a verdict."""
    with open("/dev/full", "w") as full:
        done = subprocess.run(
            [*COMMAND, "check", right_c.name, *QUICK],
            cwd=tmp_path,
            env=changed(),
            stdout=full,
            stderr=subprocess.PIPE,
            text=True,
            timeout=120,
        )
    assert_complains(Answer(done.returncode, "", done.stderr), 4)


def test_a_full_disk_leaves_an_existing_report_untouched(right_c: Path, tmp_path: Path) -> None:
    """Not one byte of the old report is given up for one that does not fit."""
    (tmp_path / "disk").mkdir()
    command = shlex.join(
        ["unshare", "--user", "--map-user=1000", "--map-group=1000", "--", *COMMAND, "check", right_c.name, *QUICK]
    )
    script = (
        "mount -t tmpfs -o size=16k none disk && echo old > disk/report.txt && { head -c 64k /dev/zero > disk/rest; }\n"
        f"{command} --output disk/report.txt >out 2>err; echo $? > code; ls -A disk > left; cp disk/report.txt kept"
    )
    run("unshare", "--user", "--map-root-user", "--mount", "--", "sh", "-c", script, cwd=tmp_path)
    code, out, err, left, kept = ((tmp_path / name).read_text() for name in ("code", "out", "err", "left", "kept"))
    assert_refused(Answer(int(code), out, err), 4, "disk/report.txt: the disk is full", "untouched")
    assert kept == "old\n"
    assert left.split() == ["report.txt", "rest"]


def test_an_existing_report_is_replaced_whole(right_c: Path, tmp_path: Path) -> None:
    """Whoever reads the old one at that moment reads it to its end; the new one has nothing of it."""
    path = tmp_path / "report.json"
    old = "old " * 100_000
    path.write_text(old)
    with path.open() as reader:
        answer = socklab("check", right_c.name, *QUICK, "--format", "json", "--output", path.name, cwd=tmp_path)
        assert (answer.code, answer.out) == (0, "")
        assert reader.read() == old
    assert path.read_text().startswith("{")
    assert path.read_text().endswith("}\n")
    assert sorted(os.listdir(tmp_path)) == ["is_port_open.c", "report.json"]


@pytest.mark.parametrize("name", ["포" * 83 + ".txt", "r" * 251 + ".txt"], ids=["Korean", "255 letters"])
def test_a_report_may_have_any_name_that_a_file_may_have(name: str, right_c: Path, tmp_path: Path) -> None:
    """A name of up to 255 bytes, in any script."""
    answer = socklab("check", right_c.name, *QUICK, "--output", name, cwd=tmp_path)
    assert answer.code == 0, answer.err
    assert "✓ passed" in (tmp_path / name).read_text()


def test_a_report_can_be_written_to_standard_output_by_its_name(right_c: Path, tmp_path: Path) -> None:
    """/dev/stdout is where the report goes when it is a pipe."""
    answer = socklab("check", right_c.name, *QUICK, "--output", "/dev/stdout", cwd=tmp_path)
    assert answer.code == 0
    assert "✓ passed" in answer.out


def test_a_link_to_standard_output_stays_a_link(right_c: Path, tmp_path: Path) -> None:
    """/dev/stdout is such a link; it must not be replaced by a report when standard output is a file."""
    (tmp_path / "link").symlink_to("/proc/self/fd/1")
    with (tmp_path / "out").open("w+") as out:
        argv = [*COMMAND, "check", right_c.name, *QUICK, "--output", "link"]
        done = subprocess.run(argv, cwd=tmp_path, env=changed(), stdout=out, stderr=subprocess.PIPE, timeout=120)
        assert done.returncode == 0, done.stderr
        assert (tmp_path / "link").is_symlink()
        out.seek(0)
        assert "✓ passed" in out.read()


def test_standard_input_is_left_alone(right_c: Path, tmp_path: Path) -> None:
    """Nothing waits for keys that nobody will press."""
    reading, writing = os.pipe()
    try:
        done = subprocess.run(
            [*COMMAND, "check", right_c.name, *QUICK],
            cwd=tmp_path,
            env=changed(),
            stdin=reading,
            timeout=120,
            capture_output=True,
        )
    finally:
        os.close(reading)
        os.close(writing)
    assert (done.returncode, "✓ passed" in done.stdout.decode()) == (0, True)
