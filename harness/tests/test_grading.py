"""Grading: what a report says of one submission, and that nothing is left behind."""

import os
from pathlib import Path

import pytest

from socklab import catalog, session, submission
from socklab.grading import Job, Options, grade
from socklab.model import FAILED, HARNESS_ERROR, PASSED, SKIPPED, UNGRADABLE, Report
from socklab.reports._failures import failures
from socklab.workshop import Workshop

EXERCISE = catalog.find("is-port-open")
RIGHT_C = Path(catalog.solutions_folder() or "") / "is-port-open" / "right" / "blocking.c"

C_HEAD = """\
#include <errno.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>
"""


def graded(source: str, suffix: str = ".c", **options: object) -> Report:
    """Grade source text."""
    return grade(EXERCISE, submission.Submission(f"is_port_open{suffix}", source.encode()), Options(**options))  # type: ignore[arg-type]


def failed(report: Report) -> set[str]:
    """The slugs of the checks that failed and count."""
    return {r.slug for r in report.counted if r.outcome == FAILED}


def test_the_tier_and_the_seed_stand_in_the_report() -> None:
    """Whoever reads a report knows how it came about."""
    report = grade(EXERCISE, submission.read(str(RIGHT_C)), Options(seed=7))
    assert (report.tier, report.seed) == ("private", 7)
    assert report.outcome == PASSED
    assert [r.slug for r in report.results if r.outcome == SKIPPED] == []


def test_a_seed_repeats_ports_and_words() -> None:
    """The same seed gives the same ports; another gives others."""
    source = (RIGHT_C.parent.parent / "wrong" / "every-failure-is-closed.c").read_text()
    words = [
        [(r.slug, r.tried, r.arranged) for r in graded(source, seed=seed).results if not r.bonus] for seed in (3, 3, 4)
    ]
    assert words[0] == words[1]
    assert words[0] != words[2]


def test_a_hard_coded_answer_earns_only_what_it_cannot_miss() -> None:
    """Without a connection there is no credit: not for 1, not for 0, not for -1."""
    for answer in (1, 0, -1):
        report = graded(f"int is_port_open(int port) {{ (void)port; return {answer}; }}")
        assert report.outcome == FAILED
        assert "open-port" in failed(report)
        assert "closed-port" in failed(report)
        assert report.points <= report.possible / 4


def test_a_forged_answer_is_not_believed() -> None:
    """A 1 without a connection that the listener saw is no 1."""
    report = graded(C_HEAD + "int is_port_open(int port) { return port > 0 && port < 65536; }")
    assert any("connection" in r.expected for r in report.results if r.slug == "open-port")


def test_a_crash_is_the_first_thing_to_mend() -> None:
    """Before a check that comes earlier; and what it needs is told with what waits for it."""
    report = graded(C_HEAD + "int is_port_open(int port) { return port == 65535 ? abort(), 0 : 1; }", sanitize=False)
    broke = [r.slug for r in report.results if r.broke]
    first, *others = failures(report)
    assert (first.result.slug, "open-port-65535" in broke, "open-port" in broke) == (broke[0], True, False)
    assert {f.result.slug for f in others} >= {"open-port", "closed-port"}
    assert {r.waits_for for r in report.results if r.tried == "-"} == {"open-port", "closed-port"}
    assert [r.slug for r in report.results if r.tried != "-" and r.waits_for] == []


def test_misused_memory_comes_before_wrong_answers() -> None:
    """What such a program answers is chance."""
    source = C_HEAD + "int is_port_open(int port) { int a[1]; volatile int n = port & 7; a[n] = 0; return a[0] - 1; }"
    report = graded(source)
    assert "memory" in failed(report)
    assert failures(report)[0].result.broke
    assert next(r for r in report.results if r.slug == "memory").broke


