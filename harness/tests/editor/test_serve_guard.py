"""Who may ask `socklab serve` for anything: no web site, no other name, no other user, nobody without the token."""

import contextlib
import json
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest
from front_door import SECONDS
from serving import Server, serve

EVERYTHING = [
    ("GET", "/api/exercises"),
    ("GET", "/api/exercises/is-port-open"),
    ("GET", "/api/files/is-port-open/c"),
    ("PUT", "/api/files/is-port-open/c"),
    ("GET", "/api/files/is-port-open/c/attempts/1"),
    ("POST", "/api/files/is-port-open/c/diff"),
    ("GET", "/api/changes"),
    ("POST", "/api/runs"),
    ("POST", "/api/runs/1/stop"),
    ("POST", "/api/replays"),
    ("GET", "/api/"),
    ("GET", "/api"),
    ("GET", "/%61pi/exercises"),
    ("GET", "//api/exercises"),
    ("GET", "/nothing"),
    ("POST", "/"),
    ("OPTIONS", "/"),
    ("OPTIONS", "/api/runs"),
    ("DELETE", "/static/main.js"),
]
"""What does something, or tells something, and what there is not."""

RUN = {"exercise": "is-port-open", "lang": "python", "text": "print(1)\n", "base": ""}

SAFE = {
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "referrer-policy": "no-referrer",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
}


