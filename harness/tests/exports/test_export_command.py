"""`socklab export`: what it writes, from where, and what it refuses."""

import json
import os
import shutil
import stat
import subprocess
import sys
import zipfile
from pathlib import Path

import container
import exported
import pytest
from front_door import assert_refused, assert_wrong_usage, socklab
from test_visibility import BROKEN, OF_LATER, OF_SECRETS, PRINTS, RIGHT, WRONG, Lab, none_of

import socklab as package
from socklab import exports

GRADERS = exports.names()
ROOTS = {
    "autolab": {"autograde-Makefile", "autograde.tar", "image"},
    "check50": {".cs50.yml", "__init__.py", "socklab"},
    "gradescope": {"setup.sh", "run_autograder", "socklab"},
    "prairielearn": {"questions", "image"},
}
"""What lies at the top of each export."""

TITLE_IN_KOREAN = "누군가 리슨하는 포트는 열려 있음"
"""What the first check of is-port-open is called."""

SCRIPTS = Path(exports.__file__).parent / "files"
SHELL = [path for path in sorted(SCRIPTS.rglob("*")) if path.suffix == ".sh" or path.name == "run_autograder"]


def files_in(folder: Path) -> dict[str, Path]:
    """All files below a folder, by path, what Autolab's tar holds among them."""
    for tar in folder.rglob("*.tar"):
        subprocess.run(["tar", "xf", tar, "-C", folder], check=True)
    return {str(path.relative_to(folder)): path for path in folder.rglob("*") if path.is_file()}


LISTS_MODULES = """
import runpy, sys
del sys.argv[0]
try:
    runpy.run_path(sys.argv[0], run_name="__main__")
except SystemExit:
    pass
print(*filter(None, (getattr(module, "__file__", None) for module in sys.modules.values())), sep="\\n")
"""
"""Runs a script, and prints where every module that it loaded has come from."""


def grade_in(folder: Path) -> Path:
    """An export's script that grades."""
    return next(path for name, path in files_in(folder).items() if name.endswith("socklab/grade.py"))


