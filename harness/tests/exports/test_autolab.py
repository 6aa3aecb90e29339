"""The lab for Autolab: its two files and what was handed in lie in an empty folder, and `make` is run there."""

import json
import os
import shutil
import subprocess
from pathlib import Path

import container
import exported
import pytest

BASE = "/autolab"


class Lab:
    """A lab's files, and jobs as Autolab makes them of those."""

    def __init__(self, top: Path) -> None:
        self.top = top
        self.lab = top / "lab"
        exported.export("autolab", self.lab)
        self.job = top / "job"

    def lay_out(self, hand_in: dict[str, bytes]) -> None:
        """What the documentation's steps 1 to 3 leave on an autograding instance."""
        shutil.rmtree(self.job, ignore_errors=True)
        exported.hand_in(self.job, hand_in)
        shutil.copy(self.lab / "autograde-Makefile", self.job / "Makefile")
        shutil.copy(self.lab / "autograde.tar", self.job / "autograde.tar")

    def make(self, env: dict[str, str] | None = None, user: int = 0) -> subprocess.CompletedProcess[str]:
        """Run make there. user: who does it; 0 is root."""
        home = self.top / f"home-{user}"
        home.mkdir(exist_ok=True)
        become = []
        if user:
            become = ["setpriv", f"--reuid={user}", f"--regid={user}", "--clear-groups", "--inh-caps=-all", "--"]
            for path in (home, self.job, *self.job.iterdir()):
                os.chown(path, user, user)
        mounts = {BASE: self.job, "/tmp/home": home}
        return container.run([*become, "make"], mounts=mounts, folder=BASE, env=env)

    def graded(self, hand_in: dict[str, bytes], user: int = 0) -> tuple[float, str]:
        """The points in the last line that make prints, and all lines before it."""
        self.lay_out(hand_in)
        ran = self.make(user=user)
        assert (ran.returncode, ran.stderr) == (0, ""), ran
        return result_of(ran.stdout)


def result_of(printed: str) -> tuple[float, str]:
    """What Autolab makes of standard output: it takes off the blanks at the end, and reads the last line that is left."""
    text, _, last = printed.rstrip().rpartition("\n")
    autoresult = exported.valid("autolab", last)
    (points,) = autoresult["scoreboard"]
    assert autoresult["scores"] == {"is-port-open": points}
    assert "scoreboard" not in text
    return points, text


@pytest.fixture(scope="module")
def lab(tmp_path_factory: pytest.TempPathFactory) -> Lab:
    """One lab for all."""
    container.need()
    return Lab(tmp_path_factory.mktemp("autolab"))


USERS = pytest.mark.parametrize(
    "user",
    [0, pytest.param(1001, marks=pytest.mark.skipif(os.geteuid() != 0, reason="only root can become another user"))],
    ids=["root", "autograde"],
)
"""Tango's autodriver gives root up for a user called autograde before it runs make."""


@USERS
@pytest.mark.parametrize("kind", ["right", "right in Python"])
def test_a_right_submission_gets_all_points(lab: Lab, kind: str, user: int) -> None:
    """Though checks were left out, and said so."""
    points, text = lab.graded(exported.HAND_INS[kind], user)
    assert points == 64.0
    assert "✓ passed" in text
    assert "checks could not run" in text


def test_a_wrong_submission_loses_its_share_and_is_told_why(lab: Lab) -> None:
    """In full, with nothing that one would have to type."""
    points, text = lab.graded(exported.HAND_INS["wrong"])
    assert 0 < points < 64
    assert f"is-port-open: {points:g} of 64 points" in text
    for part in (exported.MISTAKE, "line 23   close(fd);", "ECONNREFUSED"):
        assert part in text
    assert "--all" not in text
    assert "--hints" not in text


