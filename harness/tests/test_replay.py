"""`socklab replay` and `socklab scene`: one check's scene, told or held open, and nothing left of it afterwards."""

import errno
import os
import re
import shutil
import signal
import socket
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from front_door import (
    Answer,
    Terminal,
    all_end,
    as_ordinary_user,
    assert_complains,
    assert_refused,
    descendants,
    run,
    socklab,
    started,
    wait_until,
)

EXERCISE = "is-port-open"
CTRL_C, CTRL_Z = "\x03", "\x1a"
CONNECTS = 'exec 3<>/dev/tcp/127.0.0.1/$PORT && echo "connected to $PORT"'

pytestmark = pytest.mark.skipif(not shutil.which("bwrap"), reason="the private tier needs bubblewrap")


def replay(check: str, file: Path, *words: str) -> Answer:
    """`socklab replay` of a check of is-port-open."""
    return socklab("replay", EXERCISE, check, file.name, *words, cwd=file.parent)


def scene(check: str, *words: str, cwd: Path) -> Answer:
    """`socklab scene` of a check of is-port-open."""
    return socklab("scene", EXERCISE, check, *words, cwd=cwd)


# -- a check, told ---------------------------------------------------------------------------------------------------


def test_a_check_that_passes_is_told_call_by_call_in_c(right_c: Path) -> None:
    """What was arranged, each recorded call with line and time, the answer, and the verdict; in this order."""
    answer = replay("closed-port", right_c)
    assert (answer.code, answer.err) == (0, "")
    line = next(n for n, text in enumerate(right_c.read_text().splitlines(), 1) if "connect(" in text)
    order = [
        r"closed-port: a port that nobody listens on is closed",
        r"arranged  port \d+ taken, but nobody listening on it",
        r"call      is_port_open\(\d+\)",
        r"\+0\.00 ms +line \d+ +socket\(AF_INET, SOCK_STREAM, 0\) = 3",
        rf"\+\d+\.\d\d ms +line {line} +connect\(3, 127\.0\.0\.1:\d+\) = -1 ECONNREFUSED  \d+\.\d\d ms",
        r"returned  0  after \d",
        r"✓ passed",
        r"seed \d+ · private network",
    ]
    assert re.search(".*".join(order), answer.out, re.DOTALL), answer.out


def test_a_check_that_passes_is_told_call_by_call_in_python(right_py: Path) -> None:
    """With the lines of the Python file, and both calls of a check that makes two."""
    answer = replay("open-then-closed", right_py)
    assert (answer.code, answer.err) == (0, "")
    assert re.search(r"line \d+ +connect\(3, 127\.0\.0\.1:\d+\) = 0 .*returned  1 .*= -1 ECONNREFUSED .*returned  0 ",
                     answer.out, re.DOTALL)  # fmt: skip


@pytest.mark.parametrize(
    ("file", "source"),
    [
        ("is_port_open.c", "int is_port_open(int port)\n{\n    return port * 0 + 7;\n}\n"),
        ("is_port_open.py", "def is_port_open(port):\n    return 7\n"),
    ],
    ids=["c", "python"],
)
def test_a_check_that_fails_says_what_was_expected(file: str, source: str, tmp_path: Path) -> None:
    """Exit code 1, with expected, got and hint as in a report, and the answer where it was given."""
    path = tmp_path / file
    path.write_text(source)
    answer = replay("open-port", path)
    assert answer.code == 1
    for part in ("returned  7", "✗ failed", "expected", "got          7", "hint"):
        assert part in answer.out


def test_only_the_check_itself_is_run(right_c: Path) -> None:
    """What it needs is not: one call, one verdict."""
    answer = replay("negative-port", right_c)
    assert answer.code == 0
    assert answer.out.count("    call  ") == 1
    assert "open-port" not in answer.out.replace("is-port-open", "")


