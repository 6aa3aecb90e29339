"""`socklab run`: a learner's own server in a cell, reached by hand, with its calls told, and nothing left of it afterwards."""

import re
import signal
import socket
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from front_door import (
    Terminal,
    all_end,
    as_ordinary_user,
    assert_refused,
    descendants,
    run,
    socklab,
    started,
    wait_until,
)

TOP = Path(__file__).resolve().parents[2]
PROGRAM = "daytime_server"
CTRL_C = "\x03"

BOTH_TIERS = pytest.mark.parametrize("tier", ["private", "shared"])
BOTH_LANGUAGES = pytest.mark.parametrize("suffix", [".c", ".py"])

SERVER = {
    ".c": """
#include <arpa/inet.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>
int main(int argc, char **argv)
{
    struct sockaddr_in a = {.sin_family = AF_INET, .sin_port = htons(atoi(argv[1])), .sin_addr = {htonl(INADDR_LOOPBACK)}};
    int l = socket(AF_INET, SOCK_STREAM, 0), on = argc;
    @BEFORE@
    setsockopt(l, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    if (bind(l, (struct sockaddr *)&a, sizeof a) != 0 || listen(l, 50) != 0)
        return perror("bind"), 1;
    puts("I listen");
    for (;;) {
        char b[100];
        int c = accept(l, NULL, NULL);
        ssize_t n;
        while ((n = read(c, b, sizeof b)) > 0)
            if (write(c, b, n) < 0)
                break;
        close(c);
    }
}
""",
    ".py": """
import os, signal, socket, sys, time
l = socket.socket()
@BEFORE@
l.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
l.bind(("127.0.0.1", int(sys.argv[1])))
l.listen(50)
print("I listen", flush=True)
while True:
    c, _ = l.accept()
    while part := c.recv(100):
        c.sendall(part)
    c.close()
""",
}
"""An echo, for one after another."""

IGNORES = {".c": "signal(SIGTERM, SIG_IGN);", ".py": "signal.signal(signal.SIGTERM, signal.SIG_IGN)"}
FAMILY = {
    ".c": "if (fork() == 0) { setsid(); if (fork() == 0) for (;;) pause(); _exit(0); }",
    ".py": "if os.fork() == 0:\n    os.setsid()\n    if os.fork() == 0:\n        time.sleep(1000)\n    os._exit(0)",
}


def written(folder: Path, suffix: str, before: str = "") -> str:
    """The server's file; its name."""
    (folder / f"{PROGRAM}{suffix}").write_text(SERVER[suffix].replace("@BEFORE@", before))
    return f"{PROGRAM}{suffix}"


