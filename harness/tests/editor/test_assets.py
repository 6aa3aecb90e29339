"""CodeMirror in the package: the pinned modules, all that they import, nothing else, and builds without npm or network."""

import base64
import functools
import hashlib
import http.server
import importlib.util
import io
import json
import os
import re
import shutil
import subprocess
import sys
import tarfile
import threading
import tomllib
import zipfile
from collections.abc import Iterator, Mapping
from pathlib import Path, PurePosixPath
from types import ModuleType
from typing import TYPE_CHECKING

import pytest
from front_door import SECONDS, Answer, changed, run, wait_until

import socklab

if TYPE_CHECKING:
    from playwright.sync_api import Browser

TOP = Path(__file__).resolve().parents[3]
BUILD = TOP / "harness" / "build"
PINNED = tomllib.loads((BUILD / "codemirror.toml").read_text())
INSIDE = PurePosixPath("socklab/editor/assets")
OTHERS = {"LICENSES.txt", "pinned.toml"}

IMPORT = r"""^(?:import\s*|(?:import|export)\s[^'";]*\bfrom\s*)['"]([^'"]+)['"]"""

NEEDED = ("harness", "exercises", "solutions", "notebooks", "README.md", "pyproject.toml", ".gitignore")
"""What of a checkout is built from."""


@pytest.fixture(scope="module")
def hook() -> ModuleType:
    """The build hook's module, as hatchling loads it: by its path."""
    spec = importlib.util.spec_from_file_location("codemirror_hook", BUILD / "codemirror.py")
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def assets() -> Path:
    """Those that this environment was made with."""
    folder = Path(socklab.__file__).parent / "editor" / "assets"
    if not (folder / "pinned.toml").exists():
        pytest.skip("socklab was built without CodeMirror here; `uv sync --reinstall-package socklab` brings it")
    return folder


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """A copy of what git has of this tree, without what a build lays down."""
    folder = tmp_path / "checkout"
    for name in NEEDED:
        if (TOP / name).is_dir():
            shutil.copytree(TOP / name, folder / name, ignore=shutil.ignore_patterns("__pycache__", "assets*"))
        else:
            shutil.copyfile(TOP / name, folder / name)
    return folder


def uv() -> str:
    """The uv that `python3 harness` uses."""
    found = shutil.which("uv") or str(TOP / ".venv-uv" / "bin" / "uv")
    if not os.path.exists(found):
        pytest.skip("there is no uv here")
    return found


def built(
    checkout: Path, *words: str, env: Mapping[str, str | None] | None = None, before: tuple[str, ...] = ()
) -> Answer:
    """`uv build` of `checkout` into dist below it."""
    return run(*before, uv(), "build", "--python", sys.executable, *words, str(checkout), cwd=checkout, env=env)


def assert_built(answer: Answer) -> None:
    """It was; skips where what builds need cannot be had."""
    if answer.code and re.search(r"Failed to (fetch|resolve|download)|network|dns error", answer.err, re.IGNORECASE):
        pytest.skip(f"no package registry answers: {answer.err.strip().splitlines()[-1]}")
    assert answer.code == 0, answer.err
    if "will be a plain text field" in answer.err + answer.out:
        pytest.skip(f"the npm registry does not answer: {answer.err}")


def in_wheel(checkout: Path) -> dict[str, bytes]:
    """The files of assets in the wheel that was built, by their names below that folder."""
    (wheel,) = (checkout / "dist").glob("*.whl")
    with zipfile.ZipFile(wheel) as files:
        names = [name for name in files.namelist() if PurePosixPath(name).is_relative_to(INSIDE)]
        return {str(PurePosixPath(name).relative_to(INSIDE)): files.read(name) for name in names}


# -- what is there -----------------------------------------------------------------------------------------------------


def test_the_pinned_modules_are_there_and_no_others(assets: Path) -> None:
    """By name; and the stamp beside them is the list of this checkout."""
    found = {path.relative_to(assets).as_posix() for path in assets.rglob("*") if path.is_file()}
    assert found == {f"{name}.js" for name in PINNED} | OTHERS
    assert tomllib.loads((assets / "pinned.toml").read_text()) == PINNED