@pytest.fixture(scope="module")
def one(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server for all tests in which nothing is written: its folder stays empty."""
    with serve(tmp_path_factory.mktemp("mine")) as server:
        yield server


def raw(server: Server, request: bytes, *, hang_up: bool = False) -> bytes:
    """What comes back for these very bytes, up to the end of the connection. `hang_up`: nothing more is ever sent."""
    with socket.create_connection(("127.0.0.1", server.port), SECONDS) as caller:
        caller.sendall(request)
        if hang_up:
            caller.shutdown(socket.SHUT_WR)
        answer = b""
        while part := caller.recv(65536):
            answer += part
    return answer


def nothing_done(server: Server) -> bool:
    """Whether nothing was written."""
    return list(server.folder.iterdir()) == []


# -- names -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", ["/", "/static/main.js", "/api/exercises"])
@pytest.mark.parametrize(
    "host",
    [
        "evil.example",
        "evil.example:{port}",
        "localhost:{port}",
        "127.0.0.1",
        "127.0.0.1:1",
        "127.0.0.2:{port}",
        "127.0.0.1:{port}.evil.example",
        "evil@127.0.0.1:{port}",
        "127.1:{port}",
        "[::1]:{port}",
        "127.0.0.1:0{port}",
        "",
    ],
)
def test_it_answers_to_no_other_name(one: Server, host: str, path: str) -> None:
    """A site can let its own name point to this machine (DNS rebinding); then its pages are of the server's origin."""
    told = one.ask("GET", path, headers={"Host": host.format(port=one.port)})
    assert told.status == 421
    assert f"http://127.0.0.1:{one.port}/" in told.json["error"]


def test_it_answers_to_no_request_without_a_name_or_with_two(one: Server) -> None:
    """HTTP/1.0 has no Host; and of two, others might believe the other one."""
    ours = f"Host: 127.0.0.1:{one.port}\r\n"
    token = f"Authorization: Socklab {one.token}\r\n"
    whole = f"GET /api/exercises HTTP/1.1\r\n{ours}{token}Connection: close\r\n\r\n"
    assert raw(one, whole.encode()).startswith(b"HTTP/1.1 200")
    assert raw(one, f"GET /api/exercises HTTP/1.0\r\n{token}\r\n".encode()).startswith(b"HTTP/1.1 421")
    twice = f"GET /api/exercises HTTP/1.1\r\n{ours}Host: evil.example\r\n{token}\r\n"
    assert raw(one, twice.encode()).split()[1] in (b"400", b"421")
    other = f"GET http://evil.example/api/exercises HTTP/1.1\r\nHost: evil.example\r\n{token}\r\n"
    assert raw(one, other.encode()).startswith(b"HTTP/1.1 421")


@pytest.mark.parametrize("path", ["/", "/static/main.js", "/api/exercises"])
@pytest.mark.parametrize(
    "origin",
    [
        "http://evil.example",
        "null",
        "http://localhost:{port}",
        "https://127.0.0.1:{port}",
        "http://127.0.0.1:1",
        "http://127.0.0.1:{port}.evil.example",
        "http://127.0.0.1",
        "http://127.0.0.1:{port}/",
        "file://",
        "",
    ],
)
def test_it_answers_to_no_other_site(one: Server, origin: str, path: str) -> None:
    """A server on another port of this machine is one too."""
    told = one.ask("GET", path, headers={"Origin": origin.format(port=one.port)})
    assert told.status == 403
    assert "another web site" in told.json["error"]


@pytest.mark.parametrize("site", ["cross-site", "same-site", "anything"])
def test_what_the_browser_says_of_the_site_counts_too(one: Server, site: str) -> None:
    """Some requests have no Origin; Sec-Fetch-Site cannot be forged by a page."""
    assert one.ask("GET", "/api/exercises", headers={"Sec-Fetch-Site": site}).status == 403
    assert one.ask("POST", "/api/runs", RUN, headers={"Sec-Fetch-Site": site}).status == 403
    assert one.ask("GET", "/", headers={"Sec-Fetch-Site": site}).status == 200  # a link may lead there
    assert nothing_done(one)


def test_its_own_page_may_ask(one: Server) -> None:
    """With all that a browser sends."""
    headers = {"Origin": one.origin, "Sec-Fetch-Site": "same-origin", "Sec-Fetch-Mode": "cors"}
    assert one.ask("GET", "/api/exercises", headers=headers).status == 200


# -- the token -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("method", "path"), EVERYTHING)
def test_nothing_is_done_or_told_without_the_token(one: Server, method: str, path: str) -> None:
    """Other users of the machine can connect to it, and every program of this one."""
    body = None if method == "GET" else RUN
    told = one.ask(method, path, body, headers={"Authorization": None, "Origin": one.origin})
    assert told.status == 401
    assert told.headers["www-authenticate"] == "Socklab"
    assert "socklab serve" in told.json["error"]
    assert nothing_done(one)


@pytest.mark.parametrize(
    "said",
    [
        "Socklab",
        "Socklab ",
        "Socklab x",
        "Bearer {token}",
        "token {token}",
        "{token}",
        "socklab {token}",
        "Socklab {token}x",
        "Socklab  {token}",
        "Socklab {token} ",
        "Socklab éÿ",
    ],
)
def test_nothing_but_the_token_will_do(one: Server, said: str) -> None:
    """Not almost it, nor in another scheme: a proxy in front may use that for itself. (Blanks at the end are no part of a header.)"""
    status = one.ask("GET", "/api/exercises", headers={"Authorization": said.format(token=one.token)}).status
    assert status == (200 if said.endswith("{token} ") else 401)


def test_the_token_is_nowhere_but_in_the_address(one: Server) -> None:
    """No cookie, which every other server on this machine would be sent, no address that a server sees, no page."""
    assert len(one.token) >= 32
    pages = [one.ask("GET", path) for path in ("/", "/static/main.js", "/api/exercises")]
    assert [page.status for page in pages] == [200, 200, 200]
    for page in pages:
        assert "set-cookie" not in page.headers
        assert one.token.encode() not in page.body
    for carried in ({"Cookie": f"token={one.token}"}, {"X-Token": one.token}):
        assert (
            one.ask("GET", f"/api/exercises?token={one.token}", headers={"Authorization": None, **carried}).status
            == 401
        )


def test_the_token_is_compared_in_constant_time() -> None:
    """How long a refusal takes must not tell how much of a guess is right; a clock cannot show that reliably, so the source does."""
    from socklab.editor import guard

    source = Path(guard.__file__).read_text()
    assert "secrets.compare_digest(token.encode(), self._token)" in source
    assert source.count("self._token") == 2  # where it is kept, and there


# -- forms and bodies ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "kind",
    [
        "application/x-www-form-urlencoded",
        "multipart/form-data; boundary=x",
        "text/plain",
        "text/plain; application/json",
        "application/jsonx",
        "",
        None,
    ],
)
@pytest.mark.parametrize(("method", "path"), [("POST", "/api/runs"), ("PUT", "/api/files/is-port-open/python")])
def test_what_forms_send_is_refused(one: Server, method: str, path: str, kind: str | None) -> None:
    """These a page may send anywhere without being asked; JSON it may not."""
    told = one.ask(method, path, RUN, headers={"Content-Type": kind})
    assert told.status == 415
    assert "application/json" in told.json["error"]
    assert nothing_done(one)


