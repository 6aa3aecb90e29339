"""Machines of other kinds: each grades or explains, and none lowers the tier silently."""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest
from front_door import COMMAND, Answer, as_ordinary_user, assert_refused, run, socklab

from socklab.cell.sandbox import interpreter_tree, reachable_by_all

LANGUAGES = pytest.mark.parametrize("suffix", [".c", ".py"])


@pytest.fixture
def right(solutions: Path, tmp_path: Path, suffix: str) -> Path:
    """A right solution in the language of `suffix`."""
    return Path(shutil.copyfile(solutions / "right" / f"blocking{suffix}", tmp_path / f"is_port_open{suffix}"))


@pytest.fixture
def starting(solutions: Path, tmp_path: Path, suffix: str) -> Path:
    """The same, but each call first tries to start a program that would print a word."""
    source = (solutions / "right" / f"blocking{suffix}").read_text()
    if suffix == ".c":
        source = "#include <stdlib.h>\n" + source.replace("int fd,", 'int nothing = system("echo STARTED"), fd,')
    else:
        source = source.replace("    try:\n", '    __import__("os").system("echo STARTED")\n    try:\n', 1)
    path = tmp_path / f"is_port_open{suffix}"
    path.write_text(source)
    return path


def graded(
    *words: str | Path, cwd: Path, env: Mapping[str, str | None] | None = None, before: Sequence[str] = ()
) -> tuple[int, dict[str, Any]]:
    """`socklab check` of one file: exit code and report."""
    return report_of(socklab("check", "--format", "json", *words, cwd=cwd, env=env, before=before))


def report_of(answer: Answer) -> tuple[int, dict[str, Any]]:
    """Exit code and report of an answer that has one, and nothing beside it."""
    assert answer.err == "", answer
    return answer.code, json.loads(answer.out)["reports"][0]


def assert_passes(found: tuple[int, dict[str, Any]], tier: str, *reasons: str) -> None:
    """Passed in `tier`; that it is no better one has all of `reasons`, and "" if there are none."""
    code, report = found
    assert (code, report["outcome"], report["tier"]) == (0, "passed", tier), (report["reason"], report["tier_reason"])
    assert bool(report["tier_reason"]) == bool(reasons)
    for reason in reasons:
        assert reason in report["tier_reason"]
    skipped = [r for r in report["results"] if r["outcome"] == "skipped"]
    assert all(r["message"] for r in skipped)


def needs(words: Sequence[str]) -> list[str]:
    """`words` that run a command; the test is skipped where this machine does not permit them."""
    if subprocess.run([*words, "true"], capture_output=True).returncode != 0:
        pytest.skip(f"not permitted here: {' '.join(words)}")
    return list(words)


# -- users -----------------------------------------------------------------------------------------------------------


@LANGUAGES
@pytest.mark.skipif(os.geteuid() != 0, reason="the tests do not run as root")
def test_root_can_grade(right: Path, tmp_path: Path) -> None:
    """As in most containers and CI jobs."""
    assert_passes(graded(right.name, cwd=tmp_path), "private")


@LANGUAGES
def test_an_ordinary_user_can_grade(right: Path, tmp_path: Path) -> None:
    """As on most machines."""
    assert_passes(graded(right.name, cwd=tmp_path, before=as_ordinary_user()), "private")


@LANGUAGES
def test_a_user_who_owns_nothing_here_can_grade(right: Path, temporary: Path, as_another_user: list[str]) -> None:
    """A tree that somebody else has installed can be used without the right to write to it."""
    shutil.copyfile(right, temporary / right.name)
    env: dict[str, str | None] = {"TMPDIR": str(temporary), "XDG_CACHE_HOME": str(temporary / "cache")}
    answer = run(*as_another_user, "check", right.name, "--format", "json", cwd=temporary, env=env)
    assert_passes(report_of(answer), "private")
    assert sorted(os.listdir(temporary)) == ["cache", right.name]


@LANGUAGES
def test_the_root_of_a_rootless_container_can_grade(right: Path, tmp_path: Path) -> None:
    """It is called root and may become nobody else."""
    before = needs(["unshare", "--user", "--map-root-user", "--"])
    assert_passes(graded(right.name, cwd=tmp_path, before=before), "private")


@LANGUAGES
def test_a_container_with_process_numbers_of_its_own_can_grade(right: Path, tmp_path: Path) -> None:
    """There the command is process 1, and bubblewrap finds no process 2 in /proc."""
    words = ["unshare", "--user", "--map-root-user", "--pid", "--fork", "--mount-proc", "--kill-child", "--"]
    assert_passes(graded(right.name, cwd=tmp_path, before=needs(words)), "private")


@LANGUAGES
def test_a_proc_that_hides_other_users_processes_does_not_matter(right: Path, tmp_path: Path) -> None:
    """hidepid, as on machines that many users share (proc(5))."""
    words = ["unshare", "--user", "--map-root-user", "--pid", "--fork", "--mount-proc", "--kill-child", "--"]
    hidden = "mount -o remount,hidepid=2 /proc && exec"
    inner = [*words, "sh", "-c", f'{hidden} "$@"', "sh"]
    assert_passes(graded(right.name, cwd=tmp_path, before=needs(inner)), "private")


