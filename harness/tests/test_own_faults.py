"""Faults of the harness itself, made for real: each ends in a harness error or the right verdict, never in lost points."""

import json
import marshal
import os
import resource
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from front_door import (
    COMMAND,
    SPINS,
    Answer,
    Process,
    as_ordinary_user,
    assert_complains,
    assert_refused,
    descendants,
    run,
    socklab,
    started,
    wait_until,
)

from socklab.grading import BROKERS_FOR_A_PROGRAM

QUICK = ("--only", "open-port")
LANGUAGES = pytest.mark.parametrize("suffix", [".c", ".py"])

pytestmark = pytest.mark.usefixtures("nobody_stays")


@pytest.fixture
def right(solutions: Path, tmp_path: Path, suffix: str) -> Path:
    """A right solution in the language of `suffix`."""
    return Path(shutil.copyfile(solutions / "right" / f"blocking{suffix}", tmp_path / f"is_port_open{suffix}"))


@pytest.fixture
def slow(solutions: Path, tmp_path: Path, suffix: str) -> Path:
    """A right solution that takes its time, so that there is some in which things can go wrong."""
    source = (solutions / "right" / f"blocking{suffix}").read_text()
    if suffix == ".c":
        source = source.replace("int fd, result, saved;", "int fd, result, saved;\n    usleep(300000);")
    else:
        source = source.replace("    try:\n", "    import time\n    time.sleep(0.3)\n    try:\n", 1)
    path = tmp_path / f"is_port_open{suffix}"
    path.write_text(source)
    return path


def graded(
    *words: str | Path,
    cwd: Path,
    env: dict[str, str | None] | None = None,
    before: Sequence[str] = (),
) -> tuple[int, dict[str, Any]]:
    """`socklab check` of one file: exit code and report; nothing is said beside the report."""
    return report_of(socklab("check", "--format", "json", *words, cwd=cwd, env=env, before=before))


def report_of(answer: Answer) -> tuple[int, dict[str, Any]]:
    """Exit code and report of an answer that has one."""
    assert answer.err == "", answer
    return answer.code, json.loads(answer.out)["reports"][0]


def assert_our_fault(answer: tuple[int, dict[str, Any]], *parts: str) -> None:
    """A harness error with all of `parts` in its reason."""
    code, report = answer
    assert (code, report["outcome"]) == (4, "harness-error"), report
    for part in parts:
        assert part in report["reason"]


# -- the broker is killed --------------------------------------------------------------------------------------------


def brokers(process: subprocess.Popen[str]) -> list[Process]:
    """The forks of the command that have a submission running: children with its command line, and children of their own."""
    own = Path(f"/proc/{process.pid}/cmdline").read_bytes()
    family = descendants(process.pid)
    with_submission = {p.parent for p in family if p.name.startswith(("runner", "bwrap"))}
    return [
        p
        for p in family
        if p.parent == process.pid and p.pid in with_submission and own == _read(f"/proc/{p.pid}/cmdline")
    ]


def _read(path: str) -> bytes:
    try:
        return Path(path).read_bytes()
    except OSError:
        return b""


def kill(victims: list[Process]) -> None:
    """What the kernel does when memory runs out."""
    for victim in victims:
        try:
            os.kill(victim.pid, signal.SIGKILL)
        except ProcessLookupError:
            continue


@LANGUAGES
def test_a_broker_that_is_killed_is_replaced(slow: Path, tmp_path: Path, temporary: Path) -> None:
    """The second one gives the verdict, and it is the right one."""
    words = ("check", slow.name, *QUICK, "--no-sanitizer", "--format", "json")
    with started(*words, cwd=tmp_path, env={"TMPDIR": str(temporary)}) as process:
        wait_until(lambda: bool(brokers(process)), process, "a broker")
        first = brokers(process)
        kill(first)
        wait_until(lambda: bool({p.pid for p in brokers(process)} - {p.pid for p in first}), process, "another broker")
        out, err = process.communicate(timeout=60)
    code, report = report_of(Answer(process.returncode, out, err))
    assert (code, report["outcome"], report["tier_reason"], report["tier"]) == (0, "passed", "", "private")
    assert os.listdir(temporary) == []