@pytest.mark.parametrize(
    "kind", ["application/json", "application/json; charset=utf-8", "application/json;charset=UTF-8"]
)
def test_json_may_say_its_charset(served: Server, kind: str) -> None:
    """As some browsers do."""
    assert served.ask("PUT", "/api/files/is-port-open/python", RUN, headers={"Content-Type": kind}).status == 200


@pytest.mark.parametrize("chunked", [False, True])
@pytest.mark.parametrize("size", [5 << 20, 40 << 20])
def test_a_body_that_is_too_large_is_not_kept(one: Server, size: int, chunked: bool) -> None:
    """Whether or not its sender says before how large it is; a bit too large, and far too large."""
    head = f"PUT /api/files/is-port-open/c HTTP/1.1\r\nHost: 127.0.0.1:{one.port}\r\nContent-Type: application/json\r\n"
    head += f"Authorization: Socklab {one.token}\r\n"
    head += "Transfer-Encoding: chunked\r\n\r\n" if chunked else f"Content-Length: {size}\r\n\r\n"
    piece = b"x" * 65536
    with socket.create_connection(("127.0.0.1", one.port), SECONDS) as caller:
        caller.sendall(head.encode())
        try:
            for _ in range(size // len(piece)):
                caller.sendall(b"%x\r\n%s\r\n" % (len(piece), piece) if chunked else piece)
            caller.sendall(b"0\r\n\r\n" if chunked else b"")
        except (BrokenPipeError, ConnectionResetError):
            assert size > 16 << 20, "a bit too much is read to its end, so that the answer can be"
        else:
            answer = caller.makefile("rb").read()
            assert answer.startswith(b"HTTP/1.1 413")
            assert b"4,194,304" in answer
    assert nothing_done(one)
    assert one.ask("GET", "/api/exercises").status == 200


def test_a_body_that_lies_about_its_length_is_refused(one: Server) -> None:
    """The answer is one line, and the server goes on."""
    head = f"PUT /api/files/is-port-open/c HTTP/1.1\r\nHost: 127.0.0.1:{one.port}\r\nContent-Type: application/json\r\n"
    head += f"Authorization: Socklab {one.token}\r\n"
    for length in ("-1", "x", "1e3", "99999999999999999999999"):
        assert raw(one, f"{head}Content-Length: {length}\r\n\r\nx".encode()).split()[1] in (b"400", b"413")
    raw(one, f"{head}Content-Length: 100\r\n\r\nonly this".encode(), hang_up=True)
    assert one.ask("GET", "/api/exercises").status == 200
    assert nothing_done(one)


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"[]",
        b"null",
        b"\xff",
        b"[" * 100000,
        b'{"text": 1, "base": ""}',
        b'{"text": "x"}',
        b'{"text": "\\ud800", "base": ""}',
        b'{"text": null, "base": ""}',
        b"9" * 10000,
    ],
)
def test_a_body_that_is_not_what_it_should_be_is_refused(one: Server, body: bytes) -> None:
    """In one sentence."""
    told = one.ask("PUT", "/api/files/is-port-open/c", raw=body)
    assert told.status == 400
    assert told.json["error"].endswith(".")
    assert nothing_done(one)


