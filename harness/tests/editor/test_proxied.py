"""On a class's server: a real Jupyter server with a hub's base path, its proxy in front, its login."""

import hashlib
import os
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from class_server import BASE, PAGE, Jupyter, jupyter
from front_door import SECONDS, SPINS, all_end, descendants, wait_until
from serving import lines

from socklab.editor import proxied

if TYPE_CHECKING:
    from playwright.sync_api import Browser


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Jupyter]:
    """A Jupyter server for tests that leave it as it was."""
    with jupyter(tmp_path_factory.mktemp("jupyter")) as server:
        yield server


@pytest.fixture
def own(tmp_path: Path) -> Iterator[Jupyter]:
    """One for tests that end it."""
    with jupyter(tmp_path) as server:
        yield server


def ours(server: Jupyter) -> dict[str, str | None]:
    """What the page adds to each of its requests."""
    return {"Authorization": f"Socklab {server.token()}"}


# -- who is let in -----------------------------------------------------------------------------------------------------


def test_jupyterlab_has_a_launcher(shared: Jupyter) -> None:
    """With its picture, and the address at which the page lies."""
    told = shared.ask("GET", f"{BASE}server-proxy/servers-info").json["server_processes"]
    (entry,) = [each["launcher_entry"] for each in told if each["name"] == proxied.NAME]
    assert (entry["enabled"], entry["title"], BASE + entry["path_info"]) == (True, "socklab", PAGE)
    picture = shared.ask("GET", entry["icon_url"])
    assert (picture.status, picture.headers["Content-Type"]) == (200, "image/svg+xml")


def test_the_page_is_only_for_who_has_logged_in(shared: Jupyter) -> None:
    """Others are sent to Jupyter's login, whatever they ask for, and read nothing of ours."""
    token = shared.token()
    said = {"Cookie": None, "Authorization": f"Socklab {token}"}
    for method, path, body in (
        ("GET", PAGE, None),
        ("GET", f"{PAGE}static/main.js", None),
        ("GET", f"{PAGE}api/exercises", None),
        ("POST", f"{PAGE}api/runs", {"exercise": "is-port-open", "lang": "c", "text": "", "base": ""}),
    ):
        answer = shared.ask(method, path, body, headers=said)
        assert answer.status in (302, 403), (path, answer)
        assert token.encode() not in answer.body
        assert b"socklab-token" not in answer.body
    assert list(shared.folder.iterdir()) == []


def test_having_logged_in_is_not_enough_without_the_page_s_token(shared: Jupyter) -> None:
    """Jupyter's cookies are sent along with what a hostile page asks; its token would be known to other services."""
    token = shared.token()
    for said in (None, "Socklab", f"Socklab {token[:-1]}", f"Bearer {token}", f"token {token}", "token t"):
        answer = shared.ask("GET", f"{PAGE}api/exercises", headers={"Authorization": said})
        assert answer.status == 401 or (answer.status, said) == (302, f"Bearer {token}"), (said, answer)
    assert shared.ask("GET", f"{PAGE}api/exercises", headers=ours(shared)).status == 200
    assert shared.token() == token


@pytest.mark.parametrize(
    "said",
    [
        {"Origin": "http://127.0.0.1:1"},
        {"Origin": "http://evil.example"},
        {"Origin": "null"},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {"Origin": "https://hub.example", "X-Forwarded-Host": "other.example"},
    ],
    ids=lambda said: " ".join(said.values()),
)
def test_another_origin_is_refused(shared: Jupyter, said: dict[str, str]) -> None:
    """Even with the token; Jupyter leaves that to us for what it passes on."""
    run = {"exercise": "is-port-open", "lang": "c", "text": "int x;\n", "base": ""}
    answer = shared.ask("POST", f"{PAGE}api/runs", run, headers={**ours(shared), **said})
    assert answer.status == 403
    assert "another web site" in answer.json["error"]
    assert "Access-Control-Allow-Origin" not in answer.headers
    assert list(shared.folder.iterdir()) == []


def test_a_hub_with_a_certificate_is_no_other_origin(shared: Jupyter) -> None:
    """The browser says https and the hub's name; what is in front passes on the one or the other."""
    for said in (
        {"Origin": "https://hub.example", "X-Forwarded-Host": "hub.example", "X-Forwarded-Proto": "https"},
        {"Origin": "https://hub.example:8443", "X-Forwarded-Host": "hub.example:8443, inner.example"},
        {"Origin": f"https://127.0.0.1:{shared.port}"},
    ):
        assert shared.ask("GET", f"{PAGE}api/exercises", headers={**ours(shared), **said}).status == 200


def test_the_page_may_be_framed_by_nobody_and_kept_by_no_cache(shared: Jupyter) -> None:
    """What the proxy passes on has all that our server says; it holds the token."""
    headers = shared.ask("GET", PAGE).headers
    assert headers["Cache-Control"] == "no-store"
    assert headers["X-Frame-Options"] == "DENY"
    assert headers["Cross-Origin-Resource-Policy"] == "same-origin"
    assert "frame-ancestors 'none'" in headers["Content-Security-Policy"]
    assert "Set-Cookie" not in headers