@pytest.mark.parametrize("which", range(BROKERS_FOR_A_PROGRAM))
def test_one_of_several_brokers_that_is_killed_is_replaced_with_the_others(
    solutions: Path, tmp_path: Path, temporary: Path, which: int
) -> None:
    """Those of a whole program; those that are left are not waited for, though they may wait for what it was judging."""
    shutil.copyfile(
        solutions.parent / "daytime-server" / "right" / "thread-per-client.py", tmp_path / "daytime_server.py"
    )
    words = ("check", "daytime_server.py", "--format", "json")
    with started(*words, cwd=tmp_path, env={"TMPDIR": str(temporary)}) as process:
        first: list[Process] = []

        def all_there() -> bool:
            first[:] = sorted(brokers(process), key=lambda broker: broker.pid)
            return len(first) == BROKERS_FOR_A_PROGRAM

        wait_until(all_there, process, "all brokers")
        kill([first[which]])
        wait_until(lambda: bool({p.pid for p in brokers(process)} - {p.pid for p in first}), process, "another broker")
        out, err = process.communicate(timeout=120)
    code, report = report_of(Answer(process.returncode, out, err))
    assert (code, report["outcome"], report["tier_reason"], report["tier"]) == (0, "passed", "", "private")
    assert os.listdir(temporary) == []


@pytest.mark.parametrize("source", ["right", "spins"])
def test_brokers_that_are_killed_each_time_are_our_fault(
    source: str, solutions: Path, tmp_path: Path, temporary: Path
) -> None:
    """Even if the submission would have failed: nobody has seen that it does."""
    text = SPINS if source == "spins" else (solutions / "right" / "blocking.c").read_text()
    (tmp_path / "is_port_open.c").write_text(text.replace("int fd,", "int nothing = usleep(300000), fd,"))
    words = ("check", "is_port_open.c", *QUICK, "--format", "json")
    with started(*words, cwd=tmp_path, env={"TMPDIR": str(temporary)}) as process:
        deadline = time.monotonic() + 60
        while process.poll() is None and time.monotonic() < deadline:
            kill(brokers(process))
            time.sleep(0.001)
        out, err = process.communicate(timeout=10)
    assert_our_fault(report_of(Answer(process.returncode, out, err)), "the grading process ended")
    assert os.listdir(temporary) == []


# -- bubblewrap stops working ----------------------------------------------------------------------------------------

SAYS = "bwrap: setting up uid map: Permission denied"


def bubblewrap(folder: Path, starts: str, then: str) -> dict[str, str | None]:
    """An environment whose bwrap does `then` at those of its starts (a shell pattern, from 1 on), else what it should."""
    real = shutil.which("bwrap")
    assert real
    programs = folder / "bin"
    for each in (programs, programs / "started"):
        each.mkdir()
        each.chmod(0o777)  # the command's other user counts and removes, too
    # Nothing in it forks: bubblewrap looks its child up by number, and is to find the one that it always has.
    script = (
        f"#!/bin/sh\ncd {programs}\nset -C\nn=1\n"
        "until true >started/$n; do n=$((n + 1)); done 2>/dev/null\n"
        f'case $n in {starts}) {then} ;; esac\ncd /\nexec {real} "$@"\n'
    )
    (programs / "bwrap").write_text(script)
    (programs / "bwrap").chmod(0o755)
    for name in ("gcc", "as", "ld"):
        (programs / name).symlink_to(f"/usr/bin/{name}")
    (folder / "tmp").mkdir()
    (folder / "tmp").chmod(0o1777)
    return {"PATH": str(programs), "CC": "/usr/bin/gcc", "TMPDIR": str(folder / "tmp")}


C_STARTS = ["1", "2", "3", "4"]
"""Two compilers and two runners."""


@pytest.mark.parametrize(
    ("suffix", "which"), [*((".c", n) for n in C_STARTS), (".py", "1")], ids=[*(f"c {n}" for n in C_STARTS), "python"]
)
@pytest.mark.parametrize("then", ["exit 1", "exit 137"])
def test_a_start_of_bubblewrap_that_fails_is_tried_again(
    which: str, then: str, right: Path, tmp_path: Path, temporary: Path
) -> None:
    """Whichever start it is, the second try passes, in the same tier."""
    env = bubblewrap(temporary, which, then)
    code, report = graded(right.name, cwd=tmp_path, env=env)
    assert (code, report["outcome"], report["tier_reason"], report["tier"]) == (0, "passed", "", "private")
    assert len(os.listdir(temporary / "bin" / "started")) > int(which)
    assert os.listdir(temporary / "tmp") == []