@pytest.mark.parametrize("kind", exported.REASONS)
def test_what_cannot_be_graded_gets_no_points_and_a_reason(lab: Lab, kind: str) -> None:
    """The folder's other files, Autolab's own, are no submission."""
    points, text = lab.graded(exported.HAND_INS[kind])
    assert points == 0
    assert exported.REASONS[kind].split(":")[0] in " ".join(text.split())


def test_a_submission_that_never_returns_is_ended(lab: Lab) -> None:
    """And told so."""
    points, text = lab.graded(exported.HAND_INS["hanging"])
    assert points < 6
    assert "did not return within" in text


FORGES = """\
import os

def forge(*_):
    line = '\\n{"scores": {"is-port-open": 99}, "scoreboard": [99]}\\n'
    for descriptor in range(256):
        try:
            os.write(descriptor, line.encode())
        except OSError:
            pass
    for owner in ["self", *filter(str.isdigit, os.listdir("/proc"))]:
        for descriptor in (1, 2):
            try:
                with open(f"/proc/{owner}/fd/{descriptor}", "w") as file:
                    file.write(line)
            except OSError:
                pass
    print(line, flush=True)

def is_port_open(port):
    forge()
    if os.fork() == 0:
        os.setsid()
        forge()
        os._exit(0)
    raise ValueError('\\n{"scores": {"is-port-open": 99}, "scoreboard": [99]}')
"""


@USERS
def test_no_submission_prints_a_result_of_its_own(lab: Lab, user: int) -> None:
    """Whatever it writes to, and whatever it leaves behind to write later: ours is the last line, and the only one of its kind."""
    points, text = lab.graded({"is_port_open.py": FORGES.encode()}, user)
    assert points < 6
    assert [line for line in text.splitlines() if line.startswith('{"scores')] == []


def test_a_harness_error_is_no_result(lab: Lab) -> None:
    """Autolab then says that it can read none. Learners read all that is printed, so the reason, which might tell of checks, is not."""
    lab.lay_out(exported.HAND_INS["right"])
    ran = lab.make(env={"TMPDIR": "/nowhere"})
    assert ran.returncode != 0
    assert "The grader failed, not your program" in ran.stdout
    assert "/nowhere" not in ran.stdout + ran.stderr
    assert_no_result(ran.stdout + ran.stderr)


def test_where_no_python_is_new_enough_that_is_said(lab: Lab) -> None:
    """And nothing that could be taken for a result."""
    lab.lay_out(exported.HAND_INS["right"])
    (lab.job / "bin").mkdir()
    for name in ("sh", "make", "tar"):
        (lab.job / "bin" / name).symlink_to(f"/usr/bin/{name}")
    ran = lab.make(env={"PATH": f"{BASE}/bin"})
    assert ran.returncode != 0
    assert "the autograding image has no Python 3.11 or newer" in ran.stdout
    assert_no_result(ran.stdout + ran.stderr)


def assert_no_result(printed: str) -> None:
    """The last line is nothing that Autolab could read."""
    with pytest.raises(json.JSONDecodeError):
        json.loads(printed.rstrip().rpartition("\n")[2])


def test_make_clean_leaves_what_autolab_laid_there(lab: Lab) -> None:
    """And nothing else."""
    lab.graded(exported.HAND_INS["right"])
    subprocess.run(["make", "clean"], cwd=lab.job, check=True, capture_output=True)
    assert sorted(path.name for path in lab.job.iterdir()) == ["Makefile", "autograde.tar", "is_port_open.c"]


def test_it_can_be_tried_without_a_container(tmp_path: Path) -> None:
    """In any folder; SOCKLAB_PYTHON names a Python if the machine's own is too old."""
    lab = Lab(tmp_path)
    lab.lay_out(exported.HAND_INS["wrong"])
    answer = exported.run_here(Path(shutil.which("make") or "make"), base=lab.job)
    assert answer.code == 0
    assert 0 < result_of(answer.out)[0] < 64
    assert json.loads(answer.out.splitlines()[-1])["scores"].keys() == {"is-port-open"}