def test_each_import_of_each_module_is_a_file(assets: Path) -> None:
    """None is left by a bare name, for which a page would need an import map."""
    imported: set[str] = set()
    for name in PINNED:
        path = assets / f"{name}.js"
        for found in re.findall(IMPORT, path.read_text(), re.MULTILINE):
            assert found.startswith(("./", "../")), (name, found)
            assert (path.parent / found).resolve().is_file(), (name, found)
            imported.add((path.parent / found).resolve().relative_to(assets).as_posix().removesuffix(".js"))
    used_by_the_page = {f"@codemirror/{each}" for each in ("commands", "lang-cpp", "lang-python", "lint", "search")}
    assert imported | used_by_the_page == set(PINNED)


def test_the_licences_are_there(assets: Path) -> None:
    """Each package with its version, and the text that says that it may be passed on."""
    text = (assets / "LICENSES.txt").read_text()
    for name, package in PINNED.items():
        assert text.count(f"{name} {package['version']} ({package['licence']})\n") == 1
    for part in text.split("-" * 80):
        assert "Permission is hereby granted, free of charge" in part
        assert re.search(r"^Copyright \(C\) \d{4}", part, re.MULTILINE)


PAGE = '<!doctype html><meta charset="utf-8"><title>t</title><body><script type="module" src="all.js"></script>'
ALL = """
const [{ EditorView }, { cpp }, { python }, { syntaxHighlighting, defaultHighlightStyle }] = await Promise.all(
  ["@codemirror/view", "@codemirror/lang-cpp", "@codemirror/lang-python", "@codemirror/language"]
    .map((name) => import(`./${name}.js`)));
for (const [language, doc] of [[cpp(), "int main(void) { return 0; }"], [python(), "def f():\\n    return 0\\n"]])
  new EditorView({ doc, parent: document.body, extensions: [language, syntaxHighlighting(defaultHighlightStyle)] });
const modules = await Promise.all(names.map((name) => import(`./${name}.js`)));
document.body.dataset.exports = Math.min(...modules.map((module) => Object.keys(module).length));
"""


class Files(http.server.SimpleHTTPRequestHandler):
    """A folder, and two files more; no inline script and nothing from elsewhere, as the real page has it."""

    def do_GET(self) -> None:
        more = {"/": PAGE, "/all.js": f"const names = {json.dumps(list(PINNED))};\n{ALL}"}.get(self.path)
        if more is None:
            return super().do_GET()
        self.send_response(200)
        self.send_header("Content-Type", "text/javascript" if self.path.endswith("js") else "text/html")
        self.send_header("Content-Security-Policy", "default-src 'none'; script-src 'self'; style-src 'unsafe-inline'")
        self.end_headers()
        self.wfile.write(more.encode())
        return None

    def log_message(self, format: str, *args: object) -> None:
        pass


@pytest.fixture
def address(assets: Path) -> Iterator[str]:
    """A server of the assets and of a page that loads each."""
    handler = functools.partial(Files, directory=str(assets))
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}/"
        finally:
            server.shutdown()
            thread.join()


def test_a_browser_loads_them_all_and_colours_both_languages(address: str, browser: "Browser") -> None:
    """As they are, without a bundler; no other address is asked for."""
    page = browser.new_page()
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.on("pageerror", lambda error: pytest.fail(str(error)))
    page.goto(address)
    loaded = page.locator("body[data-exports]")
    loaded.wait_for(timeout=SECONDS * 1000)
    assert int(loaded.get_attribute("data-exports") or 0) >= 1
    coloured = page.eval_on_selector_all(".cm-line span[class]", "all => all.map(each => each.textContent)")
    assert {"int", "return", "def"} <= set(coloured)
    assert {url.removeprefix(address) for url in asked if not url.endswith("favicon.ico")} == {
        "", "all.js", *(f"{name}.js" for name in PINNED),
    }  # fmt: skip
    page.close()


