"""A Jupyter server as a class has it, with jupyter-server-proxy in front of `socklab serve`, and what to ask it with."""

import http.client
import json
import re
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

from front_door import SECONDS, Process, changed, descendants, listens, wait_until
from serving import Told

BASE = "/user/ada/"
"""Where a hub puts a student's server."""

PAGE = f"{BASE}socklab/"


class Jupyter(NamedTuple):
    """A server under way, and the cookies of somebody who has logged in to it."""

    process: subprocess.Popen[bytes]
    folder: Path
    port: int
    cookies: str

    @property
    def origin(self) -> str:
        """What its pages have for an origin."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def editors(self) -> list[Process]:
        """The servers of socklab's that it has started."""
        return [each for each in descendants(self.process.pid) if b"--unix-socket" in _words(each.pid)]

    def token(self) -> str:
        """That which the page has."""
        page = self.ask("GET", PAGE)
        assert page.status == 200, page
        found = re.search(rb'<meta name="socklab-token" content="([\w-]{20,})"', page.body)
        assert found, page.body
        return found[1].decode()

    def ask(
        self, method: str, path: str, body: object = None, *, headers: Mapping[str, str | None] | None = None
    ) -> Told:
        """Ask as the browser of who has logged in; `headers`: changes to what it sends, None removes."""
        with self.asked(method, path, body, headers=headers) as answer:
            return Told(answer.status, dict(answer.getheaders()), answer.read())

    @contextmanager
    def asked(
        self, method: str, path: str, body: object = None, *, headers: Mapping[str, str | None] | None = None
    ) -> Iterator[http.client.HTTPResponse]:
        """As `ask`, with the answer not yet read."""
        said: dict[str, str | None] = {"Cookie": self.cookies}
        if body is not None:
            said |= {"Content-Type": "application/json", "Origin": self.origin, "Sec-Fetch-Site": "same-origin"}
        said |= headers or {}
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=SECONDS)
        try:
            sent = {name: value for name, value in said.items() if value is not None}
            connection.request(method, path, body=None if body is None else json.dumps(body).encode(), headers=sent)
            yield connection.getresponse()
        finally:
            connection.close()


def _words(pid: int) -> list[bytes]:
    """The command line of a process; none if it has just ended."""
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes().split(b"\0")
    except OSError:
        return []


@contextmanager
def jupyter(folder: Path) -> Iterator[Jupyter]:
    """A Jupyter server that shows `folder`/work and was started elsewhere, as hubs do; ended at the end."""
    work = folder / "work {1}"  # braces are what the proxy fills in
    work.mkdir()
    places = {f"JUPYTER{name}_DIR": str(folder / name.lower()) for name in ("_CONFIG", "_DATA", "_RUNTIME")}
    options = ["--no-browser", "--allow-root", "--ip=127.0.0.1", "--ServerApp.port=0", "--IdentityProvider.token=t"]
    process = subprocess.Popen(
        [
            sys.executable,
            "-m",
            "jupyter_server",
            *options,
            f"--ServerApp.root_dir={work}",
            f"--ServerApp.base_url={BASE}",
        ],
        env=changed({**places, "LANGUAGE": None, "LC_ALL": None, "LANG": "C.UTF-8"}),
        cwd=folder,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=(folder / "log").open("wb"),
    )
    with process:
        try:
            told = folder / "_runtime" / f"jpserver-{process.pid}.json"
            wait_until(lambda: told.exists() and told.read_text().strip().endswith("}"), process, "a Jupyter server")
            port = json.loads(told.read_text())["port"]
            wait_until(lambda: listens(port), process, "and it lets somebody in")
            stranger = Jupyter(process, work, port, "")
            with stranger.asked("GET", f"{BASE}api/status?token=t") as answer:
                answer.read()
                assert answer.status == 200, (folder / "log").read_text()
                given = answer.headers.get_all("Set-Cookie") or []
            yield stranger._replace(cookies="; ".join(each.partition(";")[0] for each in given))
        finally:
            process.terminate()  # and by no SIGINT, at which it asks back
            try:
                process.wait(SECONDS / 4)
            except subprocess.TimeoutExpired:
                process.kill()
