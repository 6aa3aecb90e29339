"""The zip for Gradescope, in the folders that its documentation gives: /autograder/source, submission and results."""

import json
import shutil
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import container
import exported
import pytest

BASE = "/autograder"

ALLOWED = {"p", "b", "code", "pre", "ul", "li"}
"""Elements that Gradescope's sanitizer has no reason to take out: none acts, links, loads or styles."""


class Autograder:
    """An image after `setup.sh`, as Gradescope builds it: the zip in source, run_autograder beside it."""

    def __init__(self, top: Path) -> None:
        self.top = top
        exported.export("gradescope", top / "autograder.zip")
        self.base = top / "autograder"
        exported.unzip(top / "autograder.zip", self.base / "source")
        shutil.copy(self.base / "source" / "run_autograder", self.base / "run_autograder")
        setup = self.run("bash", f"{BASE}/source/setup.sh", env={"SOCKLAB_PYTHON": container.PYTHON})
        assert (setup.returncode, setup.stderr) == (0, ""), setup
        assert "a trial with is_port_open.c: failed, in the shared tier" in setup.stdout

    def run(self, *argv: str, env: dict[str, str] | None = None) -> Any:
        """Run something in the image's container; what it is to cache stays from one run to the next."""
        cache = self.top / "cache"
        cache.mkdir(exist_ok=True)
        mounts = {BASE: self.base, "/tmp/home": cache}
        return container.run(argv, mounts=mounts, folder=BASE, env=env)

    def graded(self, hand_in: dict[str, bytes]) -> str:
        """What is in results.json after a submission was graded."""
        exported.hand_in(self.base / "submission", hand_in)
        results = self.base / "results"
        shutil.rmtree(results, ignore_errors=True)
        results.mkdir()
        ran = self.run(f"{BASE}/run_autograder")
        assert (ran.returncode, ran.stdout, ran.stderr) == (0, "", ""), ran
        return (results / "results.json").read_text()


@pytest.fixture(scope="module")
def autograder(tmp_path_factory: pytest.TempPathFactory) -> Autograder:
    """One image for all."""
    container.need()
    return Autograder(tmp_path_factory.mktemp("gradescope"))


class Elements(HTMLParser):
    """The names of all elements of a text, and whatever is more than a name."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.names: set[str] = set()
        self.more: list[Any] = []
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.names.add(tag)
        self.more += attrs

    def handle_comment(self, data: str) -> None:
        self.more.append(data)


def assert_harmless(results: dict[str, Any]) -> None:
    """All HTML in the results consists of a few elements without attributes."""
    texts = [results["output"], *(test["output"] for test in results["tests"] if "output" in test)]
    for text in texts:
        found = Elements(text)
        assert found.names <= ALLOWED
        assert found.more == []


def earned(results: dict[str, Any]) -> tuple[float, float]:
    """The sums of the test cases' scores and of what they could be."""
    scored = [test for test in results["tests"] if "score" in test]
    return sum(test["score"] for test in scored), sum(test["max_score"] for test in scored)


@pytest.mark.parametrize("kind", ["right", "right in Python"])
def test_a_right_submission_gets_all_points_whatever_could_not_run(autograder: Autograder, kind: str) -> None:
    """In C and in Python the same, though a container without namespaces leaves checks out, and Python has fewer."""
    results = exported.valid("gradescope", autograder.graded(exported.HAND_INS[kind]))
    assert results["score"] == 64.0
    assert results["extra_data"]["tier"] == "shared"
    assert "checks could not run" in results["output"]
    got, possible = earned(results)
    assert got == possible < 64
    assert {test.get("status") for test in results["tests"]} == {"passed", None}
    assert results["stdout_visibility"] == "hidden"
    assert_harmless(results)


def test_a_wrong_submission_loses_its_share_and_is_told_why(autograder: Autograder) -> None:
    """What to mend comes first, with the mistake, the picture of the calls and the learner's lines."""
    results = exported.valid("gradescope", autograder.graded(exported.HAND_INS["wrong"]))
    got, possible = earned(results)
    assert 0 < got < possible
    assert results["score"] == round(64 * got / possible, 2)
    assert exported.MISTAKE in results["output"]
    first = results["tests"][0]
    assert (first["status"], first["score"], first["visibility"]) == ("failed", 0, "visible")
    for part in ("<b>Expected</b> 0", "<b>Got</b> -1", "ECONNREFUSED", "<pre>  23 |     close(fd);</pre>"):
        assert part in first["output"]
    assert_harmless(results)