# -- without namespaces ----------------------------------------------------------------------------------------------


def without_user_namespaces() -> list[str]:
    """Words for a command on a machine whose administrator has switched them off."""
    script = 'echo 0 >/proc/sys/user/max_user_namespaces && exec "$@"'
    return needs(["unshare", "--user", "--map-root-user", "--", "sh", "-c", script, "sh"])


FILTERS = {
    # What a container's default filter refuses to root without CAP_SYS_ADMIN.
    "container": """
for name in ("unshare", "mount", "umount2", "setns", "pivot_root"):
    put.add_rule(seccomp.ERRNO(errno.EPERM), name)
put.add_rule(seccomp.ERRNO(errno.EPERM), "clone", seccomp.Arg(0, seccomp.MASKED_EQ, 0x10000000, 0x10000000))
put.add_rule(seccomp.ERRNO(errno.ENOSYS), "clone3")
""",
    # A kernel before 5.0: it has filters, but none that asks somebody (SECCOMP_FILTER_FLAG_NEW_LISTENER).
    "nobody is asked": """
listener = seccomp.Arg(1, seccomp.MASKED_EQ, 8, 8)
put.add_rule(seccomp.ERRNO(errno.EINVAL), "seccomp", seccomp.Arg(0, seccomp.EQ, 1), listener)
""",
    "no filters": """
put.add_rule(seccomp.ERRNO(errno.EINVAL), "seccomp")
""",
}

LAUNCHER = """\
import errno, os, sys
import pyseccomp as seccomp
put = seccomp.SyscallFilter(seccomp.ALLOW)
{rules}
put.load()
os.execvp(sys.argv[1], sys.argv[1:])
"""


def behind(rules: str) -> list[str]:
    """Words for a command below a filter of system calls, one of FILTERS."""
    pytest.importorskip("pyseccomp")
    return [sys.executable, "-c", LAUNCHER.format(rules=FILTERS[rules])]


@LANGUAGES
def test_without_user_namespaces_the_shared_tier_is_used_and_named(right: Path, tmp_path: Path) -> None:
    """The kernel's own words are in the report."""
    before = without_user_namespaces()
    assert_passes(graded(right.name, cwd=tmp_path, before=before), "shared", "namespace")
    code, report = graded(right.name, "--tier", "private", cwd=tmp_path, before=before)
    assert (code, report["outcome"]) == (4, "harness-error")
    assert "the private tier cannot be had on this machine" in report["reason"]


def test_doctor_names_the_switch_that_forbids_namespaces(tmp_path: Path) -> None:
    """With the command that turns it back."""
    answer = socklab("doctor", cwd=tmp_path, before=without_user_namespaces())
    assert (answer.code, answer.err) == (4, "")
    assert "sudo sysctl user.max_user_namespaces=" in answer.out
    assert "answers, in the shared tier" in answer.out


@LANGUAGES
def test_in_a_container_with_its_usual_filter_the_shared_tier_is_used_and_named(right: Path, tmp_path: Path) -> None:
    """Docker's, say, which permits no namespaces within."""
    before = [*as_ordinary_user(), *behind("container")]
    assert_passes(graded(right.name, cwd=tmp_path, before=before), "shared", "ermi")  # not permitted, no permissions


@pytest.mark.skipif(os.geteuid() != 0, reason="the tests do not run as root")
def test_root_in_such_a_container_grades_or_is_told_where_its_python_lies(right_py: Path, tmp_path: Path) -> None:
    """An interpreter in root's own home can only be shown to another user by mounting it."""
    found = graded(right_py.name, cwd=tmp_path, before=behind("container"))
    tree = interpreter_tree()
    if tree is None or reachable_by_all(tree):
        assert_passes(found, "shared", "ermi")
        return
    code, report = found
    assert (code, report["outcome"]) == (4, "harness-error")
    for part in (tree, "only root may enter", "mount"):
        assert part in report["reason"]


def test_doctor_says_that_a_container_permits_no_namespaces(tmp_path: Path) -> None:
    """And that the shared tier works."""
    answer = socklab("doctor", cwd=tmp_path, before=[*as_ordinary_user(), *behind("container")])
    assert (answer.code, answer.err) == (4, "")
    for language in ("c", "python"):
        what = f"a three-line program in {language} is built, called and answers, in the"
        assert f"✗ {what} private tier" in answer.out
        assert f"✓ {what} shared tier" in answer.out


# -- without programs ------------------------------------------------------------------------------------------------


def only(folder: Path, *programs: str) -> dict[str, str | None]:
    """An environment whose PATH has nothing but `programs`."""
    (folder / "programs").mkdir()
    for name in programs:
        found = shutil.which(name)
        assert found, name
        (folder / "programs" / name).symlink_to(found)
    compiler = shutil.which("gcc") if "gcc" in programs else None
    return {"PATH": str(folder / "programs"), "CC": compiler}