def free_port() -> int:
    """A port of this machine's that nobody uses now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def read_until(process: subprocess.Popen[str], word: str) -> str:
    """What the command says, up to the line with `word` in it."""
    assert process.stdout
    said = ""
    while word not in said:
        line = process.stdout.readline()
        assert line, said
        said += line
    return said


@contextmanager
def running(folder: Path, suffix: str, *words: str, before: str = "") -> Iterator[tuple[subprocess.Popen[str], int]]:
    """`socklab run` of the server, which listens; and its port."""
    port = free_port()
    name = written(folder, suffix, before)
    with started("run", name, str(port), *words, cwd=folder, env={"TMPDIR": str(folder)}) as process:
        read_until(process, "I listen")
        yield process, port


def talk(port: int, data: bytes) -> bytes:
    """Send, end, and read to the end."""
    with socket.create_connection(("127.0.0.1", port), timeout=60) as client:
        client.sendall(data)
        client.shutdown(socket.SHUT_WR)
        parts = b""
        while part := client.recv(65536):
            parts += part
        return parts


@BOTH_TIERS
@BOTH_LANGUAGES
def test_a_server_is_reached_from_this_machine_and_its_calls_are_told(temporary: Path, suffix: str, tier: str) -> None:
    """As they return, with their lines; and what it says. SIGTERM ends it and all of us."""
    with running(temporary, suffix, "--tier", tier) as (process, port), all_end(process):
        assert talk(port, b"echo") == b"echo"
        said = read_until(process, "close(")
        accept = next(n for n, line in enumerate(SERVER[suffix].split("\n"), 1) if "accept(" in line)
        assert re.search(rf"line {accept} +accept4?\(3\) = 4", said), said
        assert re.search(r"(read|recv|recvfrom)\(4, .*= 4", said), said
        process.send_signal(signal.SIGTERM)
        process.wait(60)
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection(("127.0.0.1", port), timeout=60)
    assert [path.name for path in temporary.iterdir()] == [f"{PROGRAM}{suffix}"]


def test_what_is_said_before_it_runs(temporary: Path) -> None:
    """How to reach it, and how to stop it."""
    port = free_port()
    name = written(temporary, ".c")
    with started("run", name, str(port), cwd=temporary) as process:
        said = read_until(process, "stop it")
    assert f"{name}  runs as  {PROGRAM} {port}" in said
    assert f"at 127.0.0.1:{port} of this machine, as with: nc 127.0.0.1 {port}" in said
    assert "private" in said
    assert "Ctrl-C" in said


@BOTH_LANGUAGES
def test_much_is_carried_both_ways(temporary: Path, suffix: str) -> None:
    """Through the door, while the output is read."""
    with running(temporary, suffix) as (process, port):
        assert talk(port, b"x" * 20_000) == b"x" * 20_000
        process.send_signal(signal.SIGINT)
        process.communicate(timeout=60)


def test_many_connections_cost_the_program_nothing(temporary: Path) -> None:
    """Those who carry them are ours: the program is not made to answer for their memory."""
    with running(temporary, ".c") as (process, port):
        held = [socket.create_connection(("127.0.0.1", port), timeout=60) for _ in range(40)]
        held[0].sendall(b"first")
        assert held[0].recv(5) == b"first"
        with pytest.raises(subprocess.TimeoutExpired):
            process.wait(0.5)  # longer than it takes until its memory is looked at
        for client in held:
            client.close()
        process.send_signal(signal.SIGINT)
        out, _ = process.communicate(timeout=60)
        assert "SIGKILL" not in out


def test_a_client_meets_a_refusal_inside_as_one(temporary: Path) -> None:
    """The door is open before the program listens: who comes too early is turned away."""
    port = free_port()
    name = written(temporary, ".py", "time.sleep(1000)")
    with started("run", name, str(port), cwd=temporary) as process:
        read_until(process, "stop it")
        with pytest.raises(ConnectionResetError):
            talk(port, b"too early")


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGKILL])
@pytest.mark.usefixtures("nobody_stays")
def test_nothing_is_left_of_a_program_and_its_daemons(temporary: Path, number: int) -> None:
    """However the command is ended."""
    with running(temporary, ".c", before=FAMILY[".c"]) as (process, port), all_end(process):
        assert talk(port, b"echo") == b"echo"
        process.send_signal(number)
        process.wait(60)
    assert [path.name for path in temporary.iterdir() if path.is_dir()] == []


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
@pytest.mark.usefixtures("nobody_stays")
def test_in_the_shared_tier_nothing_is_left_either(temporary: Path, number: int) -> None:
    """Where no pid namespace helps."""
    with running(temporary, ".c", "--tier", "shared", before=FAMILY[".c"]) as (process, _), all_end(process):
        process.send_signal(number)
        process.wait(60)


@BOTH_LANGUAGES
def test_ctrl_c_at_a_terminal_stops_it(tmp_path: Path, suffix: str) -> None:
    """By SIGTERM; that is how it ended, and no failure."""
    name = written(tmp_path, suffix)
    with Terminal("run", name, str(free_port()), cwd=tmp_path) as terminal:
        terminal.wait_for(lambda: "I listen" in terminal.text)
        with all_end(terminal.process):
            terminal.type(CTRL_C)
            assert terminal.wait_for_end() == 0
        assert "it was ended by SIGTERM" in terminal.text


def test_ctrl_c_stops_one_that_ignores_sigterm(tmp_path: Path) -> None:
    """After a while it is killed, and that is said."""
    name = written(tmp_path, ".c", IGNORES[".c"])
    with Terminal("run", name, str(free_port()), cwd=tmp_path) as terminal:
        terminal.wait_for(lambda: "I listen" in terminal.text)
        terminal.type(CTRL_C)
        assert terminal.wait_for_end() == 0
        assert "did not end within 2 seconds of SIGTERM: killed" in terminal.text


@BOTH_TIERS
def test_a_program_that_ends_by_itself_gives_its_exit_code(temporary: Path, tier: str) -> None:
    """And says its last words first."""
    name = written(temporary, ".c", 'puts("no more"); return 7;')
    answer = socklab("run", name, str(free_port()), "--tier", tier, cwd=temporary)
    assert (answer.code, answer.err) == (7, "")
    assert re.search(r"it says +no more\n.*ended +it ended with exit code 7\n", answer.out, re.DOTALL), answer.out


def test_a_crash_is_told(temporary: Path) -> None:
    """By the signal's name."""
    answer = socklab("run", written(temporary, ".c", "abort();"), str(free_port()), cwd=temporary)
    assert "it was ended by SIGABRT" in answer.out