# -- how it comes there ------------------------------------------------------------------------------------------------


def packed(folder: Path, name: str, files: Mapping[str, str]) -> str:
    """Write a package as the registry has it, below package/; its integrity."""
    content = io.BytesIO()
    with tarfile.open(fileobj=content, mode="w:gz") as archive:
        for path, text in files.items():
            member = tarfile.TarInfo(f"package/{path}")
            member.size = len(text.encode())
            archive.addfile(member, io.BytesIO(text.encode()))
    (folder / f"{name}-1.0.0.tgz").write_bytes(content.getvalue())
    return "sha512-" + base64.b64encode(hashlib.sha512(content.getvalue()).digest()).decode()


GOOD = {
    "package.json": json.dumps({"license": "MIT", "exports": {"import": "./dist/index.js"}}),
    "LICENSE": "Do as you like.",
    "dist/index.js": "export const a = 1;\n",
}


@pytest.mark.parametrize(
    ("changes", "integrity", "complaint"),
    [
        ({}, "sha512-" + "A" * 86 + "==", "one 1.0.0 is not the package that harness/build/codemirror.toml pins"),
        ({"dist/index.js": "import { b } from 'two';\n"}, "", "one imports two, which harness/build/codemirror.toml"),
        (
            {"dist/index.js": "export {\n  b\n} from 'two';\n"},
            "",
            "one imports two, which harness/build/codemirror.toml",
        ),
        ({"package.json": GOOD["package.json"].replace("MIT", "UNLICENSED")}, "", "the licence UNLICENSED, not MIT"),
    ],
    ids=["other bytes", "an import", "an export of another's", "a licence"],
)
def test_a_package_that_is_not_the_pinned_one_is_refused(
    hook: ModuleType, tmp_path: Path, changes: dict[str, str], integrity: str, complaint: str
) -> None:
    """Other bytes, other licence, or a module that is not in the list; what is as pinned is taken."""
    (tmp_path / "assets").mkdir()
    pinned = {"version": "1.0.0", "licence": "MIT"}
    good = packed(tmp_path, "one", GOOD)
    hook.unpack({"one": {**pinned, "integrity": good}}, tmp_path, tmp_path / "assets")
    assert (tmp_path / "assets" / "one.js").read_text() == GOOD["dist/index.js"]
    made = packed(tmp_path, "one", {**GOOD, **changes})
    with pytest.raises(hook.NotThePinned, match=re.escape(complaint)):
        hook.unpack({"one": {**pinned, "integrity": integrity or made}}, tmp_path, tmp_path / "assets")


def test_a_build_ends_where_the_registry_has_another_package(checkout: Path) -> None:
    """One line says which; no wheel is made, and no assets are left half done."""
    listed = checkout / "harness" / "build" / "codemirror.toml"
    first = next(iter(PINNED.values()))["integrity"]
    listed.write_text(listed.read_text().replace(first, "sha512-" + first[-88:][::-1]))
    answer = built(checkout, "--wheel")
    if "is not the package" not in answer.err:
        assert_built(answer)
    assert answer.code != 0
    assert "@codemirror/state" in answer.err
    assert list((checkout / "dist").glob("*.whl")) == []
    assert list((checkout / "harness" / "socklab" / "editor").glob("assets*")) == []


def test_a_wheel_holds_them_whether_from_a_checkout_or_an_sdist(checkout: Path) -> None:
    """The sdist has them too, so that whoever builds from it needs neither npm nor its registry."""
    assert_built(built(checkout))
    (sdist,) = (checkout / "dist").glob("*.tar.gz")
    with tarfile.open(sdist) as files:
        names = {name.partition("/")[2] for name in files.getnames()}
    assert {"harness/build/codemirror.py", "harness/build/codemirror.toml"} <= names
    assert {f"harness/{INSIDE}/{name}.js" for name in PINNED} <= names
    from_sdist = in_wheel(checkout)
    assert set(from_sdist) == {f"{name}.js" for name in PINNED} | OTHERS
    shutil.rmtree(checkout / "dist")
    assert_built(built(checkout, "--wheel"))
    assert in_wheel(checkout) == from_sdist