def test_a_call_that_hangs_is_told(tmp_path: Path) -> None:
    """It ends, as in a grade, and the verdict says so."""
    path = tmp_path / "is_port_open.py"
    path.write_text("import time\ndef is_port_open(port):\n    time.sleep(100)\n")
    answer = replay("open-port", path)
    assert answer.code == 1
    assert "did not return within 2 seconds" in answer.out


def test_a_seed_names_the_ports(right_c: Path) -> None:
    """The same seed, the same port."""
    told = [re.findall(r"call +(.*)", replay("open-port", right_c, "--seed", "7").out) for _ in range(2)]
    assert told[0] == told[1] != []


def test_a_file_that_cannot_be_graded(ungradable_c: Path) -> None:
    """Exit code 3 and the compiler's message, with and without a command."""
    for words in ((), ("--", "bash")):
        answer = replay("open-port", ungradable_c, *words)
        assert answer.code == 3
        assert "! cannot be graded" in answer.out
        assert "3 |     return 1" in answer.out


def test_an_unknown_check_is_answered_with_the_nearest(right_c: Path) -> None:
    """Both commands; nothing is built."""
    for answer in (replay("closed-prt", right_c), scene("closed-prt", cwd=right_c.parent)):
        assert_refused(answer, 2, "no check called 'closed-prt'", "Did you mean closed-port?")


def test_an_unknown_exercise_is_answered_with_the_nearest(right_c: Path) -> None:
    """As everywhere."""
    answer = socklab("replay", "is-port-opn", "open-port", right_c.name, cwd=right_c.parent)
    assert_refused(answer, 2, "Did you mean is-port-open?")


def test_a_check_without_a_scene_is_refused(right_c: Path) -> None:
    """One that judges what others did has nothing to show; one that calls nothing has nothing to hold."""
    assert_refused(replay("memory", right_c), 2, "memory", "--only memory")
    assert_refused(scene("exactly-one-parameter", "--", "true", cwd=right_c.parent), 2, "calls nothing")


def test_a_check_for_another_language_is_refused(right_c: Path) -> None:
    """It would say nothing."""
    assert_refused(replay("exactly-one-parameter", right_c), 2, "python submissions only")


def test_in_the_shared_tier_a_check_is_told_too(right_c: Path) -> None:
    """On the machine's own loopback."""
    answer = replay("closed-port", right_c, "--tier", "shared")
    assert answer.code == 0
    assert "shared network" in answer.out


def test_what_the_tier_cannot_arrange_is_said(right_c: Path) -> None:
    """It is no verdict."""
    assert_refused(replay("open-port-1", right_c, "--tier", "shared"), 4, "open-port-1", "needs a private network")


# -- a command inside ------------------------------------------------------------------------------------------------


def test_a_shell_inside_meets_the_scene(right_c: Path) -> None:
    """The port is really open, the function can be called, and nothing but the command writes to standard output."""
    answer = replay("open-port", right_c, "--", "bash", "-c", f"{CONNECTS}; ./call $PORT; call 1")
    assert answer.code == 0
    port = re.search(r"port +(\d+) ", answer.err)
    assert port
    assert answer.out.splitlines() == [
        f"connected to {port[1]}",
        f"is_port_open({port[1]}) = 1",
        "is_port_open(1) = 0",
    ]
    for part in ("arranged  a listener on 127.0.0.1:", f"./call {port[1]}", "everything stays on its own loopback"):
        assert part in answer.err


def test_a_closed_port_refuses_inside(right_c: Path) -> None:
    """The scene is that of the check that was named."""
    answer = replay("closed-port", right_c, "--", "bash", "-c", CONNECTS)
    assert answer.code == 1
    assert "Connection refused" in answer.err


def test_python_is_called_by_hand_too(right_py: Path) -> None:
    """By the same words, and at the debugger's prompt."""
    answer = replay("open-port", right_py, "--", "bash", "-c", "./call $PORT; echo q | python3 -m pdb call.py $PORT")
    assert re.match(r"is_port_open\(\d+\) = 1\n> /lab/call.py\(1\)<module>\(\)", answer.out)