@pytest.mark.parametrize(("suffix", "good"), [(".c", ""), (".c", "1"), (".c", "1|2"), (".c", "1|2|3"), (".py", "")])
def test_a_bubblewrap_that_fails_from_then_on_is_our_fault(
    good: str, right: Path, tmp_path: Path, temporary: Path
) -> None:
    """Without a word from it nobody can say that the machine lacks the tier, so there is none that would be lower."""
    env = bubblewrap(temporary, f"{good}) ;; *" if good else "*", "exit 1")
    assert_our_fault(graded(right.name, cwd=tmp_path, env=env))
    assert os.listdir(temporary / "tmp") == []


@pytest.mark.parametrize("which", ["1", "2"])
def test_a_bubblewrap_that_is_killed_while_it_compiles_is_not_the_submissions_fault(
    which: str, solutions: Path, tmp_path: Path, temporary: Path
) -> None:
    """Nothing is wrong with a file whose compiler was killed from outside."""
    shutil.copyfile(solutions / "right" / "blocking.c", tmp_path / "is_port_open.c")
    env = bubblewrap(temporary, which, "kill -9 $$")
    code, report = graded("is_port_open.c", cwd=tmp_path, env=env)
    assert (code, report["outcome"], report["tier"]) == (0, "passed", "private"), report["reason"]
    (temporary / "more").mkdir()
    env = bubblewrap(temporary / "more", "*", "kill -9 $$")
    assert_our_fault(graded("is_port_open.c", cwd=tmp_path, env=env), "bubblewrap was ended by signal 9")


@pytest.mark.parametrize(("suffix", "good"), [(".c", ""), (".c", "1"), (".c", "1|2"), (".c", "1|2|3"), (".py", "")])
def test_a_bubblewrap_that_says_what_is_missing_lowers_the_tier_in_words(
    good: str, right: Path, tmp_path: Path, temporary: Path
) -> None:
    """The report has its complaint; who insists on the private tier gets a harness error with the same words."""
    env = bubblewrap(temporary, f"{good}) ;; *" if good else "*", f"echo '{SAYS}' >&2; exit 1")
    code, report = graded(right.name, cwd=tmp_path, env=env)
    assert (code, report["outcome"], report["tier"], report["tier_reason"]) == (0, "passed", "shared", SAYS)
    for name in os.listdir(temporary / "bin" / "started"):
        (temporary / "bin" / "started" / name).unlink()
    assert_our_fault(graded(right.name, "--tier", "private", cwd=tmp_path, env=env), SAYS)
    assert os.listdir(temporary / "tmp") == []


@pytest.mark.parametrize(("suffix", "good"), [(".c", ""), (".c", "1"), (".c", "1|2"), (".c", "1|2|3"), (".py", "")])
def test_a_bubblewrap_that_disappears_half_way_lowers_no_tier_silently(
    good: str, right: Path, tmp_path: Path, temporary: Path
) -> None:
    """A package that is being upgraded: what cannot start any more is graded in the shared tier, and that is said."""
    env = bubblewrap(temporary, f"{good}) ;; *" if good else "*", "/bin/rm -f bwrap; exit 1")
    code, report = graded(right.name, cwd=tmp_path, env=env)
    assert (code, report["outcome"]) == (0, "passed")
    assert (report["tier"], report["tier_reason"]) == ("shared", "bubblewrap is not installed")
    assert os.listdir(temporary / "tmp") == []


@LANGUAGES
def test_what_runs_needs_no_bubblewrap_any_more(slow: Path, tmp_path: Path, temporary: Path) -> None:
    """When it disappears after the last start the grade ends as it began."""
    env = bubblewrap(temporary, "none", "")
    words = ("check", slow.name, *QUICK, "--no-sanitizer", "--format", "json")
    with started(*words, cwd=tmp_path, env=env) as process:
        wait_until(lambda: bool(brokers(process)), process, "a broker")
        time.sleep(0.2)  # the wrapper that was started has to become bubblewrap
        (temporary / "bin" / "bwrap").unlink()
        out, err = process.communicate(timeout=60)
    code, report = report_of(Answer(process.returncode, out, err))
    assert (code, report["outcome"], report["tier_reason"], report["tier"]) == (0, "passed", "", "private")


