"""`socklab serve` as a process: how it begins, what it refuses to begin with, and that it leaves nothing behind, however it ends."""

import contextlib
import os
import signal
import socket
import stat
import subprocess
import sys
from pathlib import Path

import pytest
from front_door import (
    COMMAND,
    SECONDS,
    SPINS,
    all_end,
    as_ordinary_user,
    assert_refused,
    assert_wrong_usage,
    socklab,
    started,
    wait_until,
    wait_until_busy,
)
from serving import ADDRESS, Server, lines, serve

RUN = {"exercise": "is-port-open", "lang": "c", "text": SPINS, "base": ""}


def first_line(process: subprocess.Popen[str]) -> str:
    """What it says first."""
    assert process.stdout
    return process.stdout.readline().rstrip("\n")


# -- beginning -------------------------------------------------------------------------------------------------------


def test_it_says_its_address_and_is_there(served: Server) -> None:
    """On 127.0.0.1 alone, and the page is there at once."""
    told = served.ask("GET", "/", headers={"Authorization": None})
    assert told.status == 200
    assert told.headers["content-type"].startswith("text/html")
    listening = Path(f"/proc/{served.process.pid}/net/tcp").read_text()
    assert f" 0100007F:{served.port:04X} 00000000:0000 0A" in listening
    assert f" 00000000:{served.port:04X} " not in listening


def test_each_start_has_a_token_of_its_own(served: Server, tmp_path: Path) -> None:
    """One that was told once opens nothing later."""
    with serve(tmp_path) as other:
        assert other.token != served.token
        assert other.ask("GET", "/api/exercises", headers={"Authorization": f"Socklab {served.token}"}).status == 401


def test_the_usual_port_is_taken_if_it_can_be(tmp_path: Path) -> None:
    """A page finds what it kept again; where somebody has the port, any other one will do."""
    from socklab.editor.serving import USUAL

    with socket.socket() as other:
        with contextlib.suppress(OSError):  # it is in use anyway
            other.bind(("127.0.0.1", USUAL))
            other.listen()
        with started("serve", "--no-open", cwd=tmp_path) as process:
            found = ADDRESS.match(first_line(process))
            assert found
            assert int(found[1]) != USUAL


def test_a_port_that_is_in_use_is_refused(served: Server, tmp_path: Path) -> None:
    """Which one, and what next."""
    answer = socklab("serve", "--port", served.port, "--no-open", cwd=tmp_path)  # type: ignore[arg-type]
    assert_refused(answer, 2, f"port {served.port} of 127.0.0.1 is in use", "--port 0")
    assert_wrong_usage(socklab("serve", "--port", "70000", cwd=tmp_path), "'70000' is no port")


def test_a_port_can_be_had_again_at_once(served: Server, tmp_path: Path) -> None:
    """After one that was killed with connections open: the page finds the new server where the old one was."""
    with served.asked("GET", "/api/changes"):
        served.process.kill()
        served.process.wait()
    with serve(served.folder, port=served.port) as again:
        assert again.port == served.port
        assert again.ask("GET", "/api/exercises").status == 200


def test_a_folder_that_will_not_do_is_refused(tmp_path: Path) -> None:
    """One that is not there, a file, and one in which nothing can be written."""
    (tmp_path / "file").write_text("x")
    sealed = tmp_path / "sealed"
    sealed.mkdir(0o500)
    assert_refused(socklab("serve", "none", cwd=tmp_path), 2, "none: there is no such folder", "mkdir none")
    assert_refused(socklab("serve", "file", cwd=tmp_path), 2, "file: there is no such folder")
    words = [*as_ordinary_user()]
    assert_refused(
        socklab("serve", "sealed", cwd=tmp_path, before=words), 2, "sealed: this folder cannot be written in"
    )


def test_it_speaks_the_language_that_is_asked_for(tmp_path: Path) -> None:
    """To whoever started it, too."""
    with started("serve", "--port", "0", "--no-open", "--lang", "ko", cwd=tmp_path) as process:
        assert ADDRESS.match(first_line(process))
        assert any("가" <= c <= "힣" for c in first_line(process))


# -- a browser -------------------------------------------------------------------------------------------------------


