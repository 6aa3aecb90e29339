"""`socklab serve` behind Jupyter: what jupyter-server-proxy is told, so that the page lies below a learner's Jupyter server.

The proxy starts the command when somebody first opens the page, and ends it with Jupyter. Who is let in is Jupyter's
affair, or the hub's. Between the two lies a socket in a folder that nobody else may enter, not a port: a port of
127.0.0.1 is open to everybody on a class's server.
"""

import os
import sys
from pathlib import Path
from typing import Any

NAME = "socklab"
"""The page lies here, below Jupyter's own address; as the entry point is called in pyproject.toml."""

SECONDS_TO_START = 60.0
"""A class that begins at the same minute makes a slow machine; the proxy would give up after five."""


def server() -> dict[str, Any]:
    """The proxy's entry point (jupyter_serverproxy_servers): the command, and how JupyterLab shows it among its launchers."""
    return {
        "command": _command,
        "unix_socket": True,
        "timeout": SECONDS_TO_START,
        "launcher_entry": {"title": "socklab", "icon_path": str(Path(__file__).with_name("launcher.svg"))},
        # An open page asks this all the time. That nobody has typed for hours must still show, to what ends idle servers.
        "exclude_last_activity_patterns": [rf".*/{NAME}/api/changes$"],
    }


def _command() -> list[str]:
    """What serves the folder that Jupyter shows. The proxy fills in the names in braces, wherever there are any."""
    folder = _jupyter_folder().replace("{", "{{").replace("}", "}}")
    # -P: Jupyter's folder is the current one, and a learner's socket.py in it is not taken for Python's.
    return [sys.executable, "-P", "-m", "socklab", "serve", folder, "--unix-socket", "{unix_socket}"]


def _jupyter_folder() -> str:
    """The root folder of the Jupyter server that asks; that is not always the one that it was started in."""
    from jupyter_server.serverapp import ServerApp

    return ServerApp.instance().root_dir if ServerApp.initialized() else os.getcwd()
