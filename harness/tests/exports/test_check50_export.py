"""The folder for check50, in the shape that its documentation gives, run by check50 itself."""

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import container
import exported
import pytest

from socklab import catalog
from socklab.reports.check50 import name_of

pytest.importorskip("check50", reason="check50 is not installed")

PACKAGES = next(Path(path) for path in sys.path if Path(path, "check50", "__main__.py").is_file())
OWN_NAMES = {
    "GRADE",
    "SECONDS",
    "LeftOut",
    "check",
    "check50",
    "functools",
    "gradable",
    "json",
    "subprocess",
    "sys",
    "tell",
    "tell_one",
}
"""What checks.py gives names to itself."""


class Checks:
    """The folder, a learner's folder, and check50 run in that."""

    def __init__(self, top: Path) -> None:
        self.top = top
        self.checks = top / "checks"
        exported.export("check50", self.checks)
        self.student = top / "student"

    def in_container(self, hand_in: dict[str, bytes]) -> dict[str, Any]:
        """check50's JSON, without namespaces, as root."""
        exported.hand_in(self.student, hand_in)
        cache = self.top / "cache"
        cache.mkdir(exist_ok=True)
        mounts = {"/checks": self.checks, "/student": self.student, "/packages": PACKAGES, "/tmp/home": cache}
        env = {"PYTHONPATH": "/packages", "PYTHONDONTWRITEBYTECODE": "1"}
        argv = [container.PYTHON, "-m", "check50", "--dev", "/checks", "-o", "json"]
        return self._read(container.run(argv, mounts=mounts, folder="/student", env=env), "/checks")

    def here(self, hand_in: dict[str, bytes]) -> dict[str, Any]:
        """check50's JSON, on this machine as it is."""
        exported.hand_in(self.student, hand_in)
        argv = [sys.executable, "-m", "check50", "--dev", str(self.checks), "-o", "json"]
        ran = subprocess.run(argv, cwd=self.student, capture_output=True, text=True, timeout=container.SECONDS)
        return self._read(ran, str(self.checks))

    @staticmethod
    def _read(ran: subprocess.CompletedProcess[str], slug: str) -> dict[str, Any]:
        content = exported.valid("check50", ran.stdout)
        assert content["slug"] == slug
        all_passed = all(result["passed"] for result in content["results"])
        assert ran.returncode == (0 if all_passed else 1), ran.stderr
        return content


@pytest.fixture(scope="module")
def checks(tmp_path_factory: pytest.TempPathFactory) -> Checks:
    """One folder for all."""
    return Checks(tmp_path_factory.mktemp("check50"))


@pytest.fixture
def contained(checks: Checks) -> Checks:
    """The same, for tests in a container, whose Python must be able to load this Python's packages."""
    container.need()
    version = container.run([container.PYTHON, "-c", "import sys; print(*sys.version_info[:2])"], mounts={}).stdout
    if version.split() != [str(number) for number in sys.version_info[:2]]:
        pytest.skip("the container's Python is of another version than the one that check50 is installed for")
    return checks