TELLS_ERRNO = {
    "is_port_open.c": "#include <arpa/inet.h>\n#include <errno.h>\nint is_port_open(int port)\n{\n"
    "    struct sockaddr_in a = {.sin_family = AF_INET, .sin_port = htons(port), .sin_addr = {htonl(INADDR_LOOPBACK)}};\n"
    "    return connect(socket(AF_INET, SOCK_STREAM, 0), (struct sockaddr *)&a, sizeof a) == 0 ? 0 : errno;\n}\n",
    "is_port_open.py": "import socket\ndef is_port_open(port):\n    return socket.socket().connect_ex(('127.0.0.1', port))\n",
}
"""Submissions that answer with the errno of connect()."""


@pytest.mark.parametrize("file", TELLS_ERRNO)
def test_faults_of_the_recorder_are_met_by_hand(file: str, tmp_path: Path) -> None:
    """A timeout at once comes from no kernel; yet who debugs wants to see it."""
    path = tmp_path / file
    path.write_text(TELLS_ERRNO[file])
    answer = replay("timed-out", path, "--", "bash", "-c", "./call $PORT")
    assert re.match(rf"is_port_open\(\d+\) = {errno.ETIMEDOUT}\n", answer.out), answer
    assert "./call meets this fault" in answer.err


@pytest.mark.parametrize(("words", "code"), [("exit 5", 5), ("kill -9 $$", 137), ("true", 0)])
def test_the_exit_code_is_that_of_the_command(words: str, code: int, right_c: Path) -> None:
    """Of both commands; a signal is 128 and its number, as in a shell."""
    assert replay("open-port", right_c, "--", "bash", "-c", words).code == code
    assert scene("open-port", "--", "bash", "-c", words, cwd=right_c.parent).code == code


def test_a_program_that_is_not_installed_is_named(right_c: Path) -> None:
    """With the command that installs it."""
    answer = replay("open-port", right_c, "--", "gdbx")
    assert_refused(answer, 4, "gdbx is not installed", "apt-get install gdbx")
    assert_refused(scene("open-port", "--", "gdbx", cwd=right_c.parent), 4, "apt-get install gdbx")


def test_the_shared_tier_has_no_inside(right_c: Path) -> None:
    """The reason is given, and what to do instead."""
    for answer in (
        replay("open-port", right_c, "--tier", "shared", "--", "bash"),
        scene("open-port", "--tier", "shared", "--", "bash", cwd=right_c.parent),
    ):
        assert_refused(
            answer, 2, "no network of its own to enter", "socklab scene is-port-open open-port --tier shared"
        )


def test_no_other_machine_and_no_service_of_this_one_is_in_reach(tmp_path: Path) -> None:
    """A listener of this machine's loopback is not there, and there is no way out."""
    with socket.socket() as service:
        service.bind(("127.0.0.1", 0))
        service.listen()
        port = service.getsockname()[1]
        words = f"exec 3<>/dev/tcp/127.0.0.1/{port} && echo reached; exec 3<>/dev/tcp/198.51.100.1/80 && echo out; true"
        answer = scene("open-port", "--seed", "1", "--", "bash", "-c", words, cwd=tmp_path)
    assert (answer.code, answer.out) == (0, "")
    assert "Connection refused" in answer.err


def test_no_rights_are_had_inside(tmp_path: Path) -> None:
    """No capability, no way to write but to /tmp, and only the processes inside are seen."""
    words = "grep CapEff /proc/self/status; touch /usr/x /lab/x x; touch /tmp/written-inside && echo written; ls -d /proc/[0-9]* | wc -l"
    answer = scene("open-port", "--", "bash", "-c", words, cwd=tmp_path)
    lines = answer.out.split("\n")
    assert lines[0].split() == ["CapEff:", "0" * 16]
    assert lines[1] == "written"
    assert int(lines[2]) < 6
    assert not (tmp_path / "x").exists()
    assert not Path("/tmp/written-inside").exists()