def test_the_words_of_a_check_reach_the_report() -> None:
    """Hint, second hint and why it matters, whatever came of the check."""
    report = grade(EXERCISE, submission.read(str(RIGHT_C)), Options(only=("open-port",)))
    check, result = EXERCISE.checks[0], report.results[0]
    assert (result.slug, result.hint, result.why, result.more) == (check.slug, check.hint, check.why, check.more)
    assert (result.broke, result.waits_for) == (False, "")


def test_a_crash_names_signal_and_line() -> None:
    """A crash is the learner's, and its line is known."""
    report = graded(
        C_HEAD + "int is_port_open(int port)\n{\n    int *nowhere = NULL;\n    return *nowhere + port;\n}\n"
    )
    first = next(r for r in report.results if r.slug == "open-port")
    assert "SIGSEGV" in first.got
    assert "line 11" in first.got


def test_a_hang_is_ended_and_named_with_the_call_it_hung_in() -> None:
    """A call that does not return costs its check, not the machine."""
    source = (
        C_HEAD
        + "int is_port_open(int port)\n{\n    char c;\n    int p[2];\n    (void)port;\n    if (pipe(p)) return -1;\n    return recv(socket(AF_INET, SOCK_DGRAM, 0), &c, 1, 0);\n}\n"
    )
    report = graded(source, only=("open-port",))
    first = next(r for r in report.results if r.slug == "open-port")
    assert "did not return" in first.got
    assert "recv" in first.message
    assert first.calls[-1].seconds is None
    assert first.calls[-1].line == 14


def test_a_loop_without_calls_is_ended_too() -> None:
    """Patience ends after three calls that do not return; the rest is not tried."""
    report = graded("int is_port_open(int port) { for (;;) port ^= 1; }", sanitize=False)
    assert report.outcome == FAILED
    assert any(r.got == "not tried" for r in report.results)


def test_exit_is_no_answer() -> None:
    """Ending the program is said plainly."""
    report = graded(C_HEAD + "int is_port_open(int port) { exit(port & 0); }", sanitize=False)
    first = next(r for r in report.results if r.slug == "open-port")
    assert "exit code 0" in first.got


def test_output_is_kept_and_cut() -> None:
    """What a submission prints is shown; a flood is cut, and neither changes the verdict."""
    noisy = RIGHT_C.read_text().replace(
        "int is_port_open(int port)\n{",
        '#include <stdio.h>\nint is_port_open(int port)\n{\n    printf("asked for %d\\n", port);',
    )
    report = graded(noisy)
    assert report.outcome == PASSED
    assert "asked for" in report.output
    flood = noisy.replace(
        'printf("asked for %d\\n", port);',
        'for (int i = 0; i < 20000; i++) puts("a line of some length, again and again");',
    )
    report = graded(
        flood,
        only=(
            "open-and-silent",
            "refused-open-refused",
            "open-then-closed",
            "answers-are-1-0-or-minus-1",
            "binds-nothing",
        ),
    )
    assert report.outcome == PASSED
    assert "cut after" in report.output


def test_python_lines_are_recorded() -> None:
    """The recorder knows the line of a Python submission."""
    source = "import socket\n\n\ndef is_port_open(port):\n    s = socket.socket()\n    try:\n        s.connect(('127.0.0.1', port))\n    except OSError:\n        return -1\n    finally:\n        s.close()\n    return 1\n"
    report = graded(source, ".py")
    first = next(r for r in report.results if r.slug == "closed-port")
    connects = [call for call in first.calls if call.text.startswith("connect(")]
    assert connects[0].line == 7
    assert "ECONNREFUSED" in connects[0].text


def test_the_close_that_changes_errno_is_shown_as_arranged() -> None:
    """The one fault that no kernel gives is marked as ours."""
    source = (RIGHT_C.parent.parent / "wrong" / "errno-read-after-close.c").read_text()
    result = next(r for r in graded(source).results if r.slug == "close-spoils-errno-after-refusal")
    assert result.outcome == FAILED
    assert any(call.arranged and "EIO" in call.text for call in result.calls)


