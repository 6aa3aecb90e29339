"""A hostile page in a real browser, beside a server of the learner's that holds work: whatever it tries, nothing is done or told."""

import http.server
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page
from serving import Server

TEXT = "print('secret')\n"

ATTEMPTS = {
    "reads": "fetch(api + 'exercises')",
    "reads without asking": "fetch(api + 'exercises', {mode: 'no-cors', credentials: 'include'})",
    "posts as forms do": "fetch(api + 'runs', {method: 'POST', mode: 'no-cors', credentials: 'include', headers: {'Content-Type': 'text/plain'}, body: run})",
    "posts JSON": "fetch(api + 'runs', {method: 'POST', headers: {'Content-Type': 'application/json'}, body: run})",
    "posts with a token that it was told": "fetch(api + 'runs', {method: 'POST', headers: {'Content-Type': 'application/json', Authorization: 'Socklab ' + token}, body: run})",
    "saves with a token that it was told": "fetch(api + 'files/is-port-open/python', {method: 'PUT', headers: {'Content-Type': 'application/json', Authorization: 'Socklab ' + token}, body: run})",
    "reads with a token that it was told": "fetch(api + 'files/is-port-open/python', {headers: {Authorization: 'Socklab ' + token}})",
    "reads the page": "fetch(server + '/').then(answer => answer.text())",
    "sends a beacon": "new Promise((_, no) => { navigator.sendBeacon(api + 'runs', new Blob([run], {type: 'text/plain'})); no('sent') })",
    "sends a request of the old kind": "new Promise((yes, no) => { const asked = new XMLHttpRequest(); asked.onload = yes; asked.onerror = no; asked.open('POST', api + 'runs'); asked.setRequestHeader('Content-Type', 'application/json'); asked.send(run) })",
    "follows events": "new Promise((yes, no) => { const events = new EventSource(api + 'changes'); events.onopen = yes; events.onerror = no })",
    "opens a WebSocket": "new Promise((yes, no) => { const socket = new WebSocket(api.replace('http', 'ws') + 'changes'); socket.onopen = yes; socket.onerror = no })",
    "loads a script": "new Promise((yes, no) => { const it = document.createElement('script'); it.onload = yes; it.onerror = no; it.src = server + '/static/main.js'; document.head.append(it) })",
    "loads a sheet": "new Promise((yes, no) => { const it = document.createElement('link'); it.rel = 'stylesheet'; it.onload = yes; it.onerror = no; it.href = server + '/static/report.css'; document.head.append(it) })",
    "imports a module": "import(server + '/static/main.js')",
    "shows it as a picture": "new Promise((yes, no) => { const it = new Image(); it.onload = yes; it.onerror = no; it.src = api + 'exercises' })",
}  # fmt: skip
"""What a page can try; each is a promise that must be broken."""


class _Hostile(http.server.BaseHTTPRequestHandler):
    """One page for whatever is asked."""

    def do_GET(self) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "text/html")
        self.end_headers()
        self.wfile.write(b"<!DOCTYPE html><title>a prize</title><body>")

    def log_message(self, format: str, *args: object) -> None:
        pass


@pytest.fixture(scope="module")
def elsewhere() -> Iterator[str]:
    """The origin of a site on another port of this machine."""
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), _Hostile) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_address[1]}"
        server.shutdown()
        thread.join()


@pytest.fixture
def context(browser: Browser) -> Iterator[BrowserContext]:
    """A browser of one learner's."""
    made = browser.new_context()
    yield made
    made.close()


def begin(page: Page, server: Server) -> None:
    """Put what every attempt uses into a page."""
    run = '{"exercise": "is-port-open", "lang": "python", "text": "hacked = 1\\n", "base": ""}'
    page.evaluate(
        "([server, token, run]) => Object.assign(window, {server, api: server + '/api/', token, run})",
        [server.origin, server.token, run],
    )


def nothing_happened(server: Server) -> None:
    """There was no run, and the learner's file is what it was."""
    assert server.ask("POST", "/api/runs/1/stop", {}).status == 404
    assert (server.folder / "is_port_open.py").read_text() == TEXT
    assert sorted(path.name for path in server.folder.iterdir()) == ["is_port_open.py"]


@pytest.fixture
def working(served: Server) -> Server:
    """A server whose folder has a file."""
    (served.folder / "is_port_open.py").write_text(TEXT)
    return served


