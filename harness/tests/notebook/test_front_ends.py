"""JupyterLab and Notebook as a learner has them: a server on loopback, a browser, all cells run by the menu."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import nbformat
import pytest
from axe_playwright_python.sync_playwright import Axe
from chromium import CHROMIUM, FLAGS
from front_door import SECONDS, changed, listens, wait_until
from playwright.sync_api import Page, sync_playwright

CELLS = (
    "%load_ext socklab",
    "%%submit is-port-open --only closed-port\nint is_port_open(int port)\n{\n    return port > 7 ? 1 : 0;\n}\n",
    "import socket\n\ndef is_port_open(port):\n    return int(socket.socket().connect_ex(('127.0.0.1', port)) == 0)\n",
    "submit(is_port_open, only='closed-port')",
    "scene = %scene is-port-open open-port\nscene",
    "socket.create_connection(('127.0.0.1', scene.port)).getpeername()[1] == scene.port",
)


@contextmanager
def served(application: str, theme: str, folder: Path) -> Iterator[str]:
    """A server of `application` with its settings and files in `folder`; the address of its notebook."""
    python = {"name": "python3", "display_name": "Python 3 (ipykernel)", "language": "python"}
    cells = [nbformat.v4.new_code_cell(cell) for cell in CELLS]
    nbformat.write(nbformat.v4.new_notebook(cells=cells, metadata={"kernelspec": python}), folder / "lesson.ipynb")
    settings = {
        "apputils-extension/themes": {"theme": f"JupyterLab {theme.capitalize()}"},
        "apputils-extension/notification": {"fetchNews": "false", "checkForUpdates": False},
        "notebook-extension/tracker": {"windowingMode": "none"},  # cells out of sight stay in the page
    }
    for name, values in settings.items():
        file = folder / "settings" / "@jupyterlab" / f"{name}.jupyterlab-settings"
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(json.dumps(values))
    places = {
        f"JUPYTER{name}_DIR": str(folder / name.lower()) for name in ("_CONFIG", "_DATA", "_RUNTIME", "LAB_WORKSPACES")
    }
    options = ["--no-browser", "--allow-root", "--ip=127.0.0.1", "--ServerApp.port=0", "--IdentityProvider.token=t"]
    server = subprocess.Popen(
        [sys.executable, "-m", application, *options, f"--ServerApp.root_dir={folder}"],
        env=changed({**places, "JUPYTERLAB_SETTINGS_DIR": str(folder / "settings"), "IPYTHONDIR": str(folder)}),
        cwd=folder,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        process_group=0,
    )
    try:
        told = folder / "_runtime" / f"jpserver-{server.pid}.json"
        wait_until(lambda: told.exists() and told.read_text().strip().endswith("}"), server, "a server that listens")
        address = json.loads(told.read_text())
        wait_until(lambda: listens(address["port"]), server, "and lets somebody in")
        page = "lab/tree" if application == "jupyterlab" else "notebooks"
        yield f"{address['url']}{page}/lesson.ipynb?token=t&reset"
    finally:
        os.killpg(server.pid, signal.SIGTERM)
        server.wait(SECONDS)


@pytest.mark.parametrize(
    ("application", "theme"), [("jupyterlab", "light"), ("jupyterlab", "dark"), ("notebook", "dark")]
)
def test_a_lesson_runs_and_looks_right(tmp_path: Path, application: str, theme: str) -> None:
    """Reports are shown with their style, in the palette of the theme though the system prefers the other one; axe is content."""
    with served(application, theme, tmp_path) as address, sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        page = chromium.new_page(
            viewport={"width": 1300, "height": 4000}, color_scheme="dark" if theme == "light" else "light"
        )
        page.set_default_timeout(SECONDS * 1000)
        page.goto(address)
        run_all(page)
        assert page.locator(".socklab article").count() == 2
        assert page.locator(".socklab .verdict-word").all_inner_texts() == ["Failed", "Passed"]
        assert page.locator(".socklab dd", has_text="a listener on 127.0.0.1").count() == 1
        assert page.locator(".jp-OutputArea-output", has_text="True").count() == 1
        grounds = [
            each.evaluate("e => Math.max(...getComputedStyle(e).backgroundColor.match(/\\d+/g).map(Number))")
            for each in page.locator(".socklab").all()
        ]
        assert all(each > 200 if theme == "light" else each < 60 for each in grounds)
        page.evaluate("document.querySelectorAll('.socklab details').forEach(each => each.open = true)")
        found = Axe().run(page, ".socklab").response["violations"]
        assert [(rule["id"], [node["html"] for node in rule["nodes"]]) for rule in found] == []
        assert page.evaluate("[...document.querySelectorAll('.jp-InternalAnchorLink')].length") == 0
        chromium.close()


def run_all(page: Page) -> None:
    """Run every cell by the menu, once the page has a kernel, and wait until the last one has run."""
    kernels = f"{page.url.split('/lab/')[0].split('/notebooks/')[0]}/api/kernels?token=t"
    deadline = time.monotonic() + SECONDS
    while not _somebody_is_connected(page, kernels):
        assert time.monotonic() < deadline, "the notebook got no kernel"
        page.wait_for_timeout(50)  # a page that has none yet asks for one instead of running anything
    page.locator('.jp-Notebook-ExecutionIndicator[data-status="idle"]').wait_for()
    page.get_by_role("menuitem", name="Run", exact=True).click()
    page.get_by_role("menuitem", name="Run All Cells", exact=True).click()
    page.locator(".jp-InputPrompt", has_text=f"[{len(CELLS)}]:").wait_for()


def _somebody_is_connected(page: Page, kernels: str) -> bool:
    """A server that is just entering a new kernel into its list answers with an error: it is not there yet."""
    answer = page.request.get(kernels)
    return answer.ok and any(each["connections"] for each in answer.json())