# -- other origins ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("origin", ["http://evil.example", "own"])
def test_no_other_origin_is_permitted_anything(one: Server, origin: str) -> None:
    """A preflight is answered with a refusal, and no answer has a header that lets another page read it."""
    origin = one.origin if origin == "own" else origin
    asked = {
        "Origin": origin,
        "Access-Control-Request-Method": "POST",
        "Access-Control-Request-Headers": "authorization,content-type",
        "Access-Control-Request-Private-Network": "true",
    }
    for path in ("/api/runs", "/", "/static/main.js"):
        for authorization in (None, f"Socklab {one.token}"):
            told = one.ask("OPTIONS", path, headers={**asked, "Authorization": authorization})
            assert told.status >= 400
            assert [name for name in told.headers if name.lower().startswith("access-control")] == []
    told = one.ask("GET", "/api/exercises", headers={"Origin": origin})
    assert [name for name in told.headers if name.lower().startswith("access-control")] == []


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/", 200),
        ("GET", "/static/main.js", 200),
        ("GET", "/static/none.js", 404),
        ("GET", "/api/exercises", 200),
        ("GET", "/api/changes", 200),
        ("POST", "/api/runs", 400),
        ("GET", "/api/exercises/x", 404),
        ("PATCH", "/api/runs", 405),
    ],
)
def test_every_answer_says_how_it_may_be_used(one: Server, method: str, path: str, status: int) -> None:
    """Nothing is framed, guessed at, or read by a page of another origin; refusals too."""
    body = None if method == "GET" else {}
    for headers, expected in (({}, status), ({"Host": "evil.example"}, 421)):
        with one.asked(method, path, body, headers=headers) as answer:
            assert answer.status == expected
            found = {name.lower(): value for name, value in answer.getheaders()}
            assert {name: found.get(name) for name in SAFE} == SAFE
            assert "frame-ancestors 'none'" in found["content-security-policy"]
            assert "default-src 'none'" in found["content-security-policy"]
            assert "server" not in found


def test_the_pages_policy_permits_its_own_modules_and_nothing_else(one: Server) -> None:
    """No inline script, no inline style but CodeMirror's, which has a number used once."""
    policies = []
    for _ in range(2):
        told = one.ask("GET", "/")
        rules = dict(rule.strip().split(" ", 1) for rule in told.headers["content-security-policy"].split(";"))
        nonce = rules["style-src"].split("'nonce-")[1].rstrip("'")
        assert f'content="{nonce}"'.encode() in told.body
        assert len(nonce) >= 20
        policies.append(nonce)
        assert rules["script-src"] == "'self'"
        assert rules["default-src"] == rules["base-uri"] == rules["form-action"] == rules["frame-ancestors"] == "'none'"
        assert told.headers["cache-control"] == "no-store"
    assert policies[0] != policies[1]


# -- paths -----------------------------------------------------------------------------------------------------------

ESCAPES = [
    "../app.py", "..%2fapp.py", "%2e%2e/app.py", "%2e%2e%2fapp.py", "....//app.py", "/etc/passwd", "%2fetc%2fpasswd",
    "..\\app.py", "..%5capp.py", "main.js%00.txt", "index.html.j2", ".hidden.js", "", ".", "main.js/", "./main.js",
    "x/../main.js", "//main.js", "%252e%252e/app.py", "link.js", "folder.js",
]  # fmt: skip