@pytest.mark.parametrize("attempt", ATTEMPTS)
def test_a_page_of_another_site_does_and_learns_nothing(
    working: Server, context: BrowserContext, elsewhere: str, attempt: str
) -> None:
    """Though the learner has the real page open in the same browser."""
    context.new_page().goto(working.address)
    page = context.new_page()
    page.goto(elsewhere)
    begin(page, working)
    came = page.evaluate(f"() => Promise.resolve({ATTEMPTS[attempt]}).then(() => 'came', () => 'refused')")
    assert came == "refused"
    nothing_happened(working)


def test_a_form_that_sends_itself_does_nothing(working: Server, context: BrowserContext, elsewhere: str) -> None:
    """Nor does one that looks like JSON; the answer is a refusal that the site cannot read."""
    page = context.new_page()
    page.goto(elsewhere)
    begin(page, working)
    with page.expect_response(lambda answer: answer.url.endswith("/api/runs")) as told:
        page.evaluate(
            "() => { const form = document.createElement('form'); form.method = 'POST'; form.enctype = 'text/plain';"
            "form.action = api + 'runs'; const field = document.createElement('input'); field.name = run.replace('}', ', \"x\": \"');"
            "field.value = '\"}'; form.append(field); document.body.append(form); form.submit() }"
        )
    assert told.value.status == 403
    nothing_happened(working)


def test_the_page_is_not_framed_and_not_reached_through_a_window(
    working: Server, context: BrowserContext, elsewhere: str
) -> None:
    """A frame stays empty; a window that was opened is out of reach, token and all."""
    page = context.new_page()
    page.goto(elsewhere)
    begin(page, working)
    with page.expect_console_message(lambda said: "frame" in said.text.lower() or "refused" in said.text.lower()):
        page.evaluate(
            "() => { const it = document.createElement('iframe'); it.src = server + '/#token=' + token; document.body.append(it) }"
        )
    assert all(not frame.url.startswith(working.origin) for frame in page.frames)
    with context.expect_page() as opened:
        page.evaluate("() => { window.other = window.open(server + '/#token=' + token) }")
    opened.value.wait_for_load_state()
    assert page.evaluate("() => other.closed") is True  # COOP: as far as its opener can see
    nothing_happened(working)


@pytest.mark.parametrize("name", ["localhost", "prize.localhost"])
def test_a_name_that_points_to_this_machine_is_no_way_in(working: Server, context: BrowserContext, name: str) -> None:
    """The browser takes what comes from there for one origin with the attacker's page, which it had before (DNS rebinding)."""
    page = context.new_page()
    answer = page.goto(f"http://{name}:{working.port}/")
    assert answer
    assert answer.status == 421
    page.route(
        f"http://{name}:{working.port}/",
        lambda route: route.fulfill(body="<title>a prize</title>", content_type="text/html"),
    )
    page.goto(f"http://{name}:{working.port}/")
    assert page.title() == "a prize"
    begin(page, working)
    status = page.evaluate(
        "() => fetch('/api/files/is-port-open/python', {headers: {Authorization: 'Socklab ' + token}}).then(answer => answer.status)"
    )
    assert status == 421
    nothing_happened(working)


def test_its_own_page_may_do_all_this(working: Server, context: BrowserContext) -> None:
    """The same words, from where they may come: the attempts fail for no other reason."""
    page = context.new_page()
    page.goto(working.address)
    begin(page, working)
    for attempt in (
        "reads with a token that it was told",
        "reads the page",
        "loads a script",
        "loads a sheet",
        "imports a module",
    ):
        assert (
            page.evaluate(f"() => Promise.resolve({ATTEMPTS[attempt]}).then(() => 'came', () => 'refused')") == "came"
        )
    text = page.evaluate(f"() => {ATTEMPTS['reads with a token that it was told']}.then(answer => answer.json())")[
        "text"
    ]
    assert text == TEXT
    page.evaluate('() => { run = run.replace(\'"base": ""\', \'"base": "x"\') }')
    status = page.evaluate(f"() => {ATTEMPTS['saves with a token that it was told']}.then(answer => answer.status)")
    assert status == 409  # refused as a conflict, by the files themselves
    assert Path(working.folder, "is_port_open.py").read_text() == TEXT


def test_no_address_that_a_server_sees_has_the_token(working: Server, context: BrowserContext) -> None:
    """Nor does a cookie, nor a page that follows."""
    asked: list[str] = []
    page = context.new_page()
    page.on("request", lambda request: asked.append(f"{request.url} {request.headers.get('referer', '')}"))
    with page.expect_response(lambda answer: answer.url.endswith("/api/exercises")):
        page.goto(working.address)
    assert [one for one in asked if working.token in one.replace(working.address, "")] == []
    assert working.token not in page.url
    assert context.cookies() == []
    assert page.evaluate("() => document.documentElement.outerHTML").count(working.token) == 0