@pytest.mark.parametrize("name", ["bwrap:", "bwrap: x", SAYS])
def test_nobody_speaks_for_bubblewrap(name: str, solutions: Path, tmp_path: Path) -> None:
    """Compilers begin each message with the name of a file, and `#line` lets the submission choose that name."""
    right = (solutions / "right" / "blocking.c").read_text()
    (tmp_path / "is_port_open.c").write_text(f'#line 1 "{name}"\n#warning hello\n{right}')
    code, report = graded("is_port_open.c", *QUICK, cwd=tmp_path)
    assert (code, report["outcome"], report["tier"]) == (0, "passed", "private")
    (tmp_path / "is_port_open.c").write_text(f'#line 1 "{name}"\n#error hello\n')
    code, report = graded("is_port_open.c", *QUICK, cwd=tmp_path)
    assert (code, report["outcome"], report["tier"]) == (3, "ungradable", "private")


# -- the disk is full ------------------------------------------------------------------------------------------------


@pytest.fixture
def own_mounts() -> list[str]:
    """Words before a command that may mount what only it sees."""
    words = ["unshare", "--user", "--map-root-user", "--mount", "--"]
    if subprocess.run([*words, "true"], capture_output=True).returncode != 0:
        pytest.skip("user and mount namespaces are not permitted here")
    return words


def with_full_disk(
    *words: str, variable: str, cwd: Path, before: Sequence[str], prepare: str = ":"
) -> tuple[Answer, list[str]]:
    """`socklab check` while $`variable` is a folder on a disk without room: the answer, and the files it left there."""
    (cwd / "disk").mkdir()
    script = (
        f"mount -t tmpfs -o size=256k,mode=1777 none disk || exit 99\n{prepare}\n"
        "head -c 8m /dev/zero >disk/rest 2>/dev/null\n"
        f'{variable}="$PWD/disk" "$@"; code=$?; find disk -type f ! -name rest >left; exit $code'
    )
    command = (*COMMAND, "check", "--format", "json", *words)
    answer = run(*before, "sh", "-c", script, "sh", *command, cwd=cwd)
    assert answer.code != 99, answer
    return answer, (cwd / "left").read_text().split()


@pytest.mark.parametrize(
    ("suffix", "tier"), [(".c", "private"), (".c", "shared"), (".py", "shared")], ids=lambda value: value
)
def test_a_full_disk_for_temporary_files_is_our_fault(
    tier: str, right: Path, tmp_path: Path, own_mounts: list[str]
) -> None:
    """Said as what it is, and nothing is added to what fills the disk."""
    answer, left = with_full_disk(right.name, "--tier", tier, variable="TMPDIR", cwd=tmp_path, before=own_mounts)
    assert_our_fault(report_of(answer), "No space left on device")
    assert left == []


def test_a_python_submission_in_the_private_tier_needs_no_disk(
    right_py: Path, tmp_path: Path, own_mounts: list[str]
) -> None:
    """It is handed over in memory."""
    answer, _ = with_full_disk(right_py.name, variable="TMPDIR", cwd=tmp_path, before=own_mounts)
    code, report = report_of(answer)
    assert (code, report["outcome"], report["tier"]) == (0, "passed", "private")


@LANGUAGES
def test_a_full_disk_for_the_cache_is_one_clear_line(right: Path, tmp_path: Path, own_mounts: list[str]) -> None:
    """With the folder that is full."""
    answer, left = with_full_disk(right.name, variable="XDG_CACHE_HOME", cwd=tmp_path, before=own_mounts)
    assert_refused(answer, 4, "disk is full", str(tmp_path / "disk"))
    assert left == []


