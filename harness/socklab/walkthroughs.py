"""`socklab notebooks`: the walkthroughs in JupyterLab, as copies that whoever learns from them may spoil."""

import importlib.util
import os
import sys
from typing import NoReturn

from .errors import HarnessError, SetupError

_SETTINGS = os.path.join(os.path.dirname(os.path.abspath(__file__)), "lab")
"""A folder with what JupyterLab is to do otherwise than it does by itself, which is to ask its makers for news."""


def folder() -> str:
    """Where the walkthroughs are: inside an installed package, or beside the harness in a checkout.

    Raises HarnessError if they are in neither place.
    """
    package = os.path.dirname(os.path.abspath(__file__))
    for place in (os.path.join(package, "notebooks"), os.path.join(package, "..", "..", "notebooks")):
        if os.path.isdir(place) and any(name.endswith(".md") for name in os.listdir(place)):
            return os.path.normpath(place)
    raise HarnessError(f"no notebooks are installed beside {package}; reinstall socklab")


def files() -> dict[str, bytes]:
    """Each walkthrough as a notebook that JupyterLab opens without an extension: by the name of its file, in their order.

    Raises SetupError where JupyterLab is not installed.
    """
    if not all(importlib.util.find_spec(name) for name in ("jupytext", "jupyterlab", "ipykernel")):
        raise SetupError(
            "JupyterLab is not installed here. Install it: pip install 'socklab[notebooks]', or in a checkout: python3 harness notebooks"
        )
    import jupytext

    found: dict[str, bytes] = {}
    for name in sorted(os.listdir(folder())):
        if name.endswith(".md"):
            notebook = jupytext.read(os.path.join(folder(), name))
            notebook.metadata.pop("jupytext", None)  # it would have JupyterLab look for the Markdown beside the copy
            found[name.removesuffix(".md") + ".ipynb"] = jupytext.writes(notebook, fmt="ipynb").encode()
    return found


def open_lab(place: str, first: str, *, port: int | None, browser: bool) -> NoReturn:
    """Become JupyterLab, on the files in `place`, with the file `first` open; on 127.0.0.1 alone.

    port     the one to serve on, 0 for any that is free; None: JupyterLab's own choice
    browser  whether it opens one
    """
    options = [
        "--ServerApp.ip=127.0.0.1",
        f"--ServerApp.root_dir={os.path.abspath(place)}",
        f"--LabApp.default_url=/lab/tree/{first}",
        f"--LabApp.app_settings_dir={_SETTINGS}",
        "--LabApp.extension_manager=readonly",  # the other one asks a registry for what could be installed
    ]
    options += [] if port is None else [f"--ServerApp.port={port}"]
    options += [] if browser else ["--no-browser"]
    options += ["--allow-root"] if os.geteuid() == 0 else []
    sys.stdout.flush()
    os.execv(sys.executable, [sys.executable, "-m", "jupyterlab", *options])
