"""The question for PrairieLearn, in the folders that its documentation gives: /grade/student, tests, data and results."""

import json
import shutil
import subprocess
from pathlib import Path
from typing import Any

import container
import exported
import pytest

from socklab import catalog

BASE = "/grade"
QUESTION = Path("questions", "is-port-open")


class Question:
    """A course with the question in it, and jobs as PrairieLearn makes them of it."""

    def __init__(self, top: Path) -> None:
        self.top = top
        self.course = top / "course"
        exported.export("prairielearn", self.course)
        self.info = json.loads((self.course / QUESTION / "info.json").read_text())
        self.grade = top / "grade"

    def lay_out(self, hand_in: dict[str, bytes]) -> None:
        """A job's folder; there is no `results`, which the grader has to make."""
        shutil.rmtree(self.grade, ignore_errors=True)
        exported.hand_in(self.grade / "student", hand_in)
        for name in ("serverFilesCourse", "shared", "data"):
            (self.grade / name).mkdir()
        (self.grade / "data" / "data.json").write_text("{}")
        shutil.copytree(self.course / QUESTION / "tests", self.grade / "tests")
        (self.grade / "tests" / "run.sh").chmod(0o755)

    def run(self, env: dict[str, str] | None = None) -> subprocess.CompletedProcess[str]:
        """Run the entrypoint that info.json names."""
        cache = self.top / "cache"
        cache.mkdir(exist_ok=True)
        entrypoint = self.info["externalGradingOptions"]["entrypoint"]
        return container.run([entrypoint], mounts={BASE: self.grade, "/tmp/home": cache}, env=env)

    def graded(self, hand_in: dict[str, bytes]) -> dict[str, Any]:
        """What is in results.json after a submission was graded; with any other exit code PrairieLearn would not read it."""
        self.lay_out(hand_in)
        ran = self.run()
        assert (ran.returncode, ran.stdout, ran.stderr) == (0, "", ""), ran
        return self.results()

    def results(self) -> dict[str, Any]:
        """What is in results.json, which has at most a megabyte."""
        text = (self.grade / "results" / "results.json").read_text()
        assert len(text) < 1_000_000
        return exported.valid("prairielearn", text)


@pytest.fixture(scope="module")
def question(tmp_path_factory: pytest.TempPathFactory) -> Question:
    """One course for all."""
    container.need()
    return Question(tmp_path_factory.mktemp("prairielearn"))


@pytest.mark.parametrize("kind", ["right", "right in Python"])
def test_a_right_submission_gets_everything(question: Question, kind: str) -> None:
    """A score of 1, though checks were left out."""
    results = question.graded(exported.HAND_INS[kind])
    assert (results["gradable"], results["score"]) == (True, 1)
    assert "checks could not run" in results["message"]
    assert all(test["points"] == test["max_points"] for test in results["tests"])


def test_a_wrong_submission_loses_its_share_and_is_told_why(question: Question) -> None:
    """The score is that of the tests together."""
    results = question.graded(exported.HAND_INS["wrong"])
    points = sum(test["points"] for test in results["tests"])
    assert results["score"] == points / sum(test["max_points"] for test in results["tests"])
    assert exported.MISTAKE in results["message"]
    first = results["tests"][0]
    assert (first["points"], first["max_points"], first["message"]) == (0, 2, "expected 0, got -1")
    assert "line 23" in first["output"]


@pytest.mark.parametrize("kind", exported.REASONS)
def test_what_cannot_be_graded_is_not_gradable(question: Question, kind: str) -> None:
    """So it costs no attempt; the reason is a format error."""
    results = question.graded(exported.HAND_INS[kind])
    assert results["gradable"] is False
    assert exported.REASONS[kind] in results["format_errors"][0]
    assert exported.REASONS[kind].split(":")[0] in results["message"].replace("\n", " ")


def test_a_submission_that_never_returns_is_ended(question: Question) -> None:
    """Within the time that info.json allows."""
    results = question.graded(exported.HAND_INS["hanging"])
    assert results["score"] < 0.1
    assert "did not return within" in results["tests"][0]["output"]


def test_a_harness_error_costs_no_attempt(question: Question) -> None:
    """It is not gradable; the job's log, which is for whoever runs the course, has the reason, and the learner has not."""
    question.lay_out(exported.HAND_INS["right"])
    ran = question.run(env={"TMPDIR": "/nowhere"})
    assert ran.returncode == 0, ran
    assert "cannot make a temporary folder in /nowhere" in ran.stderr
    results = question.results()
    assert results["gradable"] is False
    assert "No points are lost" in results["message"]
    assert "/nowhere" not in json.dumps(results)


def test_without_results_the_job_has_failed(question: Question) -> None:
    """PrairieLearn then says so itself, and costs nobody an attempt."""
    question.lay_out(exported.HAND_INS["right"])
    (question.grade / "tests" / "socklab" / "settings.json").write_text(
        '{"language": "en", "exercise": "gone", "grader": "prairielearn"}'
    )
    ran = question.run()
    assert ran.returncode == 1
    assert "there is no exercise called 'gone'" in ran.stderr
    assert "Traceback" not in ran.stderr


def test_submissions_can_read_neither_checks_nor_answers(question: Question) -> None:
    """Root of the container grades; a submission is somebody else."""
    looks = b"""
import os

def is_port_open(port):
    raise ValueError(os.access("/grade/tests/run.sh", os.R_OK), os.access("/grade/data/data.json", os.R_OK))
"""
    results = question.graded({"is_port_open.py": looks})
    assert "ValueError: (False, False)" in results["tests"][0]["output"]


def test_the_question_is_as_documented(question: Question) -> None:
    """info.json, the panels, and the header for those who write in C."""
    info = question.info
    exported.schema("prairielearn-info").validate(info)
    assert info["externalGradingOptions"]["entrypoint"] == "/grade/tests/run.sh"
    page = (question.course / QUESTION / "question.html").read_text()
    for part in (
        "<pl-question-panel>",
        "<pl-external-grader-results>",
        'optional-file-names="is_port_open.c,is_port_open.py"',
    ):
        assert part in page
    assert (question.course / QUESTION / "clientFilesQuestion" / "is_port_open.h").is_file()
    exported.export("prairielearn", question.top / "again")
    assert json.loads((question.top / "again" / QUESTION / "info.json").read_text())["uuid"] == info["uuid"]


def test_no_statement_has_what_prairielearn_would_take_for_a_template() -> None:
    """Mustache begins with two braces, and </markdown> would end the statement."""
    for exercise in catalog.all_exercises():
        assert b"{{" not in exercise.statement()
        assert b"</markdown>" not in exercise.statement()


def test_it_can_be_tried_without_a_container(tmp_path: Path) -> None:
    """With another folder for /grade, named by SOCKLAB_BASE."""
    question = Question(tmp_path)
    question.lay_out(exported.HAND_INS["not C"])
    answer = exported.run_here(question.grade / "tests" / "run.sh", base=question.grade)
    assert (answer.code, answer.out, answer.err) == (0, "", "")
    assert question.results()["gradable"] is False