def test_a_browser_is_opened_and_no_other_user_reads_the_token(tmp_path: Path) -> None:
    """Its command line is everybody's to read: there is the name of a private file, which is gone once the page was asked for."""
    folder, seen = tmp_path / "mine", tmp_path / "seen"
    folder.mkdir()
    os.mkfifo(seen)
    browser = tmp_path / "browser"
    browser.write_text(
        f'#!/bin/sh\nfile="${{1#file://}}"\n{{ echo "$1"; stat -c %a "$file"; cat "$file"; }} > {seen}\n'
    )
    browser.chmod(0o755)
    with started("serve", str(folder), "--port", "0", cwd=tmp_path, env={"BROWSER": f"{browser} %s"}) as process:
        found = ADDRESS.match(first_line(process))
        assert found
        with open(seen) as told:
            word, mode, page = told.read().split("\n", 2)
        assert found[2] not in word
        assert word.startswith(f"file://{folder}/")
        assert mode == "600"
        assert f"url={found[0]}" in page
        server = Server(process, folder, found[0], int(found[1]), found[2])
        assert server.ask("GET", "/").status == 200
        assert list(folder.iterdir()) == []


def test_no_browser_is_opened_where_there_is_no_screen(tmp_path: Path) -> None:
    """One for terminals would take this one; nor where it is not wanted."""
    for words, env in (((), {}), (("--no-open",), {"BROWSER": "false", "DISPLAY": ":1"})):
        none: dict[str, str | None] = dict.fromkeys(("BROWSER", "DISPLAY", "WAYLAND_DISPLAY"))
        with started("serve", "--port", "0", *words, cwd=tmp_path, env={**none, **env}) as process:
            assert ADDRESS.match(first_line(process))
            first_line(process)
            assert list(tmp_path.iterdir()) == []


# -- ending ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
@pytest.mark.usefixtures("nobody_stays")
def test_a_signal_ends_it_with_all_that_it_started(tmp_path: Path, temporary: Path, number: signal.Signals) -> None:
    """A run under way, another one waiting, a page that listens: each is told, and nothing is left."""
    (tmp_path / "mine").mkdir()
    with serve(tmp_path / "mine", env={"TMPDIR": str(temporary)}) as server:
        with (
            server.asked("POST", "/api/runs", RUN) as first,
            server.asked("POST", "/api/replays", {**RUN, "check": "closed-port"}) as second,
            server.asked("GET", "/api/changes") as changes,
        ):
            assert second.readline()
            wait_until_busy(server.process, "runner")
            with all_end(server.process):
                server.process.send_signal(number)
                assert list(lines(first))[-1] == {"event": "ended", "how": "stopped"}
                assert list(lines(second))[-1] == {"event": "ended", "how": "stopped"}
                assert next(lines(changes)) == {"event": "alive"}
                said, complaints = server.process.communicate(timeout=SECONDS)
        assert (server.process.returncode, complaints) == (0, "")
        assert said.endswith("stopped; nothing was left behind\n")
    assert list(temporary.iterdir()) == []


@pytest.mark.usefixtures("nobody_stays")
def test_an_idle_one_ends_too(served: Server) -> None:
    """By Ctrl-C, with a connection that nobody uses."""
    with socket.create_connection(("127.0.0.1", served.port), SECONDS):
        served.process.send_signal(signal.SIGINT)
        assert served.process.wait(SECONDS) == 0


@pytest.mark.usefixtures("nobody_stays")
def test_whatever_it_started_ends_when_it_is_killed(served: Server) -> None:
    """Nobody can tell them to; but nobody reads what they tell."""
    with served.asked("POST", "/api/runs", RUN) as answer:
        assert next(event for event in lines(answer) if event["event"] == "begun")
        wait_until_busy(served.process, "runner")
        with all_end(served.process):
            served.process.kill()
            served.process.wait()