def test_the_folder_that_one_is_in_can_be_read(temporary: Path) -> None:
    """At the same path, so that one's own scripts are there."""
    (temporary / "mine").write_text("my own\n")
    answer = scene("open-port", "--", "bash", "-c", "pwd; cat mine; echo x > mine", cwd=temporary)
    assert answer.out == f"{temporary}\nmy own\n"
    assert "Read-only file system" in answer.err


def test_an_ordinary_user_has_it_too(right_c: Path) -> None:
    """Nothing of this needs root."""
    answer = socklab(
        "replay", EXERCISE, "open-port", right_c.name, "--", "bash", "-c", CONNECTS, cwd=right_c.parent,
        before=as_ordinary_user(),
    )  # fmt: skip
    assert answer.code == 0, answer.err
    assert "connected to" in answer.out


def test_whoever_hangs_up_in_the_scene_does_so_while_it_is_held(tmp_path: Path) -> None:
    """Peers that act are served."""
    answer = scene("open-then-hang-up", "--", "bash", "-c", f"{CONNECTS}; cat <&3; echo ended", cwd=tmp_path)
    assert answer.code == 0
    assert answer.out.endswith("ended\n")


def test_what_only_the_graded_process_has_is_said(tmp_path: Path) -> None:
    """Limits and foreign descriptors are its own; a shell is not put under them."""
    answer = scene("a-thousand-calls", "--", "true", cwd=tmp_path)
    assert "ulimit -n 64" in answer.err


# -- debuggers -------------------------------------------------------------------------------------------------------


def needs(program: str) -> pytest.MarkDecorator:
    """Skip where `program` is not installed."""
    return pytest.mark.skipif(not shutil.which(program), reason=f"{program} is not installed")


@needs("strace")
@pytest.mark.parametrize("file", ["right_c", "right_py"])
def test_strace_is_given_the_call(file: str, request: pytest.FixtureRequest) -> None:
    """The kernel's own words about the connection; a line that is complete is left alone."""
    path = request.getfixturevalue(file)
    for words in (("strace", "-f"), ("bash", "-c", "strace -f ./call $PORT")):
        answer = replay("closed-port", path, "--", *words)
        assert answer.code == 0
        assert "ECONNREFUSED (Connection refused)" in answer.err
        assert re.search(r"is_port_open\(\d+\) = 0\n", answer.out)


@needs("gdb")
def test_gdb_stops_in_the_function_and_finds_its_source(right_c: Path) -> None:
    """With nothing to type but run."""
    answer = replay("closed-port", right_c, "--", "gdb", "-batch", "-ex", "run", "-ex", "list", "-ex", "finish")
    assert re.search(r"Breakpoint 1, is_port_open \(port=\d+\) at /lab/submission.c:\d+", answer.out)
    assert "\tint is_port_open(int port)\n" in answer.out
    assert "Value returned is $1 = 0" in answer.out


@needs("gdb")
def test_gdb_takes_a_python_call_too(right_py: Path) -> None:
    """The interpreter is what it runs."""
    answer = replay("closed-port", right_py, "--", "gdb", "-batch", "-ex", "run")
    assert re.search(r"is_port_open\(\d+\) = 0\n", answer.out)


# -- a whole program -------------------------------------------------------------------------------------------------

SERVER = "daytime-server"
ASKS = "until exec 3<>/dev/tcp/127.0.0.1/$PORT; do sleep 0.02; done; cat <&3"


@pytest.fixture(params=["accept-loop.c", "accept-loop.py"])
def server(request: pytest.FixtureRequest, solutions: Path, tmp_path: Path) -> Path:
    """A right server, in each language."""
    source = solutions.parent / SERVER / "right" / request.param
    return Path(shutil.copyfile(source, tmp_path / f"daytime_server{source.suffix}"))