def by_name(content: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """check50's results."""
    return {result["name"]: result for result in content["results"]}


@pytest.mark.parametrize("kind", ["right", "right in Python"])
def test_a_right_submission_passes_all_that_can_run(contained: Checks, kind: str) -> None:
    """What cannot, or is for the other language, is null, with the reason and without an error."""
    content = contained.in_container(exported.HAND_INS[kind])
    results = by_name(content)
    assert (results["gradable"]["passed"], results["gradable"]["data"]) == (True, {"score": 64.0, "share": 1.0})
    assert {result["passed"] for result in content["results"]} == {True, None}
    assert results["open_port"]["passed"] is True
    assert results["open_port_1"]["cause"] == {"rationale": "it needs a private network", "help": None}
    left_out = [result for result in content["results"] if result["passed"] is None]
    assert all("error" not in result["cause"] for result in left_out)
    other = "c" if kind == "right in Python" else "python"
    assert any(result["cause"]["rationale"] == f"only for {other}" for result in left_out)


def test_a_wrong_submission_fails_what_it_gets_wrong(contained: Checks) -> None:
    """With what was expected, what came and what to look at; the mistake is in the first check's log."""
    content = contained.in_container(exported.HAND_INS["wrong"])
    failed = [result for result in content["results"] if result["passed"] is False]
    assert [result["name"] for result in failed] == [
        "close_spoils_errno_after_refusal",
        "close_spoils_errno_after_error",
    ]
    cause = failed[0]["cause"]
    assert (cause["rationale"], cause["expected"], cause["actual"]) == ("expected 0, got -1", "0", "-1")
    assert "Keep errno in a variable" in cause["help"]
    assert any("line 23" in line for line in failed[0]["log"])
    first = content["results"][0]
    assert any(exported.MISTAKE in line for line in first["log"])
    assert 0 < first["data"]["score"] < 64


@pytest.mark.parametrize("kind", exported.REASONS)
def test_what_cannot_be_graded_fails_the_first_check(checks: Checks, kind: str) -> None:
    """Of the others check50 says that they wait for it. It copies only files of languages that are offered, so of others nothing is known."""
    content = checks.here(exported.HAND_INS[kind])
    first, *others = content["results"]
    expected = exported.REASONS["nothing" if kind == "another language" else kind]
    assert first["passed"] is False
    assert expected in first["cause"]["rationale"]
    assert {(result["passed"], result["dependency"]) for result in others} == {(None, "gradable")}


def test_a_submission_that_never_returns_is_ended(checks: Checks) -> None:
    """Long before check50's own time limit."""
    results = by_name(checks.here(exported.HAND_INS["hanging"]))
    assert "did not return within" in results["open_port"]["cause"]["rationale"]
    assert results["gradable"]["data"]["share"] < 0.1


def test_a_harness_error_is_an_error_of_the_checks(checks: Checks, monkeypatch: pytest.MonkeyPatch) -> None:
    """Null and not false: nobody failed. The reason, which might tell of hidden checks, stays behind."""
    monkeypatch.setenv("PATH", "/nowhere")
    first = checks.here(exported.HAND_INS["right"])["results"][0]
    error = first["cause"]["error"]
    assert (first["passed"], error["type"]) == (None, "RuntimeError")
    assert error["value"].startswith("something went wrong on the machine")


def test_a_grader_that_says_nothing_is_an_error_of_the_checks(checks: Checks) -> None:
    """As if somebody had lost a file of it."""
    settings = checks.checks / "socklab" / "settings.json"
    text = settings.read_text()
    settings.write_text(text.replace('"is-port-open"', '"gone"'))
    try:
        first = checks.here(exported.HAND_INS["right"])["results"][0]
    finally:
        settings.write_text(text)
    assert first["passed"] is None
    assert first["cause"]["error"]["value"] == "the grader ended with exit code 4"


def test_the_checks_are_those_that_socklab_shows(checks: Checks) -> None:
    """In its order, with its titles."""
    results = checks.here(exported.HAND_INS["not C"])["results"][1:]
    shown = [(name_of(check.slug), check.title) for check in catalog.find("is-port-open").checks]
    assert [(result["name"], result["description"]) for result in results] == shown


def test_no_check_of_an_exercise_is_called_as_something_else_in_the_file() -> None:
    """It would take its place."""
    for exercise in catalog.all_exercises():
        names = [name_of(check.slug) for check in exercise.checks]
        assert set(names) & OWN_NAMES == set()
        assert all(name.isidentifier() for name in names)


def test_files_of_other_kinds_are_left_where_they_are(checks: Checks) -> None:
    """A folder full of anything does not matter."""
    files = exported.HAND_INS["right"] | {"notes.txt": b"x", "core": os.urandom(100)}
    assert checks.here(files)["results"][0]["passed"] is True