@pytest.mark.parametrize("path", ESCAPES)
@pytest.mark.parametrize("shelf", ["static", "assets"])
def test_nothing_but_the_pages_own_files_is_served(one: Server, shelf: str, path: str) -> None:
    """Each as it stands on the line, which no browser would send."""
    request = f"GET /{shelf}/{path} HTTP/1.1\r\nHost: 127.0.0.1:{one.port}\r\nConnection: close\r\n\r\n"
    answer = raw(one, request.encode())
    assert answer.split()[1] in (b"404", b"401"), answer[:200]
    assert b"import" not in answer.partition(b"\r\n\r\n")[2]


def test_a_link_out_of_the_folder_is_not_followed(tmp_path: Path) -> None:
    """Nor is a folder a file."""
    from socklab.editor.shelf import Shelf

    shelf, outside = tmp_path / "shelf", tmp_path / "outside.js"
    (shelf / "folder.js").mkdir(parents=True)
    outside.write_text("secret")
    (shelf / "link.js").symlink_to(outside)
    (shelf / "sound.js").write_text("sound")
    found = Shelf(str(shelf))
    assert found.get("link.js") is None
    assert found.get("folder.js") is None
    assert (found.get("sound.js") or pytest.fail("lost")).content == b"sound"


@pytest.mark.parametrize(
    "path",
    [
        "/api/exercises/..%2f..",
        "/api/exercises/%2e%2e",
        "/api/files/..%2fx/c",
        "/api/files/is-port-open/..",
        "/api/files/is-port-open/%00",
    ],
)
def test_an_exercise_named_with_a_path_is_none(one: Server, path: str) -> None:
    """404, and a sentence."""
    told = one.ask("GET", path)
    assert told.status == 404
    assert len(told.json["error"]) > 10


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("exercise", "../is-port-open"),
        ("exercise", "/etc"),
        ("lang", "rust"),
        ("lang", "../c"),
        ("only", ["--hidden"]),
        ("only", ["none"]),
    ],
)
def test_a_run_of_something_else_is_refused(one: Server, name: str, value: object) -> None:
    """Nothing of it comes to a command line, and nothing is written."""
    told = one.ask("POST", "/api/runs", {**RUN, name: value})
    assert told.status == 404
    assert nothing_done(one)
    told = one.ask(
        "POST",
        "/api/replays",
        {**RUN, "check": "closed-port", name if name != "only" else "check": value if name != "only" else "--hidden"},
    )
    assert told.status == 404


# -- what the wire carries -------------------------------------------------------------------------------------------


def test_parts_of_the_page_are_packed_and_asked_for_once(one: Server) -> None:
    """gzip for whom it is, and nothing for whom has it already."""
    plain = one.ask("GET", "/static/report.css", headers={"Accept-Encoding": "identity"})
    packed = one.ask("GET", "/static/report.css", headers={"Accept-Encoding": "gzip"})
    assert packed.headers["content-encoding"] == "gzip"
    assert len(packed.body) < len(plain.body) / 2
    again = one.ask("GET", "/static/report.css", headers={"If-None-Match": plain.headers["etag"]})
    assert (again.status, again.body) == (304, b"")
    assert plain.headers["cache-control"] == "no-cache"
    assert json.loads(one.ask("GET", "/static/nothing.js").body)["error"]


def test_noise_is_no_request(served: Server) -> None:
    """What is no HTTP is answered shortly and nobody is told of it; the server goes on."""
    for noise in (
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03",
        b"GET\r\n\r\n",
        b"GET / HTTP/9.9\r\n\r\n",
        b"\0" * 100,
    ):
        raw(served, noise, hang_up=True)
    with contextlib.suppress(ConnectionError):  # it does not listen to the end
        raw(served, b"GET / HTTP/1.1\r\nHost: x\r\nX: " + b"y" * 200_000)
    assert served.ask("GET", "/api/exercises").status == 200
    served.process.terminate()
    _, complaints = served.process.communicate(timeout=SECONDS)
    assert complaints == ""