@pytest.mark.parametrize("kind", exported.REASONS)
def test_what_cannot_be_graded_gets_no_points_and_a_reason(autograder: Autograder, kind: str) -> None:
    """And no crash of the autograder."""
    results = exported.valid("gradescope", autograder.graded(exported.HAND_INS[kind]))
    assert results["score"] == 0
    assert exported.REASONS[kind] in results["output"]
    assert [test["status"] for test in results["tests"]] == ["failed"]
    assert_harmless(results)


def test_a_submission_that_never_returns_is_ended(autograder: Autograder) -> None:
    """And told so."""
    results = exported.valid("gradescope", autograder.graded(exported.HAND_INS["hanging"]))
    assert results["score"] < 6
    assert "did not return within" in results["tests"][0]["output"]


def test_a_submission_in_an_archive_is_found(autograder: Autograder, tmp_path: Path) -> None:
    """As in `socklab grade`."""
    exported.hand_in(tmp_path / "work", exported.HAND_INS["right"])
    shutil.make_archive(str(tmp_path / "mine"), "zip", tmp_path / "work")
    archive = {"mine.zip": (tmp_path / "mine.zip").read_bytes()}
    assert exported.valid("gradescope", autograder.graded(archive))["score"] == 64.0


def test_a_file_of_the_expected_name_is_found_among_others(autograder: Autograder) -> None:
    """Whatever else was handed in with it."""
    files = exported.HAND_INS["right"] | {"a.txt": b"notes", "old.c": b"int x;\n", "test.py": b"import is_port_open\n"}
    assert exported.valid("gradescope", autograder.graded(files))["score"] == 64.0


def test_what_a_submission_says_stays_text(autograder: Autograder) -> None:
    """Neither its name nor what the compiler quotes of it becomes an element."""
    source = b'#error <script>alert("x")</script> <img src=x onerror=alert(1)>\nint is_port_open(int port) { return port; }\n'
    results = exported.valid("gradescope", autograder.graded({"<b onclick=x>.c": source}))
    assert results["score"] == 0
    assert "&lt;script&gt;" in results["output"]
    assert_harmless(results)


def test_a_harness_error_is_no_score(autograder: Autograder) -> None:
    """Gradescope says then that the autograder failed; its output, which is for whoever runs the course, has the reason."""
    exported.hand_in(autograder.base / "submission", exported.HAND_INS["right"])
    ran = autograder.run(f"{BASE}/run_autograder", env={"TMPDIR": "/nowhere"})
    assert ran.returncode == 4
    assert "cannot make a temporary folder in /nowhere" in ran.stderr
    results = json.loads((autograder.base / "results" / "results.json").read_text())
    assert not exported.schema("gradescope").is_valid(results)
    assert results.keys() & {"score", "tests"} == set()
    assert "The grader failed, not your program" in results["output"]
    assert "/nowhere" not in json.dumps(results)


def test_submissions_cannot_read_what_is_not_theirs(autograder: Autograder) -> None:
    """Neither checks nor what Gradescope tells of earlier submissions; this one is told so by itself."""
    (autograder.base / "submission_metadata.json").write_text("{}")
    looks = b"""
import os

def is_port_open(port):
    names = "source/socklab/settings.json", "submission_metadata.json", "results"
    raise ValueError(any(os.access(f"/autograder/{name}", os.R_OK) for name in names))
"""
    results = exported.valid("gradescope", autograder.graded({"is_port_open.py": looks}))
    assert "ValueError: False" in results["tests"][0]["output"]


def test_it_can_be_tried_without_an_image(tmp_path: Path) -> None:
    """With another folder for /autograder, named by SOCKLAB_BASE."""
    exported.export("gradescope", tmp_path / "is-port-open.zip")
    exported.unzip(tmp_path / "is-port-open.zip", tmp_path / "base" / "source")
    exported.hand_in(tmp_path / "base" / "submission", exported.HAND_INS["wrong"])
    answer = exported.run_here(tmp_path / "base" / "source" / "run_autograder", base=tmp_path / "base")
    assert (answer.code, answer.err) == (0, "")
    results = exported.valid("gradescope", (tmp_path / "base" / "results" / "results.json").read_text())
    assert 0 < results["score"] < 64
