"""Whole programs, graded by an exercise of the tests' own: what becomes of those that serve, end, crash, or leave something."""

import contextlib
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from tiny_exercise import C_HEAD, exercise, graded, line_of, the_failure

from socklab import catalog, command
from socklab.cell.recorder import CAPACITY
from socklab.model import FAILED, PASSED, UNGRADABLE

pytestmark = pytest.mark.usefixtures("nobody_stays")

BOTH_TIERS = pytest.mark.parametrize("tier", ["private", "shared"])
BOTH_LANGUAGES = pytest.mark.parametrize("suffix", [".c", ".py"])

CHECKS = '''
import ctypes, os, socket, struct, threading, time

from socklab import servers

SO_ATTACH_FILTER, SO_DETACH_FILTER = 26, 27  # asm-generic/socket.h


def says(scene, port, *lines):
    for line in lines:
        with scene.client(port) as client:
            expect(client).to_receive(line)
            expect(client).to_see_the_end()


@check(points=1, hint="")
def serves(program, scene):
    """it says hello to three clients, and lives on"""
    with program.serving() as port:
        expect(program).to_listen_only_on(LOOPBACK, port)
        says(scene, port, b"hello\\n", b"hello\\n", b"hello\\n")
        expect(program).to_live()


@check(points=1, hint="")
def sigterm(program, scene):
    """it ends by SIGTERM"""
    with program.serving() as port:
        says(scene, port, b"hello\\n")
        expect(program).to_end_by(signal.SIGTERM, within=0.3)


@check(points=1, hint="")
def thirty_two(program, scene):
    """it may have 32 descriptors, and the next one the usual number"""
    with program.serving(descriptors=32) as port:
        says(scene, port, b"32\\n")
    with program.serving() as port:
        says(scene, port, b"1024\\n")


@check(points=1, hint="")
def second(program, scene):
    """a second one beside it ends with a message, and the first one goes on"""
    with program.serving() as port:
        ended = program.run(str(port))
        expect(ended).to_exit(1)
        expect(ended).to_exit_with_an_error()
        expect(ended).to_have_said_something()
        expect(ended).to_have_said("In Use")
        says(scene, port, b"hello\\n")


@check(points=1, hint="")
def paused(program, scene):
    """paused, it answers nobody; then everybody"""
    with program.serving() as port, contextlib.ExitStack() as stack:
        with program.paused():
            clients = [stack.enter_context(scene.client(port)) for _ in range(3)]
            for client in clients:
                if not client.is_silent(0.02):
                    raise Mismatch("silence", "an answer")
        for client in clients:
            expect(client).to_receive(b"hello\\n")


@check(points=1, hint="")
def comes_back(program, scene):
    """after three clients it is as small as before"""
    with program.serving() as port:
        says(scene, port, b"hello\\n")
        before = program.footprint()
        says(scene, port, *[b"hello\\n"] * 3)
        expect(program).to_come_back_to(before)


@check(points=1, hint="")
def spares_three(program, scene):
    """after three clients it has at most three of anything more than before"""
    with program.serving() as port:
        says(scene, port, b"hello\\n")
        before = program.footprint()
        says(scene, port, *[b"hello\\n"] * 3)
        expect(program).to_come_back_to(before, spare=3)


@check(points=1, hint="")
def echoes(program, scene):
    """it sends everything back"""
    with program.serving() as port, scene.client(port) as client:
        if client.exchange(b"x" * 100_000) != b"x" * 100_000:
            raise Mismatch("all of it", "something else")


@check(points=1, hint="")
def outlives(program, scene):
    """it is still there when its client has gone, however long that takes"""
    with program.serving() as port:
        says(scene, port, b"hello\\n")
        for _ in range(1000):
            if not program.is_alive():
                break
            program.pause(0.01)


@check(points=1, hint="")
def takes_all(program, scene):
    """it takes everything, in its own time"""
    with program.serving() as port, scene.client(port) as client:
        taken = program.fill(client, bytes(16 << 20))
        if taken < 16 << 20:
            raise Mismatch("all of it", f"{taken} bytes")


def hears_nothing(client):
    """For half a second whatever is sent to it is lost, and sent again later."""
    nothing = ctypes.create_string_buffer(struct.pack("HBBI", 6, 0, 0, 0))  # of a packet, keep 0 bytes: bpf(4)
    filtered = struct.pack("HP", 1, ctypes.addressof(nothing))
    client.socket.setsockopt(socket.SOL_SOCKET, SO_ATTACH_FILTER, filtered)
    threading.Timer(0.5, client.socket.setsockopt, (socket.SOL_SOCKET, SO_DETACH_FILTER, 0)).start()


@check(points=1, hint="")
def takes_what_arrives(program, scene):
    """it takes everything, though for half a second nothing that it answers comes through, not even that it has read"""
    with program.serving() as port, scene.client(port) as client:
        hears_nothing(client)
        taken = program.fill(client, bytes(16 << 20))
        if taken < 16 << 20:
            raise Mismatch("all of it", f"{taken} bytes")


@check(points=1, hint="")
def quick(program, scene):
    """it answers within a tenth of a second of its own"""
    with program.serving() as port:
        program.settle()
        if here := os.environ.get("SLOWLY"):
            os.setpriority(os.PRIO_PROCESS, program.started.pid, 10)
            os.sched_setaffinity(program.started.pid, {int(here)})
        begun = time.monotonic()
        with scene.client(port) as client:
            own = program.own_seconds(client)
            expect(client).to_receive(b"hello\\n")
        if own > 0.1:
            raise Mismatch("an answer at once", f"{own:.3f} seconds of {time.monotonic() - begun:.3f}")
        if here and time.monotonic() - begun < 0.1:
            raise Mismatch("a long wait for a processor", "none")


@check(points=1, hint="")
def answers_though_lost(program, scene):
    """it answers within a tenth of a second of its own, though what it says is lost for half a second"""
    with program.serving() as port:
        with program.paused(), scene.client(port) as client:
            hears_nothing(client)
            program.signal(signal.SIGCONT)
            begun, own = time.monotonic(), program.own_seconds(client)
            expect(client).to_receive(b"hello\\n")
        if own > 0.1:
            raise Mismatch("an answer at once", f"{own:.3f} seconds of {time.monotonic() - begun:.3f}")
        if time.monotonic() - begun < 0.2:
            raise Mismatch("an answer that was lost", "none")


@check(points=1, hint="")
def rests(program, scene):
    """it comes to rest"""
    with program.serving() as port:
        if here := os.environ.get("SLOWLY"):
            os.sched_setaffinity(program.started.pid, {int(here)})
        with scene.client(port):
            servers.expect_rest(program)


@check(points=1, hint="")
def ends_its_children(program, scene):
    """told to end, it ends its children, and then itself"""
    with program.serving() as port:
        expect(program).to_end_by(signal.SIGTERM, within=1.0)


@check(points=1, hint="")
def usage(program, scene):
    """without arguments it ends with 2 and a usage"""
    ended = program.run()
    expect(ended).to_exit(2)
    expect(ended).to_have_said("usage")


@check(points=1, hint="")
def reads_on(program, scene):
    """it reads all that it is sent, each piece in its time"""
    with program.serving() as port, scene.client(port) as client:
        client.send(bytes(100_000))
        program.let_it_read(client)
        if client.unread():
            raise Mismatch("nothing unread", f"{client.unread()} bytes")


@check(points=1, hint="")
def alarms(program, scene):
    """it fails, and tells when its last alarm goes off"""
    with program.serving() as port, scene.client(port) as client:
        client.send(b"?")
        client.receive(6)
        raise Mismatch("no alarm", f"{max(program._alarms(), default=0.0):.1f} seconds")


@check(points=1, hint="")
def fails(program, scene):
    """it says hello, and fails, so that its calls are shown"""
    with program.serving() as port:
        says(scene, port, b"hello\\n")
        program.pause(0.05)
        raise Mismatch("something", "nothing")


@check(points=1, hint="")
def allowed(program, scene):
    """it tries nothing forbidden"""
    with program.serving() as port:
        says(scene, port, b"hello\\n")
        expect(program).to_have_tried_nothing_forbidden()


@check(points=1, hint="", sanitized=True, languages=("c",))
def memory(program, scene):
    """no misuse of memory"""
    expect(program).to_have_no_memory_errors()
'''