def inside(server: Path, *words: str, check: str = "one-line") -> Answer:
    """`socklab replay` of a check of daytime-server, with a command in it."""
    return socklab("replay", SERVER, check, server.name, "--", *words, cwd=server.parent)


def test_a_program_is_told_from_its_start_to_its_end(server: Path) -> None:
    """The command, its clients, its calls with lines and times, and the verdict."""
    answer = socklab("replay", SERVER, "then-the-end", server.name, cwd=server.parent)
    assert (answer.code, answer.err) == (0, "")
    line = next(n for n, text in enumerate(server.read_text().splitlines(), 1) if "accept(" in text)
    order = [
        r"then-the-end: after the line",
        r"call      daytime_server \d+\n",
        r"arranged  a client of port \d+",
        r"\+0\.00 ms +line \d+ +socket\(AF_INET, SOCK_STREAM",
        rf"line {line} +accept4?\(3\) = 4",
        r"✓ passed",
    ]
    assert re.search(".*".join(order), answer.out, re.DOTALL), answer.out
    assert "returned" not in answer.out
    assert len(re.findall(r"accept4?\(3\) = 4", answer.out)) == 2


def test_each_run_of_a_program_is_told_alone(server: Path) -> None:
    """A check that starts it several times shows several commands, each with the calls of its own."""
    answer = socklab("replay", SERVER, "no-number", server.name, cwd=server.parent)
    assert answer.code == 0
    assert len(re.findall(r"^    call +daytime_server \S+$", answer.out, re.MULTILINE)) > 2


def test_a_program_that_fails_says_what_was_expected(tmp_path: Path) -> None:
    """As in a report."""
    (tmp_path / "daytime_server.c").write_text(
        '#include <stdio.h>\nint main(void)\n{\n    fputs("no", stderr);\n    return 3;\n}\n'
    )
    answer = socklab("replay", SERVER, "listens", "daytime_server.c", cwd=tmp_path)
    assert answer.code == 1
    for part in ("✗ failed", "it ended with exit code 3", "It said last: no"):
        assert part in answer.out


def test_a_program_is_started_by_hand(server: Path) -> None:
    """By ./start, in the scene's network; whoever asks gets the line."""
    answer = inside(server, "bash", "-c", f"./start $PORT & {ASKS}; kill $!; wait $!; echo $?")
    assert answer.code == 0, answer.err
    assert re.fullmatch(r"\w{3} \w{3} [\d ]\d \d\d:\d\d:\d\d \d{4}\r\n143\n", answer.out), answer
    assert re.search(r"to call +\./start (\d+)  starts it; PORT is set", answer.err)
    assert "nothing: the clients come once it listens" in answer.err


def test_its_own_exit_code_is_seen_by_hand(server: Path) -> None:
    """Without a broker it begins at once."""
    assert inside(server, "bash", "-c", "./start 1 2 3").code == 2


def test_what_the_check_arranges_before_the_start_is_there(server: Path) -> None:
    """A port that is taken is taken for a start by hand too."""
    answer = inside(server, "bash", "-c", "./start $PORT", check="port-taken")
    assert answer.code not in (0, 2)
    assert "in use" in answer.err


@needs("gdb")
def test_gdb_stops_in_main_of_a_program(server: Path) -> None:
    """With its argument; in Python it runs the interpreter."""
    debugs = ["gdb", "-batch", "-ex", "run", "-ex", "print argv[1]", "-ex", "kill"]
    if server.suffix == ".c":
        answer = inside(server, *debugs)
        assert re.search(r"Breakpoint 1, main \(argc=2, argv=0x\w+\) at /lab/submission.c:\d+", answer.out), answer
        port = re.search(r"port +(\d+) ", answer.err)
        assert port
        assert f'"{port[1]}"' in answer.out
    else:
        answer = inside(server, "gdb", "-batch", "-ex", "run", check="no-argument")
        assert "exited with code 02" in answer.out, answer


