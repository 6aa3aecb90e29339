"""`python3 harness COMMAND …`: socklab on a machine that has only Python.

The first run makes an environment in .venv with uv and installs the Debian packages that grading needs, where it may; then
every word goes on to `socklab`, or for `test` to the test suite. Standard library only: nothing else is there yet.
"""

import compileall
import ctypes
import importlib.util
import os
import shutil
import subprocess
import sys

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
VENV = os.path.join(ROOT, ".venv")
TOOLS = os.path.join(ROOT, ".venv-uv")
PROJECT = os.path.join(ROOT, "pyproject.toml")
PINNED = os.path.join(ROOT, "harness", "build", "codemirror.toml")
EDITOR_PARTS = os.path.join(ROOT, "harness", "socklab", "editor", "assets", "pinned.toml")

NEEDED = {
    "gcc": ("gcc", "C submissions cannot be graded, and calls are not recorded"),
    "/usr/include/stdlib.h": ("libc6-dev", "C submissions cannot be graded, and calls are not recorded"),
    "bwrap": ("bubblewrap", "submissions run in the shared tier: less contained, and some checks are skipped"),
    "libseccomp.so.2": ("libseccomp2", "no system call is refused to submissions"),
}
NEEDED_FOR_TESTS = {"chromium": ("chromium", "the tests of pages cannot run")}

MORE = {"test": [], "notebooks": ["--no-dev", "--extra", "notebooks"]}
"""What `uv sync` is told for commands that need more than all others do; those are told --no-dev."""

WITH_A_PAGE = ("serve", "test")
"""Commands for which the page's editor, which comes while socklab is built, is asked for again if it did not come."""


def main() -> int:
    """Set up what is missing, then hand over; the exit code is that of the command, or 4 if set-up failed."""
    words = sys.argv[1:] or ["--help"]
    testing = words[0] == "test"
    if sys.version_info < (3, 11):  # noqa: UP036  (whoever types this has whatever Python there is)
        return fail(
            f"Python 3.11 or newer is needed; this is {sys.version.split()[0]}. Try: sudo apt-get install python3.11"
        )
    try:
        prepare_environment(words[0])
    except subprocess.CalledProcessError as error:
        return fail(f"`{' '.join(error.cmd)}` failed (exit code {error.returncode}); what it said stands above.")
    prepare_packages(NEEDED | (NEEDED_FOR_TESTS if testing else {}))
    sys.stdout.flush()
    python = os.path.join(VENV, "bin", "python")
    module = ["socklab", *words]
    if testing:
        os.chdir(ROOT)
        # Some take minutes: whoever is idle takes over what waits behind one.
        module = ["pytest", *(words[1:] or ["-n", "auto", "--dist", "worksteal"])]
    return os.execv(python, [python, "-m", *module])


def say(text: str) -> None:
    """One line of progress, on standard error: standard output belongs to the command."""
    print(f"socklab set-up: {text}", file=sys.stderr, flush=True)


def fail(text: str) -> int:
    """Say what keeps set-up from going on."""
    say(text)
    return 4


# -- the environment -------------------------------------------------------------------------------------------------


def prepare_environment(command: str) -> None:
    """Make .venv hold what pyproject.toml asks for and `command` needs; a stamp in it tells when that was last done."""
    stamp = os.path.join(VENV, f".socklab-{command}" if command in MORE else ".socklab")
    wanted = "\n".join([sys.executable, ROOT, *(_read(path) or "" for path in (PROJECT, PINNED))])
    again = command in WITH_A_PAGE and not os.path.exists(EDITOR_PARTS)
    done = _read(stamp) == wanted
    if done and not again:
        return
    say(f"making the environment in {os.path.relpath(VENV)} (once; it takes a minute at most)")
    uv = find_uv()
    words = ["sync", "--quiet", "--inexact", "--project", ROOT, "--python", sys.executable]
    words += MORE.get(command, ["--no-dev"])
    words += ["--reinstall-package", "socklab"] if again else []
    # The system's certificates: a network with a proxy of its own has put its authority there.
    settings = {"UV_PYTHON_DOWNLOADS": "never", "UV_SYSTEM_CERTS": "1", "UV_NATIVE_TLS": "1", "VIRTUAL_ENV": ""}
    try:
        run([*uv, *words], settings)
    except subprocess.CalledProcessError:
        if not done:
            raise
        say("the page's editor could not be fetched, so it has a plain text field; `doctor` says more")
        return
    compileall.compile_dir(os.path.join(ROOT, "harness", "socklab"), quiet=2)
    with open(stamp, "w") as file:
        file.write(wanted)