def test_a_memory_error_is_found_though_every_answer_is_right() -> None:
    """The build with sanitizers runs the same calls."""
    source = (RIGHT_C.parent.parent / "wrong" / "buffer-overflow.c").read_text()
    report = graded(source)
    assert failed(report) == {"memory"}
    assert failed(graded(source, sanitize=False)) == set()


@pytest.mark.parametrize(
    ("source", "suffix", "words"),
    [
        ("int is_port_opened(int port) { return port; }", ".c", "did you mean is_port_open instead of is_port_opened"),
        ("int nothing(void) { return 1; }", ".c", "it has no function is_port_open"),
        ("int is_port_open(const char *h, int port) { return port + !h; }", ".c", "conflicting types"),
        ("int is_port_open(int port) { return port }", ".c", "line 1"),
        ("int is_port_open(int port) { return conect(port); }", ".c", "conect"),
        ('#include "mine.h"\nint is_port_open(int port) { return port; }', ".c", "mine.h"),
        ("def is_port_opn(port):\n    return 1\n", ".py", "did you mean is_port_open instead of is_port_opn"),
        ("def is_port_open(host, port):\n    return 1\n", ".py", "it takes 2 parameters (host, port)"),
        ("def is_port_open(port)\n    return 1\n", ".py", "line 1"),
        ("import nmap\n", ".py", "No module named 'nmap'"),
        ("raise SystemExit(3)\n", ".py", "SystemExit"),
        ("import os\nos._exit(0)\n", ".py", "exit code 0"),
    ],
)
def test_what_cannot_be_graded_is_said_plainly(source: str, suffix: str, words: str) -> None:
    """Ungradable, with the reason and where it is."""
    report = graded(source, suffix)
    assert report.outcome == UNGRADABLE
    assert words in report.reason