@needs("strace")
def test_strace_follows_a_program(server: Path) -> None:
    """Into its listen(); and it ends with it."""
    words = (
        f"strace -I1 -f -o /tmp/trace ./start $PORT & {ASKS}; kill $!; wait $!; grep -c 'listen(3, .* = 0' /tmp/trace"
    )
    answer = inside(server, "bash", "-c", words)
    assert answer.out.endswith("\n1\n"), answer


def test_pdb_takes_a_program_in_python(server: Path) -> None:
    """At its first line."""
    if server.suffix == ".c":
        pytest.skip("it is for Python")
    answer = inside(server, "bash", "-c", "echo q | python3 -m pdb daytime_server.py $PORT")
    assert re.match(r"> /lab/daytime_server.py\(\d+\)<module>\(\)", answer.out), answer


def test_the_scene_of_a_program_is_held_without_one(tmp_path: Path) -> None:
    """For whatever is to be run there."""
    answer = socklab("scene", SERVER, "port-taken", "--", "bash", "-c", "ls /lab; echo $PORT", cwd=tmp_path)
    assert answer.code == 0
    port = re.search(r"port +(\d+) ", answer.err)
    assert port
    assert answer.out.endswith(f"{port[1]}\n")
    assert "./start" not in answer.err


def test_nothing_is_left_of_a_program_started_by_hand(server: Path, temporary: Path) -> None:
    """Not even in the background, shielded."""
    words = ("--", "bash", "-c", "trap '' INT TERM HUP; setsid ./start $PORT & setsid sleep 1000")
    with started(
        "replay", SERVER, "one-line", server.name, *words, cwd=server.parent, env={"TMPDIR": str(temporary)}
    ) as process:
        wait_until(lambda: any(p.name == "sleep" for p in descendants(process.pid)), process, "a sleeper")
        with all_end(process):
            process.send_signal(signal.SIGTERM)
            process.wait(30)
    assert list(temporary.iterdir()) == []


# -- a scene that is held, and its end -------------------------------------------------------------------------------


@pytest.fixture
def held(temporary: Path) -> Iterator[subprocess.Popen[str]]:
    """`socklab scene` whose standard input stays open, with what it says of itself read."""
    words = ("scene", EXERCISE, "open-port")
    with started(*words, cwd=temporary, env={"TMPDIR": str(temporary)}, stdin=subprocess.PIPE) as process:
        assert process.stdout
        said = ""
        while "torn down" not in said:
            line = process.stdout.readline()
            assert line, said
            said += line
        assert "arranged  a listener on 127.0.0.1:" in said
        yield process


def sends(number: int) -> Callable[[subprocess.Popen[str]], None]:
    """What ends a command by a signal."""
    return lambda process: process.send_signal(number)


def ends_its_input(process: subprocess.Popen[str]) -> None:
    """What ends a held scene in peace."""
    assert process.stdin
    process.stdin.close()


@pytest.mark.parametrize(
    ("end", "code"),
    [
        (ends_its_input, 0),
        (sends(signal.SIGINT), 130),
        (sends(signal.SIGTERM), 143),
        (sends(signal.SIGHUP), 129),
        (sends(signal.SIGKILL), -9),
    ],
    ids=["end of input", "SIGINT", "SIGTERM", "SIGHUP", "SIGKILL"],
)
def test_nothing_is_left_of_a_scene(
    end: Callable[[subprocess.Popen[str]], None], code: int, held: subprocess.Popen[str], temporary: Path
) -> None:
    """No process and no folder, however it ended."""
    with all_end(held) as family:
        assert family
        assert list(temporary.iterdir())
        end(held)
        assert held.wait(30) == code
    assert list(temporary.iterdir()) == []


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGKILL])
def test_nothing_is_left_of_a_command_inside(number: int, right_c: Path, temporary: Path) -> None:
    """Not even of what it started in the background and shielded."""
    words = ("--", "bash", "-c", "trap '' INT TERM HUP; setsid sleep 1000 & sleep 1000")
    with started(
        "replay", EXERCISE, "open-port", right_c.name, *words, cwd=right_c.parent, env={"TMPDIR": str(temporary)}
    ) as process:
        sleepers = lambda: [p for p in descendants(process.pid) if p.name == "sleep"]  # noqa: E731
        wait_until(lambda: len(sleepers()) == 2, process, "two sleepers")
        with all_end(process):
            process.send_signal(number)
            process.wait(30)
    assert list(temporary.iterdir()) == []