def find_uv() -> list[str]:
    """How to call uv: from PATH, or put into a folder of its own beside the environment."""
    found = shutil.which("uv")
    if found and subprocess.run([found, "--version"], capture_output=True).returncode == 0:
        return [found]
    own = os.path.join(TOOLS, "bin", "uv")
    if os.path.exists(own):
        return [own]
    say("fetching uv, which makes environments")
    if importlib.util.find_spec("pip"):
        run([sys.executable, "-m", "pip", "install", "--quiet", "--target", TOOLS, "--upgrade", "uv"])
        return [own]
    if not importlib.util.find_spec("ensurepip"):
        install(["python3-pip"], "neither pip nor venv is there, and uv comes by one of them", essential=True)
        run(["/usr/bin/python3", "-m", "pip", "install", "--quiet", "--target", TOOLS, "--upgrade", "uv"])
        return [own]
    run([sys.executable, "-m", "venv", TOOLS])
    run([own.replace("uv", "pip"), "install", "--quiet", "uv"])
    return [own]


def run(command: list[str], extra: dict[str, str] | None = None) -> None:
    """Run a set-up command; its messages go to standard error.

    Raises CalledProcessError if it fails.
    """
    environment = {key: value for key, value in {**os.environ, **(extra or {})}.items() if value}
    subprocess.run(command, check=True, stdin=subprocess.DEVNULL, stdout=sys.stderr, env=environment)


# -- Debian packages -------------------------------------------------------------------------------------------------


def prepare_packages(needed: dict[str, tuple[str, str]]) -> None:
    """Install the Debian packages whose programs are missing."""
    missing = {package: cost for program, (package, cost) in needed.items() if not _is_there(program)}
    if missing:
        install(list(missing), "; ".join(dict.fromkeys(missing.values())))


def _is_there(wanted: str) -> bool:
    """Whether a file, a shared library or a program is there."""
    if os.sep in wanted:
        return os.path.exists(wanted)
    if ".so" in wanted:
        try:
            ctypes.CDLL(wanted)
        except OSError:
            return False
        return True
    return shutil.which(wanted) is not None


def install(packages: list[str], cost: str, *, essential: bool = False) -> None:
    """Install `packages` if this user may, else print the line to type; without them `cost` is what it costs."""
    line = f"apt-get update && apt-get install -y {' '.join(packages)}"
    prefix = _privilege()
    if shutil.which("apt-get") is None or prefix is None:
        say(f"missing: {', '.join(packages)}. Without: {cost}. Type this line, or ask who runs this machine to:")
        say(f"    sudo sh -c '{line}'")
        if essential:
            sys.exit(4)
        return
    say(f"installing {', '.join(packages)} (once)")
    quiet = {"DEBIAN_FRONTEND": "noninteractive"}
    try:
        run([*prefix, "apt-get", "update", "-qq"], quiet)
        run([*prefix, "apt-get", "install", "-y", "-qq", "--no-install-recommends", *packages], quiet)
    except subprocess.CalledProcessError as error:
        say(f"`{' '.join(error.cmd)}` failed. Without {', '.join(packages)}: {cost}.")
        if essential:
            sys.exit(4)


def _privilege() -> list[str] | None:
    """What to put before a command that needs root: nothing as root, sudo if it asks for no password, else None."""
    if os.geteuid() == 0:
        return []
    sudo = shutil.which("sudo")
    if sudo and subprocess.run([sudo, "-n", "true"], capture_output=True).returncode == 0:
        return [sudo, "-n"]
    return None


def _read(path: str) -> str | None:
    try:
        with open(path) as file:
            return file.read()
    except OSError:
        return None


if __name__ == "__main__":
    sys.exit(main())