@LANGUAGES
def test_without_bubblewrap_the_shared_tier_is_used_and_named(right: Path, tmp_path: Path) -> None:
    """One that is insisted on is not to be had."""
    env = only(tmp_path, "gcc", "as", "ld")
    assert_passes(graded(right.name, cwd=tmp_path, env=env), "shared", "bubblewrap is not installed")
    code, report = graded(right.name, "--tier", "private", cwd=tmp_path, env=env)
    assert (code, report["outcome"], report["tier"]) == (4, "harness-error", "private")
    assert "bubblewrap is not installed" in report["reason"]


def test_without_a_compiler_c_is_refused_with_the_command_that_brings_one(right_c: Path, tmp_path: Path) -> None:
    """Nothing is graded that cannot be built."""
    answer = socklab("check", right_c.name, cwd=tmp_path, env=only(tmp_path, "bwrap"))
    assert_refused(answer, 4, "No C compiler was found", "apt-get install gcc")


@pytest.mark.parametrize("programs", [("bwrap",), ()], ids=["private", "shared"])
def test_without_a_compiler_python_is_still_graded(
    programs: tuple[str, ...], right_py: Path, tmp_path: Path, temporary: Path
) -> None:
    """Checks that need the recorder say so, and cost nothing."""
    found = graded(right_py.name, cwd=tmp_path, env=only(temporary, *programs))
    if programs:
        assert_passes(found, "private")
    else:
        assert_passes(found, "shared", "bubblewrap is not installed")
    assert any("record" in r["message"] for r in found[1]["results"] if r["outcome"] == "skipped")


@pytest.mark.parametrize("suffix", [".py"])
@pytest.mark.parametrize("programs", [("bwrap",), ()], ids=["private", "shared"])
def test_without_a_compiler_no_program_is_started_either(
    programs: tuple[str, ...], starting: Path, tmp_path: Path, temporary: Path
) -> None:
    """The runner puts the filter on that the recorder else does."""
    code, report = graded(starting.name, cwd=tmp_path, env=only(temporary, *programs))
    assert (code, report["outcome"], report["reason"]) == (1, "failed", "")
    assert "STARTED" not in report["output"]
    assert any("It tried to start" in remark for remark in report["remarks"])


# -- without filters of system calls ---------------------------------------------------------------------------------


def without_libseccomp(folder: Path) -> dict[str, str | None]:
    """An environment in which it cannot be loaded, and nothing is left from a time when it could."""
    (folder / "modules").mkdir()
    (folder / "modules" / "pyseccomp.py").write_text('raise ImportError("no libseccomp")\n')
    path = os.pathsep.join(filter(None, (str(folder / "modules"), os.environ.get("PYTHONPATH"))))
    return {"PYTHONPATH": path, "XDG_CACHE_HOME": str(folder / "cache")}


NOTHING_REFUSED = "no system call was refused to it"


@LANGUAGES
def test_without_libseccomp_the_report_says_what_was_open(right: Path, tmp_path: Path) -> None:
    """What a report does not say nobody can take into account."""
    found = graded(right.name, cwd=tmp_path, env=without_libseccomp(tmp_path))
    assert_passes(found, "private")
    assert [r for r in found[1]["remarks"] if NOTHING_REFUSED in r and "libseccomp is not installed" in r]


def test_doctor_says_how_to_get_libseccomp(tmp_path: Path) -> None:
    """The name of the package is in the line."""
    answer = socklab("doctor", cwd=tmp_path, env=without_libseccomp(tmp_path))
    assert (answer.code, answer.err) == (4, "")
    assert "✗ no libseccomp" in answer.out
    assert "apt-get install -y libseccomp2" in answer.out


@LANGUAGES
def test_a_kernel_that_asks_nobody_refuses_all_the_same(right: Path, tmp_path: Path) -> None:
    """A right submission notices nothing, and nothing was open."""
    found = graded(right.name, cwd=tmp_path, before=behind("nobody is asked"))
    assert_passes(found, "private")
    assert found[1]["remarks"] == []


@LANGUAGES
@pytest.mark.parametrize("tier", ["private", "shared"])
def test_a_kernel_that_asks_nobody_lets_no_program_be_started(tier: str, starting: Path, tmp_path: Path) -> None:
    """The second filter refuses by itself; without the first one the same submission shows that it would print."""
    code, report = graded(starting.name, "--tier", tier, cwd=tmp_path, before=behind("nobody is asked"))
    assert (code, report["outcome"], report["reason"]) == (1, "failed", "")
    assert "STARTED" not in report["output"]


@LANGUAGES
def test_a_kernel_without_filters_is_named_in_the_report(starting: Path, tmp_path: Path) -> None:
    """And the check that looks at processes still finds what was started."""
    code, report = graded(starting.name, cwd=tmp_path, before=behind("no filters"))
    assert (code, report["outcome"]) == (1, "failed")
    assert [r for r in report["remarks"] if NOTHING_REFUSED in r and "this kernel takes no filter" in r]
    assert "STARTED" in report["output"]


def test_the_command_itself_is_what_was_run(tmp_path: Path) -> None:
    """Whatever stands before it, it is this checkout's command that answers."""
    for before in (as_ordinary_user(), behind("container")):
        assert run(*before, *COMMAND, "--version", cwd=tmp_path).out.startswith("socklab ")
