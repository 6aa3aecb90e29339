"""Nobody but the learner drives the page's server, and the page asks nobody but that: tried in a real browser."""

import contextlib
import http.server
import json
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from paging import Learner
from playwright.sync_api import Browser, expect
from serving import Server

Come = Callable[..., Learner]

PAGE = """<!doctype html><title>waiting</title><body><script type="module">
const { at, token } = %s;
const told = {};
const run = JSON.stringify({ exercise: "is-port-open", lang: "c", text: "int hostile;", base: "" });
const put = JSON.stringify({ text: "int hostile;", base: "" });
const tried = {
  "GET as it is": () => fetch(`${at}/api/exercises`),
  "GET without CORS": () => fetch(`${at}/api/exercises`, { mode: "no-cors" }),
  "GET with the token": () => fetch(`${at}/api/exercises`, { headers: { Authorization: `Socklab ${token}` } }),
  "GET the page": () => fetch(`${at}/`),
  "POST as text": () => fetch(`${at}/api/runs`, { method: "POST", mode: "no-cors", body: run }),
  "POST as text, with cookies": () => fetch(`${at}/api/runs`, { method: "POST", mode: "no-cors", credentials: "include", body: run }),
  "POST as JSON": () => fetch(`${at}/api/runs`, { method: "POST", headers: { "Content-Type": "application/json" }, body: run }),
  "POST with the token": () => fetch(`${at}/api/runs`,
    { method: "POST", headers: { "Content-Type": "application/json", Authorization: `Socklab ${token}` }, body: run }),
  "PUT with the token": () => fetch(`${at}/api/files/is-port-open/c`,
    { method: "PUT", headers: { "Content-Type": "application/json", Authorization: `Socklab ${token}` }, body: put }),
  "beacon": async () => { navigator.sendBeacon(`${at}/api/runs`, new Blob([run], { type: "text/plain" })); throw Error("sent"); },
};
for (const [name, attempt] of Object.entries(tried)) {
  try {
    const answer = await attempt();
    told[name] = answer.type === "opaque" ? "opaque" : `${answer.status} ${await answer.text()}`;
  } catch (error) { told[name] = "refused"; }
}
const loaded = (name, element) => new Promise(resolve => {
  element.onload = () => resolve(told[name] = "loaded");
  element.onerror = () => resolve(told[name] = "refused");
  document.body.append(element);
});
await loaded("script of the API", Object.assign(document.createElement("script"), { src: `${at}/api/exercises` }));
await loaded("module of the page", Object.assign(document.createElement("script"), { src: `${at}/static/api.js`, type: "module" }));
await loaded("style sheet", Object.assign(document.createElement("link"), { rel: "stylesheet", href: `${at}/static/page.css` }));
await loaded("frame", Object.assign(document.createElement("iframe"), { src: `${at}/#token=${token}`, name: "inner" }));
const form = document.createElement("form");
Object.assign(form, { action: `${at}/api/runs`, method: "post", enctype: "text/plain", target: "sink" });
form.append(Object.assign(document.createElement("input"), { name: run.slice(0, -1) + ', "x": "', value: '"}' }));
const sink = Object.assign(document.createElement("iframe"), { name: "sink" });
document.body.append(sink, form);
const posted = new Promise(resolve => { sink.onload = resolve; });
form.submit();
await posted;
document.body.dataset.told = JSON.stringify(told);
document.title = "tried";
</script>"""


@contextlib.contextmanager
def website(page: Callable[[], str]) -> Iterator[str]:
    """A web site on another port, whose only page is `page()`; its address."""

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            content = page().encode()
            self.send_response(200)
            self.send_header("Content-Type", "text/html; charset=utf-8")
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, format: str, *args: object) -> None:
            pass

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_address[1]}/"
        server.shutdown()


@pytest.mark.parametrize("name", ["127.0.0.1", "localhost"])
def test_a_hostile_page_gets_nothing_run_and_nothing_told(
    served: Server, browser: Browser, tmp_path: Path, name: str
) -> None:
    """By no kind of request, even if it has the token, and although the learner has the page open in the same browser."""
    context = browser.new_context()
    learner = Learner(context, served)
    learner.arrive("is-port-open", "c")
    with website(lambda: PAGE % json.dumps({"at": f"http://{name}:{served.port}", "token": served.token})) as site:
        page = context.new_page()
        page.goto(site)
        expect(page).to_have_title("tried", timeout=60_000)
        told = json.loads(page.locator("body").get_attribute("data-told") or "")
    readable = {what: answer for what, answer in told.items() if answer not in ("refused", "opaque")}
    assert readable in ({}, {"frame": "loaded"})  # a frame that was refused has loaded an error page, to its parent
    for frame in page.frames[1:]:
        assert not frame.url.startswith("http"), "the page lets itself be framed, or answers a form"
    assert sorted(served.folder.iterdir()) == []
    assert not (tmp_path / "state").exists()
    learner.run("int is_port_open(int port)\n{\n    return 1\n}\n")  # whereas the learner's own page does run
    expect(learner.verdict).to_contain_text("Ungradable")
    assert (served.folder / "is_port_open.c").exists()
    context.close()


def test_no_request_leaves_the_machine(served: Server, learner: Come, solutions: Path) -> None:
    """From the first to the last, everything comes from the one server; without the rest of the world all works."""
    who = learner(served)
    who.arrive("is-port-open", "c")
    who.run((solutions / "right" / "blocking.c").read_text())
    expect(who.verdict).to_contain_text("Passed")
    assert len(who.requests) > 30
    assert {urlsplit(each).netloc for each in who.requests if not each.startswith("data:")} == {
        f"127.0.0.1:{served.port}"
    }
    assert any("/assets/@codemirror/" in each for each in who.requests)


def test_the_token_stays_in_its_place(served: Server, learner: Come) -> None:
    """Not in the address, in no cookie, in no request's address, in nothing that outlives the tab."""
    who = learner(served)
    who.arrive()
    page = who.page
    assert served.token not in page.url
    assert page.context.cookies() == []
    assert not any(served.token in each for each in who.requests)
    assert served.token not in page.evaluate("JSON.stringify({ ...localStorage })")
    assert page.evaluate("sessionStorage['socklab-token']") == served.token
    assert "token" not in page.evaluate("performance.getEntriesByType('navigation')[0].name.split('#')[0]")


def test_without_the_token_nothing_is_told(served: Server, learner: Come) -> None:
    """Whoever guesses the port sees an empty page that asks for the address."""
    who = learner(served)
    who.page.goto(served.origin)
    expect(who.notice("stranger")).to_be_visible()
    assert who.page.locator("#path li").count() == 0
    who.page.get_by_label("Address that socklab serve printed").fill(served.address)
    who.page.keyboard.press("Enter")
    who.wait_until_ready()


def test_what_a_submission_prints_is_text(served: Server, learner: Come) -> None:
    """Markup in the code, the output and a compiler's message does nothing but be seen."""
    trap = "<img src=x onerror=document.title='run'><script>document.title='run'</script>"
    who = learner(served)
    who.arrive("is-port-open", "python")
    who.run(f'def is_port_open(port):\n    print("{trap}")\n    raise OSError("{trap}")\n')
    expect(who.verdict).to_contain_text("Failed")
    expect(who.page.locator("#report")).to_contain_text("<script>document.title='run'</script>")
    assert who.page.locator("#report :is(img, script)").count() == 0
    assert who.page.title() != "run"
