"""The walkthroughs: each runs from top to bottom in a real kernel, and says what its prose speaks of; copies of them open in JupyterLab."""

import json
import os
import re
import signal
import subprocess
from pathlib import Path
from typing import Any
from urllib.request import urlopen

import jupytext
import nbclient
import nbformat
import pytest
from front_door import COMMAND, SECONDS, changed, listens, socklab, wait_until
from nbformat import NotebookNode

from socklab import walkthroughs

NOTEBOOKS = sorted(Path(walkthroughs.folder()).glob("*.md"))


def said(cell: NotebookNode) -> str:
    """What a reader without pictures gets of a cell's outputs, errors too."""
    parts: list[str] = []
    for output in cell.outputs:
        parts.append(output.get("text", "") or output.get("evalue", "") or output.get("data", {}).get("text/plain", ""))
    return "\n".join(parts)


def test_there_are_five() -> None:
    assert [path.name[:2] for path in NOTEBOOKS] == ["1-", "2-", "3-", "4-", "5-"]


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_it_runs_from_top_to_bottom(path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """No cell fails that should not, each output is what the text says, and no file is left in the reader's folder."""
    monkeypatch.setenv("IPYTHONDIR", str(tmp_path / "ipython"))
    monkeypatch.setenv("LC_ALL", "C.UTF-8")
    reader = tmp_path / "reader"
    reader.mkdir()
    notebook = jupytext.read(path)
    client = nbclient.NotebookClient(notebook, timeout=600, kernel_name="python3", coalesce_streams=True)
    client.execute(cwd=str(reader))
    told = [(cell.metadata["expect"], said(cell)) for cell in notebook.cells if "expect" in cell.metadata]
    assert len(told) >= 5
    assert [(wanted, text) for wanted, text in told if not re.search(wanted, text, re.DOTALL)] == []
    assert list(reader.iterdir()) == []


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_it_has_hints_and_an_answer_that_are_folded(path: Path) -> None:
    text = path.read_text()
    assert len(re.findall(r"<summary>Hint", text)) >= 3
    assert len(re.findall(r"<summary>Answer", text)) >= 1
    assert text.count("<details>") == text.count("</details>")
    assert "127.0.0.1" in text


@pytest.fixture
def lab(tmp_path: Path) -> dict[str, str]:
    """The environment of a learner who has never started Jupyter."""
    places = {
        f"JUPYTER{name}_DIR": str(tmp_path / name.lower())
        for name in ("_CONFIG", "_DATA", "_RUNTIME", "LAB_WORKSPACES")
    }
    return changed({**places, "IPYTHONDIR": str(tmp_path / "ipython"), "LC_ALL": "C.UTF-8"})


def asked(server: dict[str, Any], what: str) -> Any:
    """What the server answers."""
    with urlopen(f"{server['url']}{what}?token={server['token']}", timeout=SECONDS) as answer:
        return json.load(answer)


def test_copies_open_in_jupyterlab_and_stay_as_they_are(lab: dict[str, str], tmp_path: Path) -> None:
    """JupyterLab serves them on 127.0.0.1, asks its makers nothing, ends by Ctrl-C; a copy that was changed is kept."""
    words = [*COMMAND, "notebooks", "lesson", "--no-open", "--port", "0"]
    names = [path.stem + ".ipynb" for path in NOTEBOOKS]
    (tmp_path / "lesson").mkdir()
    (tmp_path / "lesson" / names[0]).write_text("spoiled")
    process = subprocess.Popen(
        words, cwd=tmp_path, env=lab, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    )
    try:
        told = tmp_path / "_runtime" / f"jpserver-{process.pid}.json"
        wait_until(lambda: told.exists() and told.read_text().strip().endswith("}"), process, "a server that listens")
        server = json.loads(told.read_text())
        wait_until(lambda: listens(server["port"]), process, "and lets somebody in")
        assert server["url"].startswith("http://127.0.0.1:")
        assert sorted(each["name"] for each in asked(server, "api/contents")["content"]) == names
        assert asked(server, f"api/contents/{names[1]}")["content"]["cells"]
        settings = asked(server, "lab/api/settings/@jupyterlab/apputils-extension:notification")["schema"]["properties"]
        assert (settings["fetchNews"]["default"], settings["checkForUpdates"]["default"]) == ("false", False)
        process.send_signal(signal.SIGTERM)
        out, _ = process.communicate(timeout=SECONDS)
    finally:
        process.kill()
        process.wait()
    assert out.splitlines()[:2] == [
        f"kept    {os.path.join('lesson', names[0])}  (it was there already)",
        f"wrote   {os.path.join('lesson', names[1])}",
    ]
    assert (tmp_path / "lesson" / names[0]).read_text() == "spoiled"
    assert nbformat.read(tmp_path / "lesson" / names[1], as_version=4).metadata["kernelspec"]["name"] == "python3"


def test_without_jupyterlab_it_says_what_to_install(tmp_path: Path) -> None:
    """In an environment that has socklab alone."""
    hidden = tmp_path / "sitecustomize.py"
    hidden.write_text("import sys\nfor name in ('jupyterlab', 'jupytext'): sys.modules[name] = None\n")
    answer = socklab("notebooks", cwd=tmp_path, env={"PYTHONPATH": str(tmp_path)})
    assert (answer.code, answer.out) == (4, "")
    assert "pip install 'socklab[notebooks]'" in answer.err


@pytest.mark.parametrize("port", ["-1", "65536", "x", ""])
def test_a_port_that_is_none_is_refused(port: str, tmp_path: Path) -> None:
    answer = socklab("notebooks", f"--port={port}", cwd=tmp_path)
    assert answer.code == 2
    assert "is no port" in answer.err