def test_no_port_is_opened_and_nobody_else_may_enter_the_folder_of_the_socket(shared: Jupyter) -> None:
    """Other users of the machine could connect to a port of 127.0.0.1, and get the page with its token."""
    shared.token()
    (editor,) = shared.editors
    words = Path(f"/proc/{editor.pid}/cmdline").read_text().split("\0")
    place = Path(words[words.index("--unix-socket") + 1])
    assert place.is_socket()
    assert place.parent.stat().st_mode & 0o077 == 0
    sockets = {os.readlink(each.path) for each in os.scandir(f"/proc/{editor.pid}/fd") if os.path.lexists(each.path)}
    listening = [
        line.split()[9]
        for table in ("tcp", "tcp6")
        for line in Path("/proc/net", table).read_text().splitlines()[1:]
        if line.split()[3] == "0A"
    ]
    assert sockets & {f"socket:[{inode}]" for inode in listening} == set()


# -- what works --------------------------------------------------------------------------------------------------------


def test_files_are_those_that_jupyter_shows(shared: Jupyter) -> None:
    """In its root folder, wherever it was started; and they are the command line's."""
    told = shared.ask("GET", f"{PAGE}api/exercises", headers=ours(shared)).json
    assert Path(told["folder"]).resolve() == shared.folder.resolve()
    saved = shared.ask(
        "PUT", f"{PAGE}api/files/is-port-open/python", {"text": "x = 1\n", "base": ""}, headers=ours(shared)
    )
    assert saved.status == 200, saved
    (shared.folder / "is_port_open.py").unlink()


def test_a_run_streams_and_is_stopped(shared: Jupyter) -> None:
    """Its beginning is told while it goes on for ever; Stop, through the same proxy, leaves nothing of it."""
    said = ours(shared)
    with run_of(shared, said, SPINS) as told:
        started = next(event for event in told if event["event"] == "started")
        begun = next(event for event in told if event["event"] == "begun")
        assert [check["slug"] for check in begun["checks"]] == ["closed-port"]
        (editor,) = shared.editors
        assert descendants(editor.pid)
        assert shared.ask("POST", f"{PAGE}api/runs/{started['id']}/stop", {}, headers=said).status == 204
        *_, last = told
        assert (last["event"], last["how"]) == ("ended", "stopped")
        assert descendants(editor.pid) == []


@contextmanager
def run_of(server: Jupyter, said: dict[str, str | None], text: str) -> Iterator[Iterator[dict[str, Any]]]:
    """The events of a run of `text` with one check; the file is removed at the end."""
    body = {"exercise": "is-port-open", "lang": "c", "text": text, "base": "", "only": ["closed-port"]}
    try:
        with server.asked("POST", f"{PAGE}api/runs", body, headers={**said, "Accept": "text/event-stream"}) as answer:
            assert answer.status == 200, answer.read()
            yield lines(answer)
    finally:
        (server.folder / "is_port_open.c").unlink(missing_ok=True)


def test_changes_on_disk_are_told_while_the_page_is_open(shared: Jupyter) -> None:
    """Line by line, though nothing ends."""
    headers = {**ours(shared), "Accept": "text/event-stream"}
    with shared.asked("GET", f"{PAGE}api/changes", headers=headers) as answer:
        told = lines(answer)
        assert next(told) == {"event": "alive"}
        file = shared.folder / "is_port_open.py"
        file.write_text("x = 2\n")
        version = hashlib.sha256(file.read_bytes()).hexdigest()
        next(event for event in told if event.get("version") == version)
        file.unlink()
        gone = next(event for event in told if (event.get("slug"), event.get("lang")) == ("is-port-open", "python"))
        assert gone["version"] == ""


def test_a_browser_solves_it_there(shared: Jupyter, browser: "Browser", solutions: Path) -> None:
    """From the address that the launcher opens, without a token in it, to a green verdict; nobody else is asked."""
    context = browser.new_context()
    name, _, value = shared.cookies.partition("=")
    context.add_cookies([{"name": name, "value": value, "url": shared.origin}])
    page = context.new_page()
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.set_default_timeout(SECONDS * 1000)
    (shared.folder / "is_port_open.py").write_text((solutions / "right" / "blocking.py").read_text())
    try:
        page.goto(f"{shared.origin}{PAGE.removesuffix('/')}#is-port-open/python")
        page.locator(".cm-content", has_text="def is_port_open").wait_for()
        page.keyboard.press("Control+Enter")
        page.locator("#verdict.passed").wait_for()
    finally:
        (shared.folder / "is_port_open.py").unlink()
        context.close()
    assert [url for url in asked if not url.startswith((shared.origin + BASE, "data:"))] == []


# -- how it ends -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGKILL], ids=["ended", "killed"])
def test_it_ends_with_jupyter(own: Jupyter, how: signal.Signals) -> None:
    """With a run that would go on for ever; even if Jupyter could tell nobody."""
    with run_of(own, ours(own), SPINS) as told:
        next(event for event in told if event["event"] == "begun")
        (editor,) = own.editors
        with all_end(own.process) as family:  # type: ignore[arg-type]
            assert {editor.pid} < {each.pid for each in family}
            own.process.send_signal(how)
            own.process.wait(SECONDS)


def test_it_is_started_again_when_it_has_ended(own: Jupyter) -> None:
    """The page has another token then, and works."""
    before = own.token()
    (editor,) = own.editors
    os.kill(editor.pid, signal.SIGKILL)
    wait_until(lambda: editor.pid not in [each.pid for each in own.editors], own.process, "its end")
    wait_until(lambda: own.ask("GET", PAGE).status == 200, own.process, "another one")
    assert own.token() != before
    assert own.ask("GET", f"{PAGE}api/exercises", headers=ours(own)).status == 200