@pytest.mark.skipif(not shutil.which("nsenter"), reason="nsenter is not installed")
def test_another_terminal_can_enter(temporary: Path) -> None:
    """By the very line that is shown."""
    with started("scene", EXERCISE, "open-port", cwd=temporary, stdin=subprocess.PIPE) as process:
        assert process.stdout
        said = ""
        while "to enter" not in said:
            said += process.stdout.readline()
        line = said.partition("to enter")[2].split("bash")[0].split()
        port = re.search(r"port +(\d+) ", said)
        assert port
        answer = run(*line, "bash", "-c", f"exec 3<>/dev/tcp/127.0.0.1/{port[1]} && echo connected", cwd=temporary)
        assert (answer.code, answer.out) == (0, "connected\n"), answer.err


def test_the_shared_tier_holds_a_scene_on_this_machines_loopback(temporary: Path) -> None:
    """Any program of this machine meets it, until it ends."""
    words = ("scene", EXERCISE, "open-port", "--tier", "shared")
    with started(*words, cwd=temporary, stdin=subprocess.PIPE) as process:
        assert process.stdout
        said = ""
        while "torn down" not in said:
            said += process.stdout.readline()
        port = re.search(r"port +(\d+) ", said)
        assert port
        socket.create_connection(("127.0.0.1", int(port[1])), timeout=10).close()
        process.send_signal(signal.SIGTERM)
        process.wait(30)
        with pytest.raises(ConnectionRefusedError):
            socket.create_connection(("127.0.0.1", int(port[1])), timeout=10)


# -- at a terminal ---------------------------------------------------------------------------------------------------


def has_the_terminal(terminal: Terminal, name: str) -> bool:
    """Whether a program called `name` is what Ctrl-C would reach."""
    for member in descendants(terminal.process.pid):
        try:
            fields = Path("/proc", str(member.pid), "stat").read_text().rpartition(")")[2].split()
        except OSError:
            continue
        if member.name == name and fields[2] == fields[5]:  # its process group, and the terminal's (proc(5))
            return True
    return False


def test_a_terminal_gets_a_shell_with_job_control(tmp_path: Path) -> None:
    """Ctrl-Z and Ctrl-C are for what runs in the shell; its exit code is the command's."""
    with Terminal("scene", EXERCISE, "open-port", cwd=tmp_path) as terminal:
        terminal.wait_for(lambda: terminal.text.rstrip().endswith("$"))
        terminal.type(f"{CONNECTS}; sleep 1000\n")
        terminal.wait_for(lambda: re.search(r"connected to \d", terminal.text) is not None)
        wait_until(lambda: has_the_terminal(terminal, "sleep"), terminal.process, "a sleeper in front")
        terminal.type(CTRL_Z)
        terminal.wait_for(lambda: "Stopped" in terminal.text)
        terminal.type("fg\n")
        wait_until(lambda: has_the_terminal(terminal, "sleep"), terminal.process, "a sleeper in front again")
        terminal.type(CTRL_C)
        terminal.type("exit 7\n")
        assert terminal.wait_for_end() == 7