@pytest.fixture(params=GRADERS)
def laid_out(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    """An export of each kind, as a folder."""
    exported.export(request.param, tmp_path / request.param)
    return tmp_path / request.param


# -- what is written ---------------------------------------------------------------------------------------------------


def test_each_grader_gets_the_files_that_it_looks_for(laid_out: Path) -> None:
    """At the top of the folder."""
    assert {path.name for path in laid_out.iterdir()} == ROOTS[laid_out.name]


def test_without_a_place_it_is_written_here(tmp_path: Path) -> None:
    """A zip for Gradescope, which takes one, and a folder for the others; and it is said what to do with it."""
    for grader in GRADERS:
        answer = socklab("export", grader, "daytime-server", cwd=tmp_path)
        name = f"daytime-server-{grader}" + (".zip" if grader == "gradescope" else "")
        assert (answer.code, answer.err) == (0, "")
        assert answer.out.splitlines()[0] == f"wrote {name}"
        assert len(answer.out.splitlines()) == 2
        assert (tmp_path / name).exists()


def test_any_export_can_be_a_zip(tmp_path: Path) -> None:
    """With the same files, which keep who may execute them."""
    exported.export("gradescope", tmp_path / "one.zip")
    exported.export("gradescope", tmp_path / "other")
    exported.unzip(tmp_path / "one.zip", tmp_path / "unzipped")
    one, other = files_in(tmp_path / "unzipped"), files_in(tmp_path / "other")
    assert one.keys() == other.keys()
    for name, path in other.items():
        assert one[name].stat().st_mode == path.stat().st_mode, name
    assert other["run_autograder"].stat().st_mode & stat.S_IXUSR
    with zipfile.ZipFile(tmp_path / "one.zip") as archive:
        assert archive.testzip() is None


def test_it_takes_one_exercise_along_and_no_solution(laid_out: Path) -> None:
    """Nor what Python caches, nor anything compiled for this machine."""
    names = files_in(laid_out)
    exercises = {name.split("exercises/")[1].split("/")[0] for name in names if "/exercises/" in name}
    assert exercises == {"is-port-open"}
    assert [
        name for name in names if "solutions" in name or "__pycache__" in name or name.endswith((".pyc", ".so"))
    ] == []
    assert [name for name in names if "LICEN" in name.upper()]


def test_scripts_are_sound(laid_out: Path) -> None:
    """bash can read them, none has Windows' line ends, and shellcheck has nothing to say where there is one."""
    for name, path in files_in(laid_out).items():
        content = path.read_bytes()
        if content.startswith(b"#!") and b"sh\n" in content[:20]:
            assert b"\r" not in content, name
            assert subprocess.run(["bash", "-n", path]).returncode == 0, name


@pytest.mark.parametrize("path", SHELL, ids=lambda path: path.name)
def test_shellcheck_finds_nothing(path: Path) -> None:
    """Save what it cannot know: that find_python.sh, which is read, sets $python."""
    if not shutil.which("shellcheck"):
        pytest.skip("shellcheck is not installed")
    words = [
        "shellcheck",
        "--shell",
        "bash" if "gradescope" in path.parts else "sh",
        "--exclude",
        "SC1090,SC1091,SC2154",
        path,
    ]
    ran = subprocess.run(words, capture_output=True, text=True)
    assert ran.returncode == 0, ran.stdout


def test_it_needs_nothing_that_a_bare_python_has_not(laid_out: Path, tmp_path: Path) -> None:
    """Every module that it grades with lies in the export or in the standard library."""
    grade = grade_in(laid_out)
    exported.hand_in(tmp_path / "student", exported.HAND_INS["wrong"])
    argv = [sys.executable, "-ISc", LISTS_MODULES, grade, tmp_path / "student", tmp_path / "out"]
    ran = subprocess.run(argv, capture_output=True, text=True, timeout=container.SECONDS)
    assert ran.stderr == ""
    loaded = ran.stdout.splitlines()
    assert any(name.endswith("socklab/grading.py") for name in loaded)
    elsewhere = [name for name in loaded if not name.startswith((str(grade.parent), os.path.dirname(os.__file__)))]
    assert elsewhere == []
    assert [name for name in loaded if "site-packages" in name] == []


def test_an_installed_package_exports_the_same_as_a_checkout(tmp_path: Path) -> None:
    """There the exercises lie inside the package, as a wheel has them."""
    here = Path(package.__file__).parent
    installed = tmp_path / "site-packages" / "socklab"
    shutil.copytree(here, installed, ignore=shutil.ignore_patterns("__pycache__", "exercises"))
    shutil.copytree(exported.ROOT / "exercises", installed / "exercises", ignore=shutil.ignore_patterns("__pycache__"))
    exported.export("check50", tmp_path / "checkout")
    answer = socklab(
        "export",
        "check50",
        "is-port-open",
        "--output",
        "wheel",
        cwd=tmp_path,
        env={"PYTHONPATH": str(installed.parent)},
    )
    assert answer.code == 0
    checkout, wheel = files_in(tmp_path / "checkout"), files_in(tmp_path / "wheel")
    assert checkout.keys() == wheel.keys()
    assert [name for name, path in wheel.items() if path.read_bytes() != checkout[name].read_bytes()] == []


def test_learners_are_spoken_to_in_the_language_of_the_export(tmp_path: Path) -> None:
    """Whatever the language of the machine that grades."""
    exported.export("check50", tmp_path / "checks", "--lang", "ko")
    exported.hand_in(tmp_path / "student", exported.HAND_INS["wrong"])
    argv = [sys.executable, "-IS", tmp_path / "checks" / "socklab" / "grade.py", tmp_path / "student"]
    ran = subprocess.run(
        argv, capture_output=True, text=True, env=os.environ | {"LANG": "en_US.UTF-8", "LC_ALL": "C.UTF-8"}
    )
    results = exported.valid("check50", ran.stdout)["results"]
    assert results[1]["description"] == TITLE_IN_KOREAN
    assert TITLE_IN_KOREAN in (tmp_path / "checks" / "__init__.py").read_text()


# -- hidden checks -----------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def lab(tmp_path_factory: pytest.TempPathFactory) -> Lab:
    """A checkout with an exercise of which some checks are hidden."""
    return Lab(tmp_path_factory.mktemp("lab"))


def told(lab: Lab, grader: str, source: str) -> str:
    """What `grader` reads of a submission."""
    place = lab.top / grader
    if not place.exists():
        answer = lab("export", grader, "tiny", "--output", str(place))
        assert (answer.code, answer.err) == (0, "")
    exported.hand_in(lab.top / "student", {"tiny.py": source.encode()})
    argv = [sys.executable, "-IS", grade_in(place), lab.top / "student"]
    ran = subprocess.run(argv, capture_output=True, text=True, timeout=container.SECONDS)
    assert (ran.returncode, ran.stderr) == (0, "")
    return ran.stdout


SHARES = {PRINTS: 0.3, WRONG: 0.1, RIGHT: 1.0}
"""By submission: the share of all points that it earns, hidden ones among them."""


@pytest.mark.parametrize(
    "source", [PRINTS, WRONG, RIGHT, BROKEN], ids=["only hidden ones fail", "wrong", "right", "broken"]
)
@pytest.mark.parametrize("grader", ["autolab", "check50", "prairielearn"])
def test_learners_see_nothing_of_hidden_checks_and_the_score_counts_them(lab: Lab, grader: str, source: str) -> None:
    """Neither their names nor what was expected, nor a mistake that only they betray."""
    text = told(lab, grader, source)
    none_of((*OF_SECRETS, *OF_LATER), text)
    if source == BROKEN:
        return
    share = SHARES[source]
    if grader == "autolab":
        assert json.loads(text.splitlines()[-1])["scores"] == {"tiny": 10 * share}
    elif grader == "check50":
        assert exported.valid("check50", text)["results"][0]["data"] == {"score": 10 * share, "share": share}
    else:
        assert exported.valid("prairielearn", text)["score"] == share


@pytest.mark.parametrize("source", SHARES, ids=["only hidden ones fail", "wrong", "right"])
def test_gradescope_gets_hidden_checks_with_their_visibility(lab: Lab, source: str) -> None:
    """So staff see them, and learners once they may; what tells of one is nowhere where it is seen earlier."""
    results = exported.valid("gradescope", told(lab, "gradescope", source))
    assert results["score"] == 10 * SHARES[source]
    tests = {test["extra_data"]["check"]: test for test in results["tests"]}
    assert {name: test["visibility"] for name, test in tests.items()} == {
        "one": "visible",
        "forbidden": "visible",
        "later": "after_due_date",
        "secret": "hidden",
        "secret-bonus": "hidden",
    }
    none_of((*OF_SECRETS, *OF_LATER), results["output"] + json.dumps([tests["one"], tests["forbidden"]]))
    none_of(OF_SECRETS, json.dumps(tests["later"]))
    assert tests["secret"]["name"] == "SECRET-TITLE"
    assert ("tiny(7)" in tests["secret"]["output"]) is (source == PRINTS)


def test_a_check_that_waits_for_a_hidden_one_does_not_name_it(tmp_path: Path) -> None:
    """Not even once the due date has passed, when learners see the one that waits."""
    own = Lab(tmp_path)
    with open(Path(own.exercise.folder, "hidden_checks.py"), "a") as file:
        file.write(
            '\n\n@check(points=1, hint="h", needs=("secret",), visible="after-due-date")\n'
            'def waits(program: Program, scene: Scene) -> None:\n    """it waits"""\n    expect(program.call(1)).to_return(1)\n'
        )
    results = exported.valid("gradescope", told(own, "gradescope", PRINTS))
    (waits,) = (test for test in results["tests"] if test["extra_data"]["check"] == "waits")
    assert (waits["visibility"], waits["status"]) == ("after_due_date", "failed")
    assert "Not tried" in waits["output"]
    none_of(OF_SECRETS, json.dumps(waits))


def test_the_checks_of_check50_do_not_name_hidden_ones(lab: Lab) -> None:
    """Only the folder socklab beside them does, which therefore must not be public; that is said."""
    told(lab, "check50", RIGHT)
    none_of((*OF_SECRETS, *OF_LATER), (lab.top / "check50" / "__init__.py").read_text())
    answer = lab("export", "check50", "tiny", "--output", str(lab.top / "check50-again"))
    assert "hidden checks" in answer.out
    assert "hidden checks" not in exported.export("check50", lab.top / "without").out


# -- what is refused ---------------------------------------------------------------------------------------------------


def test_an_unknown_exercise_is_refused(tmp_path: Path) -> None:
    """With the nearest name; nothing is written."""
    answer = socklab("export", "gradescope", "is-port-opn", cwd=tmp_path)
    assert_refused(answer, 2, "there is no exercise called 'is-port-opn'. Did you mean is-port-open?")
    assert list(tmp_path.iterdir()) == []


def test_an_unknown_grader_is_refused(tmp_path: Path) -> None:
    """With those that there are."""
    assert_wrong_usage(socklab("export", "moodle", "is-port-open", cwd=tmp_path), "moodle", "gradescope")


def test_a_folder_with_something_in_it_is_left_alone(tmp_path: Path) -> None:
    """An empty one is used, and an older zip is replaced."""
    (tmp_path / "mine").mkdir()
    exported.export("check50", tmp_path / "mine")
    before = sorted((tmp_path / "mine").rglob("*"))
    answer = socklab("export", "gradescope", "is-port-open", "--output", "mine", cwd=tmp_path)
    assert_refused(answer, 2, "mine: that is there already")
    assert sorted((tmp_path / "mine").rglob("*")) == before
    (tmp_path / "old.zip").write_text("old")
    exported.export("gradescope", tmp_path / "old.zip")
    assert zipfile.is_zipfile(tmp_path / "old.zip")
    (tmp_path / "folder.zip").mkdir()
    answer = socklab("export", "gradescope", "is-port-open", "--output", "folder.zip", cwd=tmp_path)
    assert_refused(answer, 2, "folder.zip: that is there already")


def test_a_place_that_is_not_there_is_refused(tmp_path: Path) -> None:
    """And nothing is left half-written."""
    (tmp_path / "file").write_text("x")
    for output in ("no/such/folder", "file/below", "no/such.zip", "file"):
        answer = socklab("export", "check50", "is-port-open", "--output", output, cwd=tmp_path)
        assert_refused(answer, 2, f"{output}: ")
    assert [path.name for path in tmp_path.iterdir()] == ["file"]


@pytest.mark.parametrize("output", ["full/checks", "full/checks.zip"])
def test_a_full_disk_leaves_nothing_behind(output: str, tmp_path: Path) -> None:
    """A file system of 100 kB, where all of it does not fit."""
    (tmp_path / "full").mkdir()
    script = 'mount -t tmpfs -o size=100k none "$1" && shift && "$@"; code=$?; ls -A full; exit $code'
    before = ["unshare", "--user", "--map-root-user", "--mount", "--", "sh", "-c", script, "sh", str(tmp_path / "full")]
    if subprocess.run([*before, "true"], capture_output=True).returncode != 0:
        pytest.skip("no file system can be mounted here")
    answer = socklab("export", "check50", "is-port-open", "--output", output, cwd=tmp_path, before=before)
    assert_refused(answer, 4, f"{output}: the disk is full")


# -- the machine that grades -------------------------------------------------------------------------------------------


def found_python(folder: Path, path: str, **env: str) -> subprocess.CompletedProcess[str]:
    """What find_python finds, with such a PATH."""
    script = '. "$0" && find_python && echo "$python"'
    argv = ["/bin/sh", "-c", script, str(SCRIPTS / "every" / "find_python.sh")]
    return subprocess.run(argv, cwd=folder, env={"PATH": path, **env}, capture_output=True, text=True)


def test_a_python_that_is_too_old_is_passed_over(tmp_path: Path) -> None:
    """As Ubuntu 22.04 has one, and 3.11 beside it; without any that is new enough it is said what is needed."""
    old = f"#!/bin/sh\nexec {sys.executable} -c 'import sys; sys.version_info = (3, 10); exec(sys.argv[1])' \"$3\"\n"
    (tmp_path / "python3").write_text(old)
    (tmp_path / "python3").chmod(0o755)
    ran = found_python(tmp_path, str(tmp_path))
    assert (ran.returncode, ran.stdout) == (1, "")
    assert "Python 3.11 or newer is needed" in ran.stderr
    (tmp_path / "python3.12").symlink_to(sys.executable)
    assert found_python(tmp_path, str(tmp_path)).stdout == "python3.12\n"
    assert found_python(tmp_path, "", SOCKLAB_PYTHON=sys.executable).stdout == f"{sys.executable}\n"


def test_whoever_names_a_python_has_nothing_installed(tmp_path: Path) -> None:
    """Neither packages nor a Python; one that is too old is refused."""
    (tmp_path / "apt-get").write_text("#!/bin/sh\necho called >>calls\nexit 1\n")
    (tmp_path / "apt-get").chmod(0o755)
    install = ["/bin/sh", str(SCRIPTS / "every" / "install.sh")]
    path = {"PATH": f"{tmp_path}:/usr/bin:/bin"}
    named = subprocess.run(install, cwd=tmp_path, env=path | {"SOCKLAB_PYTHON": sys.executable}, capture_output=True)
    assert named.returncode == 0
    assert not (tmp_path / "calls").exists()
    assert subprocess.run(install, cwd=tmp_path, env=path, capture_output=True).returncode != 0
    assert (tmp_path / "calls").read_text() == "called\n"
