"""A real `socklab serve` in a folder, and what to ask it with."""

import http.client
import json
import re
import subprocess
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple

from front_door import SECONDS, started

ADDRESS = re.compile(r"http://127\.0\.0\.1:(\d+)/#token=([\w~.-]+)")


class Told(NamedTuple):
    """What the server answered."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        """The body, read as JSON."""
        return json.loads(self.body)


class Server(NamedTuple):
    """A server under way. `address` is what it printed, token and all."""

    process: subprocess.Popen[str]
    folder: Path
    address: str
    port: int
    token: str

    @property
    def origin(self) -> str:
        """What its pages have for an origin."""
        return f"http://127.0.0.1:{self.port}"

    def ask(
        self,
        method: str,
        path: str,
        body: object = None,
        *,
        headers: Mapping[str, str | None] | None = None,
        raw: bytes | None = None,
    ) -> Told:
        """Ask for `path` (such as "/api/exercises"), and read the whole answer.

        `body`: sent as JSON; `raw`: sent as it is; `headers`: changes to those that the page sends, None removes.
        """
        with self.asked(method, path, body, headers=headers, raw=raw) as answer:
            return Told(answer.status, dict(answer.getheaders()), answer.read())

    @contextmanager
    def asked(
        self,
        method: str,
        path: str,
        body: object = None,
        *,
        headers: Mapping[str, str | None] | None = None,
        raw: bytes | None = None,
    ) -> Iterator[http.client.HTTPResponse]:
        """As `ask`, with the answer not yet read; the connection is closed when the block is left."""
        data = json.dumps(body).encode() if raw is None and body is not None else raw
        said: dict[str, str | None] = {"Authorization": f"Socklab {self.token}"}
        if data is not None:
            said["Content-Type"] = "application/json"
        said |= headers or {}
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=SECONDS)
        try:
            sent = {name: value for name, value in said.items() if value is not None}
            connection.request(method, path, body=data, headers=sent)
            yield connection.getresponse()
        finally:
            connection.close()

    def events(self, path: str, body: object) -> list[dict[str, Any]]:
        """All events of a stream that a POST begins."""
        with self.asked("POST", path, body) as answer:
            assert answer.status == 200, answer.read()
            return list(lines(answer))


def lines(answer: http.client.HTTPResponse) -> Iterator[dict[str, Any]]:
    """The events of a stream, each as soon as it is there."""
    while line := answer.readline():
        yield json.loads(line)


@contextmanager
def serve(
    folder: Path, *words: str, port: int = 0, env: Mapping[str, str | None] | None = None, before: tuple[str, ...] = ()
) -> Iterator[Server]:
    """A server of `folder` that opens no browser; ended at the end as by Ctrl-C, if it has not ended by then."""
    command = ("serve", str(folder), "--port", str(port), "--no-open", *words)
    with started(*command, cwd=folder, env=env, before=before) as process:
        said = ""
        watchdog = threading.Timer(SECONDS, process.kill)
        watchdog.start()
        try:
            assert process.stdout
            while not (found := ADDRESS.search(said)):
                line = process.stdout.readline()
                assert line, f"it ended, or said no address in time: {said} {process.stderr and process.stderr.read()}"
                said += line
        finally:
            watchdog.cancel()
        yield Server(process, folder, found[0], int(found[1]), found[2])