def test_ctrl_c_ends_a_command_and_with_it_all(right_c: Path) -> None:
    """The terminal is as it was before."""
    with Terminal("replay", EXERCISE, "open-port", right_c.name, "--", "sleep", "1000", cwd=right_c.parent) as terminal:
        wait_until(
            lambda: any(p.name == "sleep" for p in descendants(terminal.process.pid)), terminal.process, "a sleeper"
        )
        with all_end(terminal.process):
            terminal.type(CTRL_C)
            assert terminal.wait_for_end() == 130


@needs("gdb")
def test_gdb_is_used_at_a_terminal(right_c: Path) -> None:
    """It has the terminal, and its program too."""
    with Terminal("replay", EXERCISE, "open-port", right_c.name, "--", "gdb", cwd=right_c.parent) as terminal:
        terminal.wait_for(lambda: "(gdb)" in terminal.text)
        terminal.type("run\n")
        terminal.wait_for(lambda: "Breakpoint 1, " in terminal.text)
        terminal.type("continue\n")
        terminal.wait_for(lambda: "exited normally" in terminal.text)
        terminal.type("quit\n")
        assert terminal.wait_for_end() == 0


def test_a_terminal_that_is_gone_takes_the_scene_along(tmp_path: Path) -> None:
    """As when its window is closed: the kernel sends SIGHUP."""
    with Terminal("scene", EXERCISE, "open-port", cwd=tmp_path) as terminal:
        terminal.wait_for(lambda: terminal.text.rstrip().endswith("$"))
        with all_end(terminal.process):
            os.kill(terminal.process.pid, signal.SIGHUP)
            assert terminal.wait_for_end() == 129


def test_a_flood_does_not_keep_ctrl_c_out(right_c: Path) -> None:
    """What is typed gets through, however much is shown."""
    with Terminal("replay", EXERCISE, "open-port", right_c.name, "--", "yes", cwd=right_c.parent) as terminal:
        terminal.wait_for(lambda: terminal.text.count("y\n") > 10_000)
        terminal.type(CTRL_C)
        assert terminal.wait_for_end() == 130


# -- on a machine without bubblewrap ---------------------------------------------------------------------------------


@pytest.fixture
def no_bubblewrap(tmp_path: Path) -> dict[str, str | None]:
    """An environment in which all but bubblewrap is found."""
    folder = tmp_path / "bin"
    folder.mkdir()
    for name in ("gcc", "as", "ld", "ld.gold", "bash"):
        where = shutil.which(name)
        if where:
            (folder / name).symlink_to(where)
    return {"PATH": str(folder)}


def test_without_bubblewrap_a_scene_is_held_on_this_machines_loopback(
    no_bubblewrap: dict[str, str | None], tmp_path: Path
) -> None:
    """And it says why."""
    with started("scene", EXERCISE, "open-port", cwd=tmp_path, env=no_bubblewrap) as process:
        said, _ = process.communicate(timeout=60)
    assert process.returncode == 0
    assert "this machine's own loopback" in said
    assert "bubblewrap is not installed" in said


def test_without_bubblewrap_a_terminal_gets_no_shell_but_the_scene(
    no_bubblewrap: dict[str, str | None], tmp_path: Path
) -> None:
    """A shell was not asked for, so none is missed; Ctrl-C ends it."""
    with Terminal("scene", EXERCISE, "open-port", cwd=tmp_path, env=no_bubblewrap) as terminal:
        terminal.wait_for(lambda: "bubblewrap is not installed" in terminal.text and "torn down" in terminal.text)
        terminal.type(CTRL_C)
        assert terminal.wait_for_end() == 130


def test_without_bubblewrap_nothing_is_run_inside(
    no_bubblewrap: dict[str, str | None], right_c: Path, tmp_path: Path
) -> None:
    """What is missing, and who can say how to mend it."""
    words = ("replay", EXERCISE, "open-port", right_c.name, "--", "bash")
    answer = socklab(*words, cwd=tmp_path, env=no_bubblewrap)
    assert_complains(answer, 4, "private network", "bubblewrap is not installed", "socklab doctor")