BASE = {
    ".c": C_HEAD
    + """\
static int listening(int port, const char *host)
{
    struct sockaddr_in a = {.sin_family = AF_INET, .sin_port = htons((unsigned short)port), .sin_addr.s_addr = inet_addr(host)};
    int l = socket(AF_INET, SOCK_STREAM, 0), on = 1;
    setsockopt(l, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    if (bind(l, (struct sockaddr *)&a, sizeof a) != 0 || listen(l, 50) != 0) {
        perror("bind");
        exit(1);
    }
    return l;
}
static void hello(int c)
{
    if (write(c, "hello\\n", 6) < 0)
        perror("write");
}
""",
    ".py": """\
import os, resource, signal, socket, sys, threading, time

def listening(port, host="127.0.0.1"):
    l = socket.socket()
    l.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        l.bind((host, port))
    except OSError as error:
        sys.exit(f"bind: {error.strerror}")
    l.listen(50)
    return l

def hello(c):
    c.sendall(b"hello\\n")

""",
}


@pytest.fixture
def tiny(tmp_path: Path) -> catalog.Exercise:
    """The exercise whose checks stand above."""
    return exercise(tmp_path, "tiny-server", CHECKS)


def server(suffix: str, each: str = "", before: str = "", top: str = "", host: str = "127.0.0.1") -> str:
    """A server that says hello; `top` stands outside, `before` is done before it listens, `each` for each client `c`.

    `before` is done with `port`.
    """
    if suffix == ".c":
        return f"""{BASE[suffix]}{top}
int main(int argc, char **argv)
{{
    if (argc != 2) {{
        fprintf(stderr, "usage: %s PORT\\n", argv[0]);
        return 2;
    }}
    int port = atoi(argv[1]);
    {before}
    int l = listening(port, "{host}");
    for (;;) {{
        int c = accept(l, NULL, NULL);
        {each or "hello(c); close(c);"}
    }}
}}
"""
    before, each = (text.replace("\n", f"\n{' ' * width}") for text, width in ((before, 0), (each, 8)))
    return f"""{BASE[suffix]}{top}
if __name__ == "__main__":
    if len(sys.argv) != 2:
        print("usage: PORT", file=sys.stderr)
        sys.exit(2)
    port = int(sys.argv[1])
    {before.replace(chr(10), chr(10) + "    ")}
    l = listening(port, "{host}")
    while True:
        c, _ = l.accept()
        {each or "hello(c); c.close()"}
"""


@pytest.fixture
def stranger() -> Iterator[subprocess.Popen[bytes]]:
    """A process that no submission may reach."""
    with subprocess.Popen(["sleep", "1000"]) as process:
        yield process
        process.kill()


# -- what is right ---------------------------------------------------------------------------------------------------


@BOTH_TIERS
@BOTH_LANGUAGES
def test_a_server_is_started_awaited_met_and_ended(tiny: catalog.Exercise, suffix: str, tier: str) -> None:
    """It passes whatever does not ask for something special; nothing it did was refused."""
    wanted = ("serves", "sigterm", "second", "paused", "comes_back", "usage", "allowed")
    report = graded(tiny, suffix, server(suffix), *(name.replace("_", "-") for name in wanted), tier=tier)
    assert [r for r in report.results if r.outcome != PASSED] == []
    assert (report.outcome, report.tier, report.remarks) == (PASSED, tier, ())
    assert len(report.results) == len(wanted)