def test_controls_in_what_it_says_reach_no_terminal(temporary: Path) -> None:
    """They are shown as text."""
    name = written(temporary, ".py", "print('\\x1b[2Jforged'); sys.exit(0)")
    answer = socklab("run", name, "1", cwd=temporary)
    assert "forged" in answer.out
    assert "\x1b" not in answer.out


def test_a_port_that_is_in_use_is_refused(temporary: Path) -> None:
    """Before anything is built."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        assert_refused(socklab("run", written(temporary, ".c"), str(port), cwd=temporary), 2, f"port {port} is in use")


def test_a_port_below_1024_is_not_for_everybody(temporary: Path, as_another_user: list[str]) -> None:
    """On this machine: which other one to try."""
    if int(Path("/proc/sys/net/ipv4/ip_unprivileged_port_start").read_text()) < 100:
        pytest.skip("on this machine everybody may listen on every port")
    name = written(temporary, ".c")
    answer = run(*as_another_user, "run", name, "99", cwd=temporary, env={"HOME": str(temporary)})
    assert_refused(answer, 2, "port 99: only root may listen below 1024", "7777")


def test_an_ordinary_user_has_it_too(temporary: Path) -> None:
    """Nothing of this needs root."""
    name = written(temporary, ".c", "return 5;")
    assert socklab("run", name, str(free_port()), cwd=temporary, before=as_ordinary_user()).code == 5


def test_a_functions_file_does_not_run(right_c: Path) -> None:
    """What to do instead."""
    answer = socklab("run", right_c.name, "7777", cwd=right_c.parent)
    assert_refused(answer, 2, "is-port-open asks for a function", "socklab replay is-port-open CHECK is_port_open.c")


def test_a_file_that_does_not_compile(temporary: Path) -> None:
    """Exit code 3 and the compiler's message."""
    (temporary / f"{PROGRAM}.c").write_text("int main(void)\n{\n    return 1\n}\n")
    answer = socklab("run", f"{PROGRAM}.c", str(free_port()), cwd=temporary)
    assert answer.code == 3
    assert "! cannot be graded" in answer.out
    assert "3 |     return 1" in answer.out


@pytest.mark.parametrize("words", [(), ("no-port",), ("0",), ("65536",), ("7\u0661",)])
def test_arguments_that_are_no_port_open_no_door(temporary: Path, words: tuple[str, ...]) -> None:
    """They are passed on; the program says what it thinks of them."""
    name = written(temporary, ".py", "print(sys.argv[1:], flush=True); sys.exit(2)")
    answer = socklab("run", name, *words, cwd=temporary)
    assert answer.code == 2
    assert "its first argument is no port" in answer.out
    assert str(list(words)) in answer.out


def test_no_process_of_a_connection_stays_while_it_runs(temporary: Path) -> None:
    """Those who carried it have ended."""
    with running(temporary, ".c") as (process, port):
        before = len(descendants(process.pid))
        for _ in range(5):
            assert talk(port, b"echo") == b"echo"
        wait_until(lambda: len(descendants(process.pid)) <= before, process, "as many processes as before")