def test_nobody_needs_npm(checkout: Path, tmp_path: Path) -> None:
    """Where there is none, it comes with what builds, and goes with it."""
    programs = tmp_path / "programs"
    programs.mkdir()
    for folder in filter(os.path.isdir, os.environ["PATH"].split(os.pathsep)):
        for name in set(os.listdir(folder)) - {"node", "npm", "npx", "corepack", *os.listdir(programs)}:
            (programs / name).symlink_to(Path(folder) / name)
    assert_built(built(checkout, "--wheel", env={"PATH": str(programs)}))
    assert set(in_wheel(checkout)) == {f"{name}.js" for name in PINNED} | OTHERS


def test_without_a_network_it_is_built_without_them(checkout: Path, tmp_path: Path) -> None:
    """What else a build needs is in a cache; the warning says what the page has then, and nothing is half there."""
    if not shutil.which("npm"):
        pytest.skip("where there is no npm, what needs a network is getting that")
    assert_built(built(checkout, "--sdist"))  # fills uv's cache, and its assets are thrown away
    shutil.rmtree(checkout / "harness" / "socklab" / "editor" / "assets")
    alone = ("unshare", "--user", "--map-root-user", "--net", "--")
    if subprocess.run([*alone, "true"], capture_output=True).returncode:
        pytest.skip(f"not permitted here: {' '.join(alone)}")
    env = {"UV_OFFLINE": "1", "npm_config_cache": str(tmp_path / "empty")}
    answer = built(checkout, "--wheel", env=env, before=alone)
    assert answer.code == 0, answer.err
    assert "The editor of `socklab serve` will be a plain text field: npm failed and said: " in answer.err
    assert in_wheel(checkout) == {}
    assert list((checkout / "harness" / "socklab" / "editor").glob("assets*")) == []


def test_who_wants_none_gets_none(checkout: Path) -> None:
    """Nothing is fetched then, and nothing warned of."""
    answer = built(checkout, "--wheel", env={"SOCKLAB_NO_CODEMIRROR": "1"})
    assert_built(answer)
    assert "CodeMirror" not in answer.err
    assert in_wheel(checkout) == {}


LAY_DOWN = """
import importlib.util, pathlib, sys
spec = importlib.util.spec_from_file_location("hook", sys.argv[1] + "/harness/build/codemirror.py")
hook = importlib.util.module_from_spec(spec)
spec.loader.exec_module(hook)
hook.lay_down(pathlib.Path(sys.argv[1]))
"""


def test_builds_at_once_and_killed_ones_leave_whole_assets(hook: ModuleType, checkout: Path) -> None:
    """One is killed in the midst of it; of two others one does the work, and the second finds it done."""
    command = [sys.executable, "-c", LAY_DOWN, str(checkout)]
    editor = checkout / "harness" / "socklab" / "editor"
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.PIPE, "env": changed()}
    with subprocess.Popen(command, process_group=0, **quiet) as killed:
        wait_until(lambda: (editor / "assets.new").exists(), killed, "a folder under way")
        os.killpg(killed.pid, 9)
    assert (editor / "assets.new").exists()
    assert not (editor / "assets").exists()
    both = [subprocess.Popen(command, **quiet) for _ in range(2)]
    said = [str(each.communicate(timeout=SECONDS)[1]) for each in both]
    if any("Unfetched" in each for each in said):
        pytest.skip(f"the npm registry does not answer: {said}")
    assert [each.returncode for each in both] == [0, 0], said
    assert {path.name for path in editor.glob("assets*")} == {"assets"}
    laid = {path: path.stat().st_mtime_ns for path in (editor / "assets").rglob("*")}
    assert {path.relative_to(editor / "assets").as_posix() for path in laid if path.is_file()} == {
        *(f"{name}.js" for name in PINNED), *OTHERS,
    }  # fmt: skip
    assert subprocess.run(command, **quiet).returncode == 0
    assert {path: path.stat().st_mtime_ns for path in (editor / "assets").rglob("*")} == laid