def test_a_private_tier_that_is_insisted_on_and_not_there_is_a_harness_error(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """Never lowered silently: without bubblewrap the shared tier is used and named, unless the private one was asked for."""
    compiler = tmp_path / "gcc"
    compiler.symlink_to("/usr/bin/gcc")
    monkeypatch.setenv("PATH", f"{tmp_path}")
    monkeypatch.setenv("CC", "/usr/bin/gcc")
    source = RIGHT_C.read_text()
    lowered = graded(source)
    assert (lowered.tier, lowered.outcome) == ("shared", PASSED)
    assert "bubblewrap" in lowered.tier_reason
    insisted = graded(source, tier="private")
    assert insisted.outcome == HARNESS_ERROR
    assert "bubblewrap" in insisted.reason


def test_nothing_is_left_behind(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """No folder, no process: not of a right submission, and not of one that hangs and forks."""
    tmp_path.chmod(0o755)
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    before = children()
    graded(RIGHT_C.read_text())
    graded(
        C_HEAD + "int is_port_open(int port) { (void)port; if (fork() == 0) for (;;) pause(); for (;;) pause(); }",
        only=("open-port",),
        sanitize=False,
    )
    assert list(tmp_path.iterdir()) == []
    assert children() <= before  # other tests may keep something for longer than one of them


def children() -> set[str]:
    """The processes that this one has started."""
    return set(Path(f"/proc/self/task/{os.getpid()}/children").read_text().split())


# -- hangs and what is made to fail --------------------------------------------------------------------------------------

UNTIL_OPEN = (
    C_HEAD
    + """
int is_port_open(int port)
{
    struct sockaddr_in there = { .sin_family = AF_INET, .sin_port = htons(port), .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
    if (port < 1 || port > 65535) return -1;
    int fd = socket(AF_INET, SOCK_STREAM, 0);
    while (connect(fd, (struct sockaddr *)&there, sizeof there) < 0) { }
    close(fd);
    return 1;
}
"""
)


def test_who_asks_millions_of_times_fails_and_is_not_skipped() -> None:
    """A connect() that the recorder makes fail takes no time at all: its calls of two seconds are more than a million."""
    [result] = [r for r in graded(UNTIL_OPEN, only=("timed-out",), sanitize=False).results if r.slug == "timed-out"]
    assert (result.outcome, result.got) == (FAILED, "did not return within 2 seconds")
    assert "it is in a loop" in result.message
    assert {call.name for call in result.calls} == {"connect"}


def test_who_waits_after_thousands_of_calls_is_not_in_a_loop() -> None:
    """Of a series only the last calls are told, and the last of them is the one that it hangs in."""
    late = UNTIL_OPEN.replace(
        "while (connect(fd, (struct sockaddr *)&there, sizeof there) < 0) { }\n    close(fd);\n    return 1;",
        "static int times;\n    int got = connect(fd, (struct sockaddr *)&there, sizeof there);\n"
        "    if (got == 0 && ++times > 90) recv(fd, &got, 1, 0);\n    close(fd);\n    return got == 0;",
    )
    report = graded(late, only=("a-thousand-calls",), sanitize=False)
    [result] = [r for r in report.results if r.slug == "a-thousand-calls"]
    assert (result.outcome, result.message) == (FAILED, "It was waiting in recv().")
    assert result.calls[-1].name == "recv"
    assert result.calls_left_out > 400


def test_what_was_made_to_fail_long_ago_is_not_forgotten() -> None:
    """Only the last thousands of calls are kept: that the one in question is not among them is no way past the recorder."""
    busy = UNTIL_OPEN.replace(
        "while (connect(fd, (struct sockaddr *)&there, sizeof there) < 0) { }\n    close(fd);\n    return 1;",
        "int got = connect(fd, (struct sockaddr *)&there, sizeof there);\n    close(fd);\n"
        "    for (int i = 0; got < 0 && i < 5000; i++) close(socket(AF_INET, SOCK_STREAM, 0));\n    return got == 0;",
    )
    [result] = [r for r in graded(busy, only=("timed-out",), sanitize=False).results if r.slug == "timed-out"]
    assert (result.outcome, result.expected, result.got) == (FAILED, "-1", "0")


def test_what_hangs_where_nothing_is_judged_does_not_spoil_the_next_check() -> None:
    """A program that gets past the recorder is not judged by what that makes; the next check has a fresh one."""
    past = RIGHT_C.with_name("inline-asm.c").read_text()
    past = past.replace("    sys3(__NR_close, fd", "    while (r == -EHOSTUNREACH) { }\n    sys3(__NR_close, fd")
    for seed in range(4):  # with some the hang comes first
        report = graded(past, only=("timed-out", "closed-port"), sanitize=False, seed=seed)
        assert {r.slug: r.outcome for r in report.results if r.slug != "open-port"} == {
            "timed-out": SKIPPED,
            "closed-port": PASSED,
        }


# -- brokers -----------------------------------------------------------------------------------------------------------


def test_what_does_not_compile_keeps_nobody_waiting(monkeypatch: pytest.MonkeyPatch) -> None:
    """Both brokers, that of the build with sanitizers too, end by themselves as soon as main has no more use for them."""
    really = os.waitpid
    codes: dict[int, int] = {}

    def waitpid(pid: int, options: int) -> tuple[int, int]:
        gone, status = really(pid, options)
        codes[gone] = os.waitstatus_to_exitcode(status)
        return gone, status

    monkeypatch.setattr(session, "IDLE_SECONDS", session.ENDING_SECONDS)  # a machine may be busy
    monkeypatch.setattr(os, "waitpid", waitpid)
    broken = submission.Submission("is_port_open.c", b"int is_port_open(int port) { return 1 }")
    job = Job(Workshop(EXERCISE, broken), Options())
    try:
        assert job.run().outcome == UNGRADABLE
        brokers = [each.pid for each in job.sessions]
    finally:
        job.close()
    assert [codes[pid] for pid in brokers] == [0, 0]