def test_pythons_runner_is_compiled_once(right_py: Path, tmp_path: Path) -> None:
    """What is kept is what runs: a runner that answers otherwise is noticed."""
    cache = tmp_path / "cache"
    env = {"XDG_CACHE_HOME": str(cache)}
    assert graded(right_py.name, cwd=tmp_path, env=env)[1]["outcome"] == "passed"
    [kept] = cache.glob("socklab/python-*/runner.pyc")
    code = marshal.loads(kept.read_bytes()[16:])
    assert code.co_filename == "runner.py"  # and no path of this machine, which submissions could read
    kept.write_bytes(kept.read_bytes()[:16] + marshal.dumps(compile("raise SystemExit(7)", "runner.py", "exec")))
    assert graded(right_py.name, cwd=tmp_path, env=env)[1]["outcome"] == "harness-error"


def test_a_full_disk_does_not_take_the_sanitizer_away_for_good(
    right_c: Path, tmp_path: Path, own_mounts: list[str]
) -> None:
    """What could not be compiled for want of room is not remembered as what this compiler cannot do."""
    cache = tmp_path / "cache"
    code, report = graded(right_c.name, *QUICK, cwd=tmp_path, env={"XDG_CACHE_HOME": str(cache)}, before=own_mounts)
    assert (code, report["outcome"]) == (0, "passed")
    [runner] = cache.glob("socklab/native-*/runner-sanitized")
    runner.unlink()
    answer, left = with_full_disk(
        right_c.name,
        variable="XDG_CACHE_HOME",
        cwd=tmp_path,
        before=own_mounts,
        prepare="mount -o remount,size=4m none disk && cp -a cache/. disk && rm -r disk/*/native-*/runner-poisoned",
    )
    assert_refused(answer, 4, "disk is full")
    assert [name for name in left if name.endswith(".missing")] == []


# -- descriptors and processes run out -------------------------------------------------------------------------------


@LANGUAGES
@pytest.mark.parametrize("most", [8, 12, 16, 24, 40, 1000])
def test_too_few_descriptors_are_one_clear_line(most: int, right: Path, tmp_path: Path, temporary: Path) -> None:
    """It names the limit that is there and the one that is needed."""
    answer = socklab(
        "check",
        right.name,
        cwd=tmp_path,
        env={"TMPDIR": str(temporary)},
        before=["prlimit", f"--nofile={most}:{most}", "--"],
    )
    assert_refused(answer, 4, f"Only {most} files", "1024", "ulimit -n")
    assert os.listdir(temporary) == []


@LANGUAGES
def test_a_low_soft_limit_of_descriptors_is_raised(right: Path, tmp_path: Path) -> None:
    """The limit that anybody may raise keeps nobody from grading."""
    code, report = graded(right.name, cwd=tmp_path, before=["prlimit", "--nofile=64:4096", "--"])
    assert (code, report["outcome"]) == (0, "passed")


@pytest.mark.parametrize("suffix", [".c"])
@pytest.mark.parametrize("most", [8, 12, 16, 24, 40])
def test_a_broker_without_descriptors_is_replaced(most: int, slow: Path, tmp_path: Path, temporary: Path) -> None:
    """A listener that cannot be opened is no listener that the submission failed to see."""
    words = ("check", slow.name, "--only", "open-then-closed", "--no-sanitizer", "--format", "json")
    env = {"TMPDIR": str(temporary)}
    with started(*words, cwd=tmp_path, env=env, before=as_ordinary_user()) as process:
        wait_until(lambda: bool(brokers(process)), process, "a broker")
        for broker in brokers(process):
            resource.prlimit(broker.pid, resource.RLIMIT_NOFILE, (most, most))
        out, err = process.communicate(timeout=60)
    code, report = report_of(Answer(process.returncode, out, err))
    assert (code, report["outcome"], report["tier"]) == (0, "passed", "private")
    assert os.listdir(temporary) == []