@BOTH_LANGUAGES
@pytest.mark.parametrize("does", ["works", "rests"])
def test_that_it_takes_no_more_shows_once_it_rests(tiny: catalog.Exercise, suffix: str, does: str) -> None:
    """Who has to do something else for half a second has not stopped taking; who waits has."""
    each = {
        ".c": "static char piece[1 << 20];\n"
        "        while (recv(c, piece, sizeof piece, MSG_WAITALL) > 0)\n"
        "            for (clock_t end = clock() + CLOCKS_PER_SEC / 4; clock() < end;)\n                ;\n        close(c);",
        ".py": "import time\nwhile c.recv(1 << 20, socket.MSG_WAITALL):\n    end = time.process_time() + 0.25\n"
        "    while time.process_time() < end:\n        pass\nc.close()",
    }[suffix]
    if does == "rests":
        each = {".c": "pause();", ".py": "signal.pause()"}[suffix]
    (result,) = graded(
        tiny, suffix, server(suffix, each, top={".c": "#include <time.h>\n", ".py": ""}[suffix]), "takes-all"
    ).results
    assert result.outcome == (PASSED if does == "works" else FAILED), result


@pytest.fixture
def little_time(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Programs of `quick` have a processor that ten others want all the time."""
    here = min(os.sched_getaffinity(0))
    monkeypatch.setenv("SLOWLY", str(here))
    spin = (
        f"import os, time\nos.sched_setaffinity(0, {{{here}}})\nprint(flush=True)\n"
        "end = time.monotonic() + 60\nwhile time.monotonic() < end: pass"
    )
    argv = [sys.executable, "-c", spin]
    with contextlib.ExitStack() as stack:
        for _ in range(10):
            each = stack.enter_context(subprocess.Popen(argv, stdout=subprocess.PIPE, start_new_session=True))
            stack.callback(each.kill)
            assert each.stdout
            assert each.stdout.readline()
        yield


NAP = {
    "works": {
        ".c": "for (clock_t end = clock() + CLOCKS_PER_SEC / 50; clock() < end;)\n            ;\n        hello(c); close(c);",
        ".py": "end = time.process_time() + 0.02\nwhile time.process_time() < end:\n    pass\nhello(c); c.close()",
    },
    "sleeps": {".c": "usleep(999000); hello(c); close(c);", ".py": "time.sleep(1); hello(c); c.close()"},
}


@BOTH_LANGUAGES
@pytest.mark.parametrize("works", [True, False])
def test_who_takes_long_for_each_piece_reads_on(tiny: catalog.Exercise, suffix: str, works: bool) -> None:
    """A tenth of it each fifth of a second; who has stopped after the first is not waited for."""
    times = 10 if works else 1
    each = {
        ".c": f"static char b[10000]; for (int i = 0; i < {times}; i++) {{ usleep(200000); recv(c, b, sizeof b, MSG_WAITALL); }}\n"
        "        pause();",
        ".py": f"for _ in range({times}):\n    time.sleep(0.2)\n    c.recv(10000, socket.MSG_WAITALL)\nsignal.pause()",
    }[suffix]
    (result,) = graded(tiny, suffix, server(suffix, each), "reads-on").results
    assert (result.outcome, result.got) == ((PASSED, "") if works else (FAILED, "90000 bytes"))


ALARMS = {
    "alarm": ("alarm(500);", "signal.alarm(500)", 500),
    "setitimer": (
        "struct itimerval t = {.it_value = {500, 1000}}; setitimer(ITIMER_REAL, &t, NULL);",
        "signal.setitimer(signal.ITIMER_REAL, 500.001)",
        500,
    ),
    "the last one": ("alarm(900); alarm(500);", "signal.alarm(900); signal.alarm(500)", 500),
    "one that was called off": ("alarm(500); alarm(0);", "signal.alarm(500); signal.alarm(0)", 0),
    "one for something else": (
        "struct itimerval t = {.it_value = {500, 0}}; setitimer(ITIMER_PROF, &t, NULL);",
        "signal.setitimer(signal.ITIMER_PROF, 500)",
        0,
    ),
}


@BOTH_LANGUAGES
@pytest.mark.parametrize("how", ALARMS)
def test_an_alarm_is_a_time_limit(tiny: catalog.Exercise, suffix: str, how: str) -> None:
    """Set in a child that serves one client, as is usual; the seconds that were left then."""
    in_c, in_python, seconds = ALARMS[how]
    each = {
        ".c": f"if (fork() == 0) {{ char b[9]; {in_c} hello(c); for (;;) if (recv(c, b, 9, 0) == 0) pause(); }}\n        close(c);",
        ".py": f"if os.fork() == 0:\n    {in_python}\n    hello(c)\n    while c.recv(9):\n        pass\n    signal.pause()\nc.close()",
    }[suffix]
    top = {".c": "#include <sys/time.h>\n", ".py": ""}[suffix]
    result = the_failure(graded(tiny, suffix, server(suffix, each, top=top), "alarms"))
    assert 0 <= seconds - float(result.got.split()[0]) < 100, result


@BOTH_LANGUAGES
def test_what_it_waits_for_a_processor_is_not_its_own(tiny: catalog.Exercise, suffix: str, little_time: None) -> None:
    """Its answer comes late, and it is not to blame."""
    top = {".c": "#include <time.h>\n", ".py": ""}[suffix]
    (result,) = graded(tiny, suffix, server(suffix, NAP["works"][suffix], top=top), "quick").results
    assert result.outcome == PASSED, result


@BOTH_LANGUAGES
def test_what_it_rests_while_somebody_waits_is_its_own(tiny: catalog.Exercise, suffix: str) -> None:
    """A second is more than a tenth of one, and most of it is seen on a busy machine too."""
    result = the_failure(graded(tiny, suffix, server(suffix, NAP["sleeps"][suffix]), "quick"))
    assert float(result.got.split()[0]) > 0.2, result


@BOTH_LANGUAGES
def test_what_is_lost_on_its_way_is_not_its_own(tiny: catalog.Exercise, suffix: str) -> None:
    """It has answered; that nobody hears it is the network's affair."""
    (result,) = graded(tiny, suffix, server(suffix), "answers-though-lost").results
    assert result.outcome == PASSED, result


@BOTH_LANGUAGES
@pytest.mark.parametrize("for_how_long", ["a while", "ever"])
def test_children_that_begin_may_work(
    tiny: catalog.Exercise, suffix: str, for_how_long: str, little_time: None
) -> None:
    """Four of them work 0.15 seconds each, for which they wait much longer; then they rest. Or they never do."""
    end, wait = {
        "a while": {".c": ("0.15", "pause();"), ".py": ("0.15", "signal.pause()")},
        "ever": {".c": ("99", ""), ".py": ("99", "pass")},
    }[for_how_long][suffix]
    each = {
        ".c": f"""for (int i = 0; i < 4; i++)
            if (fork() == 0) {{
                while (clock() < {end} * CLOCKS_PER_SEC)
                    ;
                {wait}
            }}""",
        ".py": f"""for _ in range(4):
    if os.fork() == 0:
        while time.process_time() < {end}:
            pass
        {wait}""",
    }[suffix]
    top = {".c": "#include <time.h>\n", ".py": ""}[suffix]
    (result,) = graded(tiny, suffix, server(suffix, each, top=top), "rests").results
    assert result.outcome == (PASSED if for_how_long == "a while" else FAILED), result


@BOTH_LANGUAGES
def test_who_was_told_to_end_may_finish_what_it_does(tiny: catalog.Exercise, suffix: str) -> None:
    """Now it works and now it waits, as one does that ends many children: it goes on only if it comes to rest."""
    top = {
        ".c": """#include <time.h>
static void on_term(int n)
{
    for (int i = 0; i < 30; i++) {
        for (clock_t end = clock() + CLOCKS_PER_SEC / 100; clock() < end;)
            ;
        usleep(50000);
    }
    _exit(n - n);
}
""",
        ".py": """def on_term(*_):
    for _ in range(30):
        end = time.process_time() + 0.01
        while time.process_time() < end:
            pass
        time.sleep(0.05)
    os._exit(0)
""",
    }[suffix]
    before = {".c": "signal(SIGTERM, on_term);", ".py": "signal.signal(signal.SIGTERM, on_term)"}[suffix]
    (result,) = graded(tiny, suffix, server(suffix, before=before, top=top), "ends-its-children").results
    assert result.outcome == PASSED, result


@BOTH_LANGUAGES
def test_a_signal_comes_when_all_its_children_have_begun(tiny: catalog.Exercise, suffix: str) -> None:
    """A child inherits what its parent does about signals, until it says otherwise; one that was told to end before forgets it."""
    top = {
        ".c": "#include <time.h>\nstatic volatile sig_atomic_t told;\nstatic void on_term(int n) { (void)n; told = 1; }\n",
        ".py": "told = []\n",
    }[suffix]
    before = {
        ".c": """int listener = listening(port, "127.0.0.1");
    struct sigaction act = { .sa_handler = on_term };
    sigaction(SIGTERM, &act, NULL);
    if (fork() == 0) {
        for (clock_t end = clock() + CLOCKS_PER_SEC / 5; clock() < end;)
            ;
        signal(SIGTERM, SIG_DFL);
        for (;;)
            accept(listener, NULL, NULL);
    }
    while (!told)
        pause();
    signal(SIGTERM, SIG_IGN);
    kill(0, SIGTERM);
    while (wait(NULL) > 0)
        ;
    return 0;""",
        ".py": """l = listening(port)
signal.signal(signal.SIGTERM, lambda *_: told.append(1))
child = os.fork()
if child == 0:
    end = time.process_time() + 0.2
    while time.process_time() < end:
        pass
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    while True:
        l.accept()
while not told:
    signal.pause()
os.kill(child, signal.SIGTERM)
os.wait()
sys.exit()""",
    }[suffix]
    (result,) = graded(tiny, suffix, server(suffix, before=before, top=top), "ends-its-children").results
    assert result.outcome == PASSED, result


@BOTH_LANGUAGES
@pytest.mark.parametrize("elsewhere", ["::1", "::"])
def test_clients_come_once_it_listens_where_they_can_reach_it(
    tiny: catalog.Exercise, suffix: str, elsewhere: str
) -> None:
    """Another listener that it has made before, for IPv6 alone, is not waited at."""
    address = {"::1": "in6addr_loopback", "::": "in6addr_any"}[elsewhere]
    before = {
        ".c": "struct sockaddr_in6 six = {.sin6_family = AF_INET6, .sin6_port = htons((unsigned short)port)};\n"
        f"    six.sin6_addr = {address};\n    int s = socket(AF_INET6, SOCK_STREAM, 0), only = 1;\n"
        "    setsockopt(s, IPPROTO_IPV6, IPV6_V6ONLY, &only, sizeof only);\n"
        "    bind(s, (struct sockaddr *)&six, sizeof six);\n    listen(s, 5);\n"
        "    for (clock_t end = clock() + CLOCKS_PER_SEC / 5; clock() < end;)\n        ;",
        ".py": f's = socket.create_server(("{elsewhere}", port), family=socket.AF_INET6)\nend = time.process_time() + 0.2\n'
        "while time.process_time() < end:\n    pass",
    }[suffix]
    top = {".c": "#include <time.h>\n", ".py": ""}[suffix]
    report = graded(tiny, suffix, server(suffix, before=before, top=top), "comes-back")
    assert report.outcome == PASSED, report.results


@BOTH_LANGUAGES
def test_a_program_is_not_to_blame_for_what_does_not_arrive(tiny: catalog.Exercise, suffix: str) -> None:
    """A kernel short of memory drops a packet, and sends it again later: a program that has read all there is may wait."""
    each = {
        ".c": "static char piece[1 << 20];\n        while (recv(c, piece, sizeof piece, 0) > 0)\n            ;\n        close(c);",
        ".py": "while c.recv(1 << 20):\n    pass\nc.close()",
    }[suffix]
    (result,) = graded(tiny, suffix, server(suffix, each), "takes-what-arrives").results
    assert result.outcome == PASSED, result


@BOTH_LANGUAGES
def test_it_may_have_as_many_descriptors_as_was_asked(tiny: catalog.Exercise, suffix: str) -> None:
    """So many, the first three among them, and not one more. A table of a thousand rows for poll(2) is none too long all the same."""
    each = {
        ".c": r"""static int fds[2000]; static struct pollfd rows[1000]; int n = 0;
        for (int i = 0; i < 1000; i++) rows[i].fd = -1;
        if (poll(rows, 1000, 0) != 0) perror("poll");
        else while ((fds[n] = dup(c)) >= 0) n++;
        for (int i = 0; i < n; i++) close(fds[i]);
        dprintf(c, "%d\n", n + c + 1); close(c);""",
        ".py": """fds = []
try:
    while True: fds.append(os.dup(c.fileno()))
except OSError: pass
for fd in fds: os.close(fd)
c.sendall(b"%d\\n" % (len(fds) + c.fileno() + 1)); c.close()""",
    }
    source = server(suffix, each[suffix], top="#include <poll.h>\n")
    (result,) = graded(tiny, suffix, source, "thirty-two").results
    assert result.outcome == PASSED, result.got


@BOTH_TIERS
@BOTH_LANGUAGES
def test_processes_threads_and_signals_of_its_own_are_allowed(tiny: catalog.Exercise, suffix: str, tier: str) -> None:
    """A child is ended by kill() and awaited, a thread joined, and itself signalled."""
    before = {
        ".c": """
    pid_t child = fork();
    if (child == 0)
        for (;;)
            pause();
    pthread_t t;
    int status = 0;
    signal(SIGUSR1, SIG_IGN);
    if (kill(child, SIGUSR1) != 0 || kill(child, SIGTERM) != 0 || waitpid(child, &status, 0) != child || raise(SIGUSR1) != 0)
        return 9;
    child = fork();
    if (child == 0)
        abort();
    if (waitpid(child, &status, 0) != child || WTERMSIG(status) != SIGABRT)
        return 8;
    if (pthread_create(&t, NULL, nothing, NULL) != 0 || pthread_join(t, NULL) != 0)
        return 7;""",
        ".py": """
    child = os.fork()
    if child == 0:
        time.sleep(1000)
    os.kill(child, signal.SIGTERM)
    assert os.WTERMSIG(os.waitpid(child, 0)[1]) == signal.SIGTERM
    child = os.fork()
    if child == 0:
        os.abort()
    assert os.WTERMSIG(os.waitpid(child, 0)[1]) == signal.SIGABRT
    thread = threading.Thread(target=time.time)
    thread.start()
    thread.join()""".replace("\n    ", "\n"),
    }
    top = "static void *nothing(void *p)\n{\n    return p;\n}\n" if suffix == ".c" else ""
    report = graded(tiny, suffix, server(suffix, before=before[suffix], top=top), "allowed", tier=tier)
    assert (report.outcome, report.remarks) == (PASSED, ()), report.results


# -- programs that end -----------------------------------------------------------------------------------------------


@BOTH_TIERS
def test_a_crash_names_signal_and_line(tiny: catalog.Exercise, tier: str) -> None:
    """While a client is served."""
    source = server(".c", "int *p = NULL;\n        *p = c; /* here */")
    result = the_failure(graded(tiny, ".c", source, "serves", tier=tier))
    assert result.got == f"it was ended by SIGSEGV at line {line_of(source, '/* here */')}"
    assert (result.expected, result.broke) == ("a server that goes on", True)


def test_a_crash_of_a_child_names_its_line(tiny: catalog.Exercise) -> None:
    """Though the first process goes on."""
    source = server(".c", "if (fork() == 0) {\n            abort(); /* here */\n        }\n        close(c);")
    result = the_failure(graded(tiny, ".c", source, "serves"))
    assert result.got == f"one of its processes crashed at line {line_of(source, '/* here */')}"


def test_the_end_of_a_python_program_names_error_and_line(tiny: catalog.Exercise) -> None:
    """The last words, and the innermost line of its own code."""
    source = server(".py", "serve(c)", top="def serve(c):\n    return 1 // 0  # here\n\n")
    result = the_failure(graded(tiny, ".py", source, "serves"))
    assert result.got == "it ended with exit code 1"
    line = line_of(source, "# here")
    assert result.message == f"It said last: ZeroDivisionError: integer division or modulo by zero (line {line})"


@pytest.mark.parametrize(
    "around", ["threading.Thread(target=serve, args=(c,)).start()", "try:\n    serve(c)\nexcept Exception:\n    traceback.print_exc(); print('-' * 40, file=sys.stderr)"]
)  # fmt: skip
def test_an_exception_that_it_survives_is_quoted_too(tiny: catalog.Exercise, around: str) -> None:
    """Of a thread, or one that is only printed: whoever reads that nothing came back learns why, whatever stands below it."""
    source = server(".py", around, top="import threading, traceback\n\ndef serve(c):\n    c.sendal(b'')  # here\n\n")
    result = the_failure(graded(tiny, ".py", source, "serves"))
    assert result.message.startswith("It said last: AttributeError: 'socket' object has no attribute 'sendal'")
    assert result.message.endswith(f" (line {line_of(source, '# here')})")


@BOTH_TIERS
@BOTH_LANGUAGES
def test_a_program_that_ends_by_itself_is_quoted(tiny: catalog.Exercise, suffix: str, tier: str) -> None:
    """Exit code and last words, before it listens and after."""
    goes = {
        ".c": 'fprintf(stderr, "first\\nno more\\n\\n"); exit(3);',
        ".py": 'print("first\\nno more\\n", file=sys.stderr); sys.exit(3)',
    }[suffix]
    for source in (server(suffix, goes), server(suffix, before=goes)):
        result = the_failure(graded(tiny, suffix, source, "serves", tier=tier))
        assert (result.got, result.message) == ("it ended with exit code 3", "It said last: no more")
        assert result.tried.startswith("tiny_server ")


def test_an_end_with_success_is_an_end_too(tiny: catalog.Exercise) -> None:
    """After its client was served as it should be."""
    result = the_failure(graded(tiny, ".c", server(".c", "hello(c); return 0;"), "outlives"))
    assert result.got == "it ended with exit code 0"


@BOTH_LANGUAGES
def test_what_a_run_ended_with_is_held_against_what_it_should(tiny: catalog.Exercise, suffix: str) -> None:
    """Exit code, signal, standard error and nothing there; one that goes on is ended."""
    ends = {
        ".c": ("exit(0);", "raise(SIGUSR1);", 'puts("usage"); exit(2);', 'fprintf(stderr, "no"); exit(2);'),
        ".py": ("sys.exit(0)", "os.kill(os.getpid(), signal.SIGUSR1)", 'print("usage"); sys.exit(2)', 'print("no", file=sys.stderr); sys.exit(2)'),
    }  # fmt: skip
    got = (
        ("exit code 2", "exit code 0"),
        ("exit code 2", "it was ended by SIGUSR1"),
        ('"usage" on standard error', "nothing there; it wrote to standard output"),
        ('"usage" on standard error', "'no'"),
    )
    for deed, words in zip(ends[suffix], got, strict=True):
        source = BASE[suffix] + (f"int main(void) {{ {deed} }}" if suffix == ".c" else deed)
        result = the_failure(graded(tiny, suffix, source, "usage"))
        assert (result.expected, result.got, result.tried) == (*words, "tiny_server")


def test_a_run_that_does_not_end_is_ended(tiny: catalog.Exercise, monkeypatch: pytest.MonkeyPatch) -> None:
    """And said so."""
    monkeypatch.setattr(command, "RUN_SECONDS", 0.2)
    result = the_failure(graded(tiny, ".c", C_HEAD + "int main(void) { for (;;) pause(); }", "usage"))
    assert (result.expected, result.got) == ("its end", "it still runs after 0.2 seconds")


@BOTH_LANGUAGES
def test_one_that_ignores_sigterm_goes_on(tiny: catalog.Exercise, suffix: str) -> None:
    """Until it is killed."""
    ignores = {".c": "signal(SIGTERM, SIG_IGN);", ".py": "signal.signal(signal.SIGTERM, signal.SIG_IGN)"}
    result = the_failure(graded(tiny, suffix, server(suffix, before=ignores[suffix]), "sigterm"))
    assert (result.expected, result.got) == ("its end within 0.3 s of SIGTERM", "it goes on")


# -- programs that are not where they should be ----------------------------------------------------------------------


@pytest.mark.parametrize("how", ["never", "another port"])
@BOTH_LANGUAGES
def test_one_that_does_not_listen_is_given_up(
    tiny: catalog.Exercise, suffix: str, how: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Patience is bounded."""
    monkeypatch.setattr(command, "BEGIN_SECONDS", 0.3)
    before = {
        (".c", "never"): "for (;;) pause();",
        (".py", "never"): "time.sleep(1000)",
        (".c", "another port"): "port++;",
        (".py", "another port"): "port += 1",
    }[suffix, how]
    result = the_failure(graded(tiny, suffix, server(suffix, before=before), "serves"))
    assert re.fullmatch(r"a server that listens on port \d+", result.expected)
    assert result.got == "it does not within 0.3 seconds"


@BOTH_LANGUAGES
def test_one_that_listens_everywhere_is_told_where(tiny: catalog.Exercise, suffix: str) -> None:
    """With what it means."""
    result = the_failure(graded(tiny, suffix, server(suffix, host="0.0.0.0"), "serves"))
    assert (result.expected, result.got) == ("a listener on 127.0.0.1 alone", "a listener on 0.0.0.0")
    assert "could connect" in result.message


# -- what stays of clients -------------------------------------------------------------------------------------------

STAYS = {
    "processes": {
        ".c": "if (fork() == 0) { hello(c); _exit(0); }\n        close(c);",
        ".py": "if os.fork() == 0:\n    hello(c)\n    os._exit(0)\nc.close()",
    },
    "threads": {
        ".c": "pthread_t t; pthread_create(&t, NULL, stay, NULL); hello(c); close(c);",
        ".py": "threading.Thread(target=time.sleep, args=(1000,)).start(); hello(c); c.close()",
    },
    "open descriptors": {
        ".c": "hello(c); shutdown(c, SHUT_WR);",
        ".py": "hello(c); c.shutdown(socket.SHUT_WR); kept.append(c)",
    },
}


@pytest.mark.parametrize("what", STAYS)
@BOTH_LANGUAGES
def test_what_stays_of_clients_is_counted(
    tiny: catalog.Exercise, suffix: str, what: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """By kind; zombies are named. As many as may stay are let pass."""
    monkeypatch.setattr("socklab.expectations.WAIT_SECONDS", 0.2)
    top = {
        ".c": "static void *stay(void *p)\n{\n    for (;;)\n        pause();\n    return p;\n}\n",
        ".py": "kept = []\n",
    }
    report = graded(tiny, suffix, server(suffix, STAYS[what][suffix], top=top[suffix]), "comes-back", "spares-three")
    result, spared = report.results
    assert (result.outcome, spared.outcome) == (FAILED, PASSED), report.results
    assert f"3 more {what}" in result.got
    assert ("all of them zombies" in result.got) == (what == "processes")
    assert result.expected == "nothing left of these clients"


def test_a_connection_that_breaks_is_a_failed_check_in_plain_words(tiny: catalog.Exercise) -> None:
    """No error of ours."""
    each = "char b[1]; struct linger now = {1, 0}; read(c, b, 1); setsockopt(c, SOL_SOCKET, SO_LINGER, &now, sizeof now); close(c);"
    result = the_failure(graded(tiny, ".c", server(".c", each), "echoes"))
    assert result.expected == "a connection that goes on"
    assert re.fullmatch(
        r"a connection that was broken( while being sent to)? \((ECONNRESET|ENOTCONN|EPIPE)\)", result.got
    )
    assert "setsockopt(4, SOL_SOCKET, SO_LINGER, 0 s) = 0" in [call.text for call in result.calls]


def test_a_misuse_of_memory_is_found_in_a_whole_program(tiny: catalog.Exercise) -> None:
    """Though every answer is right: the build with sanitizers serves the same clients."""
    each = 'char *b = malloc(6); memcpy(b, "hello\\n", 6); write(c, b, 6 + (c == 1000)); free(b); if (c < 900) b[c % 3] = 0; close(c);'
    report = graded(tiny, ".c", server(".c", each), "memory", "serves", sanitize=True)
    by_slug = {r.slug: r for r in report.results}
    assert by_slug["serves"].outcome == PASSED
    assert "heap-use-after-free" in by_slug["memory"].got


def test_what_is_undefined_is_told_with_its_line(tiny: catalog.Exercise) -> None:
    """The sanitizer says where it met it."""
    source = server(
        ".c", "hello(c); close(c);\n        port -= 70000;\n        port <<= 1; /* here */\n        port = 80;"
    )
    report = graded(tiny, ".c", source, "memory", "serves", sanitize=True)
    got = next(r.got for r in report.results if r.slug == "memory")
    assert got.startswith("undefined behaviour: left shift of negative value")
    assert got.endswith(f" at line {line_of(source, '/* here */')}")


# -- programs that take too much, or leave something -----------------------------------------------------------------


@BOTH_TIERS
@BOTH_LANGUAGES
def test_too_much_memory_is_named_and_bounded(tiny: catalog.Exercise, suffix: str, tier: str) -> None:
    """In one process or in several that each take half of it."""
    one = {
        ".c": "for (;;) { char *m = malloc(1 << 24); if (!m) pause(); else memset(m, 1, 1 << 24); }",
        ".py": "kept = []\nwhile True:\n    kept.append(b'x' * (1 << 24))",
    }[suffix]
    result = the_failure(graded(tiny, suffix, server(suffix, one), "serves", tier=tier))
    assert result.expected == "a program that gets by with its memory"
    assert result.got == "it uses more than 1024 MiB"


def test_the_memory_of_all_its_processes_is_added_up(tiny: catalog.Exercise) -> None:
    """Three that each take 400 MiB."""
    each = (
        "for (int i = 0; i < 3; i++) if (fork() == 0) { memset(malloc(400u << 20), 1, 400u << 20); for (;;) pause(); }"
    )
    result = the_failure(graded(tiny, ".c", server(".c", each), "serves"))
    assert result.got == "it uses more than 1024 MiB"


GOES_ON = {
    ".c": """
    for (int i = 0; i < 3; i++)
        if (fork() == 0) {
            setsid();
            for (int s = 1; s < 65; s++)
                signal(s, SIG_IGN);
            if (fork() != 0)
                _exit(0);
            for (;;)
                pause();
        }""",
    ".py": """
for _ in range(3):
    if os.fork() == 0:
        os.setsid()
        for number in signal.valid_signals() - {signal.SIGKILL, signal.SIGSTOP}:
            signal.signal(number, signal.SIG_IGN)
        if os.fork() != 0:
            os._exit(0)
        while True:
            time.sleep(1000)""",
}


@pytest.mark.parametrize("check", ["serves", "sigterm", "usage"])
@BOTH_TIERS
@BOTH_LANGUAGES
def test_nothing_stays_of_what_it_started(tiny: catalog.Exercise, suffix: str, tier: str, check: str) -> None:
    """Daemons with sessions of their own that ignore every signal, whether it ends by itself, by a signal or is ended."""
    end = {"usage": {".c": "\n    return 2;", ".py": "\nsys.exit(2)"}[suffix]}.get(check, "")
    if check == "usage":
        start = f'int main(void) {{{GOES_ON[".c"]} fputs("usage", stderr); {end} }}'
        source = BASE[suffix] + (
            start if suffix == ".c" else GOES_ON[".py"] + "\nprint('usage', file=sys.stderr)" + end
        )
    else:
        source = server(suffix, before=GOES_ON[suffix])
    assert graded(tiny, suffix, source, check, tier=tier).outcome == PASSED


# -- what is refused -------------------------------------------------------------------------------------------------


@BOTH_LANGUAGES
def test_a_strangers_process_is_out_of_reach_and_the_try_is_named(
    tiny: catalog.Exercise, suffix: str, stranger: subprocess.Popen[bytes]
) -> None:
    """Shared tier: by number, and with everybody else; own children are reached all the same."""
    pid = stranger.pid
    before = {
        ".c": f"if (kill({pid}, SIGKILL) == 0 || errno != EPERM) return 9;\n    if (kill(-1, SIGKILL) == 0) return 8; /* all */",
        ".py": f"for whom in ({pid}, -1):\n    try:\n        os.kill(whom, 9)  # all\n        sys.exit(9)\n    except PermissionError:\n        pass",
    }[suffix]
    source = server(suffix, before=before)
    report = graded(tiny, suffix, source, "allowed", "serves", tier="shared")
    by_slug = {r.slug: r for r in report.results}
    assert by_slug["serves"].outcome == PASSED
    assert by_slug["allowed"].got == f"it tried to send a signal to process {pid}"
    line = f" (line {line_of(source, '# all')})" if suffix == ".py" else ""  # in C no call of the recorder's shows it
    words = f"It tried to send a signal to process {pid}{line}, to send a signal to other processes{line}: not allowed here."
    assert report.remarks == (words,)
    assert stranger.poll() is None


@BOTH_LANGUAGES
def test_a_strangers_process_does_not_exist_in_the_private_tier(
    tiny: catalog.Exercise, suffix: str, stranger: subprocess.Popen[bytes]
) -> None:
    """kill(-1) finds nobody but its own."""
    before = {
        ".c": f"kill({stranger.pid}, SIGKILL); kill(-1, SIGKILL); kill(getppid(), SIGKILL); kill(1, SIGKILL);",
        ".py": f"for whom in ({stranger.pid}, -1, 1):\n    try:\n        os.kill(whom, 9)\n    except OSError:\n        pass",
    }[suffix]
    graded(tiny, suffix, server(suffix, before=before), "serves", tier="private")
    assert stranger.poll() is None


@BOTH_TIERS
@BOTH_LANGUAGES
def test_no_other_program_can_be_started_and_the_try_is_named(tiny: catalog.Exercise, suffix: str, tier: str) -> None:
    """Not in a child either; with the line."""
    each = {
        ".c": 'if (fork() == 0) {\n            execve("/bin/sh", (char *[]){"sh", NULL}, NULL); /* here */\n            _exit(1);\n        }\n        wait(NULL); hello(c); close(c);',
        ".py": 'if os.fork() == 0:\n    try:\n        os.execv("/bin/sh", ["sh"])  # here\n    finally:\n        os._exit(1)\nos.wait(); hello(c); c.close()',
    }[suffix]
    source = server(suffix, each)
    report = graded(tiny, suffix, source, "allowed", tier=tier)
    assert the_failure(report).got == "it tried to start /bin/sh"
    line = line_of(source, "/* here */" if suffix == ".c" else "# here")
    assert report.remarks == (f"It tried to start /bin/sh (line {line}): not allowed here.",)


# -- what cannot be graded -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("suffix", "source", "words"),
    [
        (".c", "int other(void) { return 1; }", "it has no main()"),
        (".c", "int main(void) { return 1 }", "line 1"),
        (".c", "int main(void) { return undeclared; }", "undeclared"),
        (".c", C_HEAD + "__attribute__((constructor)) static void f(void) { _exit(4); } int main(void) { return 0; }", "exit code 4"),
        (".py", "def f(:\n    pass\n", "line 1"),
        (".py", "x = 1\n\n  y = 2\n", "line 3"),
    ],
)  # fmt: skip
@BOTH_TIERS
def test_what_cannot_be_started_is_said_plainly(
    tiny: catalog.Exercise, suffix: str, source: str, words: str, tier: str
) -> None:
    """Ungradable, with the reason and where it is."""
    report = graded(tiny, suffix, source, "serves", tier=tier)
    assert report.outcome == UNGRADABLE, report.results
    assert words in report.reason


# -- what is recorded ------------------------------------------------------------------------------------------------


def test_more_calls_than_are_kept_are_counted(tiny: catalog.Exercise) -> None:
    """The last ones are shown, and how many came before."""
    many = CAPACITY + 500
    each = f'for (int i = 0; i < {many}; i++) send(c, "", 0, 0);\n        hello(c); shutdown(c, SHUT_WR); /* last */ close(c);'
    source = server(".c", each)
    result = the_failure(graded(tiny, ".c", source, "fails"))
    texts = [call.text.partition("(")[0] for call in result.calls]
    assert texts[-4:] == ["write", "shutdown", "close", "accept"]
    assert result.calls[-3].line == line_of(source, "/* last */")
    assert result.calls_left_out + len(result.calls) >= many


TURNS = 200
AT_ONCE = {
    (".c", "threads"): (
        "static void *work(void *p)\n{\n    int one = 1, *fd = p;\n    for (int i = 0; i < 200; i++)\n"
        "        setsockopt(*fd, SOL_SOCKET, SO_KEEPALIVE, &one, sizeof one); /* second */\n    return NULL;\n}\n",
        "int one = 1; pthread_t t; pthread_create(&t, NULL, work, &c);\n        for (int i = 0; i < 200; i++)\n"
        "            setsockopt(c, SOL_SOCKET, SO_REUSEADDR, &one, sizeof one); /* first */\n"
        "        pthread_join(t, NULL); hello(c); close(c);",
    ),
    (".c", "processes"): (
        "",
        "int one = 1; for (int p = 0; p < 2; p++) if (fork() == 0) {\n        for (int i = 0; i < 200; i++)\n"
        "            if (p) setsockopt(c, SOL_SOCKET, SO_REUSEADDR, &one, sizeof one); /* first */\n"
        "            else setsockopt(c, SOL_SOCKET, SO_KEEPALIVE, &one, sizeof one); /* second */\n"
        "        _exit(0); }\n        wait(NULL); wait(NULL); hello(c); close(c);",
    ),
    (".py", "threads"): (
        "def work(c, option):\n    for _ in range(200):\n        if option == socket.SO_KEEPALIVE:\n"
        "            c.setsockopt(socket.SOL_SOCKET, option, 1)  # second\n        else:\n"
        "            c.setsockopt(socket.SOL_SOCKET, option, 1)  # first\n\n",
        "threads = [threading.Thread(target=work, args=(c, o)) for o in (socket.SO_KEEPALIVE, socket.SO_REUSEADDR)]\n"
        "for t in threads:\n    t.start()\nfor t in threads:\n    t.join()\nhello(c); c.close()",
    ),
    (".py", "processes"): (
        "def work(c, option):\n    for _ in range(200):\n        if option == socket.SO_KEEPALIVE:\n"
        "            c.setsockopt(socket.SOL_SOCKET, option, 1)  # second\n        else:\n"
        "            c.setsockopt(socket.SOL_SOCKET, option, 1)  # first\n\n",
        "for o in (socket.SO_KEEPALIVE, socket.SO_REUSEADDR):\n    if os.fork() == 0:\n        work(c, o)\n        os._exit(0)\n"
        "os.wait(); os.wait(); hello(c); c.close()",
    ),
}


@pytest.mark.parametrize(("suffix", "kind"), AT_ONCE)
def test_calls_of_two_at_once_are_told_apart(
    tiny: catalog.Exercise, suffix: str, kind: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each with its own line and number: threads, and processes with memory of their own."""
    monkeypatch.setattr("socklab.session.SHOWN_EVENTS", 1000)
    top, each = AT_ONCE[suffix, kind]
    source = server(suffix, each, top=top)
    calls = the_failure(graded(tiny, suffix, source, "fails")).calls
    comment = {".c": "/* {} */", ".py": "# {}"}[suffix]
    found = {}
    for option, mark in (("SO_REUSEADDR", "first"), ("SO_KEEPALIVE", "second")):
        mine = [call for call in calls if call.text.startswith("setsockopt(") and option in call.text and call.at > 0]
        mine = mine[-TURNS:]
        assert {call.line for call in mine} == {line_of(source, comment.format(mark))}
        assert len(mine) == TURNS
        (found[option],) = {call.by for call in mine}
    assert len(set(found.values())) == 2


def test_files_that_imports_read_are_none_of_its_calls(tiny: catalog.Exercise) -> None:
    """Though the number of such a file is soon that of a socket."""
    source = server(".py", each="client.sendall(b'no\\n')", top="import smtplib")
    calls = the_failure(graded(tiny, ".py", source, "fails")).calls
    assert calls[0].text.startswith("socket(")