@pytest.mark.usefixtures("nobody_stays")
def test_a_second_signal_waits_for_nobody(served: Server) -> None:
    """Not for a command that clears nothing away because it was stopped: it is ended by force, and that is said."""
    with served.asked("POST", "/api/runs", RUN) as answer:
        assert next(event for event in lines(answer) if event["event"] == "begun")
        wait_until_busy(served.process, "runner")
        with all_end(served.process) as family:
            child = next(each for each in family if each.parent == served.process.pid)
            os.kill(child.pid, signal.SIGSTOP)
            served.process.send_signal(signal.SIGINT)
            wait_until(lambda: refuses(served), served.process, "it takes no more runs")
            served.process.send_signal(signal.SIGINT)
            said, _ = served.process.communicate(timeout=SECONDS)
    assert served.process.returncode == 0
    assert "by force" in said


def refuses(server: Server) -> bool:
    """Whether it is ending."""
    told = server.ask("POST", "/api/replays", {**RUN, "check": "closed-port"})
    return told.status == 503 and "socklab serve" in told.json["error"]


# -- for a proxy -----------------------------------------------------------------------------------------------------


def ask_at(path: Path, request: str) -> bytes:
    """What a server on a unix socket answers."""
    with socket.socket(socket.AF_UNIX) as caller:
        caller.settimeout(SECONDS)
        caller.connect(str(path))
        caller.sendall(f"{request}\r\nConnection: close\r\n\r\n".encode())
        answer = b""
        while part := caller.recv(65536):
            answer += part
    return answer


def test_a_proxy_has_a_socket_that_nobody_else_may_use(tmp_path: Path) -> None:
    """The page says the token itself, since whoever comes there has been let in; other origins are refused as ever."""
    private = tmp_path / "private"
    private.mkdir(0o700)
    path = private / "socket"
    with started("serve", str(tmp_path), "--unix-socket", str(path), cwd=tmp_path) as process:
        assert first_line(process) == str(path)
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
        page = ask_at(path, "GET / HTTP/1.1\r\nHost: hub.example")
        token = page.split(b'name="socklab-token" content="')[1].split(b'"')[0].decode()
        asked = f"GET /api/exercises HTTP/1.1\r\nHost: hub.example\r\nAuthorization: Socklab {token}\r\n"
        assert ask_at(path, f"{asked}Origin: https://hub.example").startswith(b"HTTP/1.1 200")
        forwarded = "Host: inner:8888\r\nX-Forwarded-Host: hub.example, other\r\nOrigin: https://hub.example"
        assert ask_at(path, asked.replace("Host: hub.example", forwarded).rstrip()).startswith(b"HTTP/1.1 200")
        for origin in (
            "https://evil.example",
            "null",
            "https://hub.example.evil",
            "file://hub.example",
            "https://hub.example:1",
        ):
            assert ask_at(path, f"{asked}Origin: {origin}").startswith(b"HTTP/1.1 403"), origin
        assert ask_at(path, "GET /api/exercises HTTP/1.1\r\nHost: hub.example").startswith(b"HTTP/1.1 401")
        process.terminate()
        assert process.wait(SECONDS) == 0
    assert not path.exists()


def test_a_socket_that_others_could_use_is_refused(tmp_path: Path) -> None:
    """Which folder, and what next; and a file that is there is nobody's to delete."""
    tmp_path.chmod(0o755)
    assert_refused(
        socklab("serve", "--unix-socket", tmp_path / "socket", cwd=tmp_path),
        2,
        "others may enter this folder",
        "chmod 700",
    )
    tmp_path.chmod(0o700)
    (tmp_path / "socket").write_text("mine")
    assert_refused(socklab("serve", "--unix-socket", tmp_path / "socket", cwd=tmp_path), 2, "there can be no socket")
    assert (tmp_path / "socket").read_text() == "mine"


@pytest.mark.usefixtures("nobody_stays")
def test_it_ends_with_the_proxy_that_started_it(tmp_path: Path) -> None:
    """However that ends."""
    tmp_path.chmod(0o700)
    path = tmp_path / "socket"
    command = f"import subprocess; subprocess.Popen({[*COMMAND, 'serve', '.', '--unix-socket', str(path)]!r}).wait()"
    proxy = subprocess.Popen([sys.executable, "-c", command], cwd=tmp_path, stdout=subprocess.PIPE, text=True)
    with proxy:
        assert first_line(proxy) == str(path)
        proxy.kill()
    # nobody_stays waits for its end