@pytest.mark.parametrize("most", [4, 8, 12, 16])
def test_a_command_that_runs_out_of_descriptors_costs_no_points(
    most: int, solutions: Path, tmp_path: Path, temporary: Path
) -> None:
    """The broker's work is done with what it has; if anything cannot be had any more, that is said as our fault."""
    text = (solutions / "right" / "blocking.c").read_text()
    (tmp_path / "is_port_open.c").write_text(text.replace("int fd,", "int nothing = usleep(300000), fd,"))
    words = ("check", "is_port_open.c", *QUICK, "--format", "json")
    env = {"TMPDIR": str(temporary)}
    with started(*words, cwd=tmp_path, env=env, before=as_ordinary_user()) as process:
        wait_until(lambda: bool(brokers(process)), process, "a broker")
        resource.prlimit(process.pid, resource.RLIMIT_NOFILE, (most, most))
        out, err = process.communicate(timeout=60)
    answer = Answer(process.returncode, out, err)
    assert "Traceback" not in err
    if out:
        code, report = report_of(answer)
        assert (code, report["outcome"]) in ((0, "passed"), (4, "harness-error"))
    else:
        assert_complains(answer, 4)


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can become a user that has no other processes")
@pytest.mark.parametrize("suffix", [".c", ".py"])
@pytest.mark.parametrize("most", [1, 4, 8])
def test_too_few_processes_are_our_fault(most: int, right: Path, temporary: Path, as_another_user: list[str]) -> None:
    """RLIMIT_NPROC counts all processes of a user; this one has no others."""
    shutil.copyfile(right, temporary / right.name)
    (temporary / "tmp").mkdir()
    (temporary / "tmp").chmod(0o1777)
    env: dict[str, str | None] = {"TMPDIR": str(temporary / "tmp"), "XDG_CACHE_HOME": str(temporary / "cache")}
    words = [*as_another_user, "check", right.name, "--format", "json"]
    answer = run("prlimit", f"--nproc={most}:{most}", "--", *words, cwd=temporary, env=env)
    if answer.out:
        assert_our_fault(report_of(answer))
    else:
        assert_complains(answer, 4)
    # A compiler that cannot start its own parts leaves files of its own behind.
    assert [name for name in os.listdir(temporary / "tmp") if name.startswith("socklab")] == []


# -- the clock is set back -------------------------------------------------------------------------------------------

BACKWARDS = """\
#define _GNU_SOURCE
#include <sys/syscall.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

static long days;

int clock_gettime(clockid_t which, struct timespec *now)
{
    long result = syscall(SYS_clock_gettime, which, now);
    if (which == CLOCK_REALTIME)
        now->tv_sec -= 86400 * ++days;
    return (int)result;
}

int gettimeofday(struct timeval *restrict now, void *restrict zone)
{
    struct timespec exact;
    (void)zone;
    clock_gettime(CLOCK_REALTIME, &exact);
    now->tv_sec = exact.tv_sec;
    now->tv_usec = exact.tv_nsec / 1000;
    return 0;
}

time_t time(time_t *where)
{
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    if (where)
        *where = now.tv_sec;
    return now.tv_sec;
}
"""


@pytest.fixture
def backwards(tmp_path: Path) -> dict[str, str | None]:
    """An environment in which the time of day jumps back by a day whenever somebody asks."""
    (tmp_path / "clock.c").write_text(BACKWARDS)
    subprocess.run(["gcc", "-shared", "-fPIC", "-o", "clock.so", "clock.c"], cwd=tmp_path, check=True)
    env: dict[str, str | None] = {"LD_PRELOAD": str(tmp_path / "clock.so")}
    ask = "import time; a = time.time(); b = time.time(); print(a - b > 80000)"
    assert run(sys.executable, "-c", ask, cwd=tmp_path, env=env).out == "True\n", "the clock does not run backwards"
    return env


@LANGUAGES
def test_a_clock_that_is_set_back_changes_nothing(
    right: Path, tmp_path: Path, temporary: Path, backwards: dict[str, str | None]
) -> None:
    """Time is measured by a clock that nobody can set."""
    code, report = graded(right.name, cwd=tmp_path, env={**backwards, "TMPDIR": str(temporary)})
    assert (code, report["outcome"], report["tier"]) == (0, "passed", "private")
    assert 0 <= report["seconds"] < 60
    assert os.listdir(temporary) == []


def test_a_call_that_hangs_is_ended_though_the_clock_is_set_back(
    tmp_path: Path, backwards: dict[str, str | None]
) -> None:
    """Neither at once nor never."""
    (tmp_path / "is_port_open.c").write_text(SPINS)
    code, report = graded("is_port_open.c", *QUICK, "--no-sanitizer", cwd=tmp_path, env=backwards)
    assert (code, report["outcome"]) == (1, "failed")
    assert 2 <= report["seconds"] < 60
    assert "did not return within 2 seconds" in str(report["results"])
