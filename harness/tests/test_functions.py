"""Functions of other shapes, graded by exercises of the tests' own: two ints, sockets handed back, errors, threads, time."""

from pathlib import Path

import pytest
from tiny_exercise import C_HEAD, exercise, graded, line_of, the_failure

from socklab import catalog
from socklab.cell.process import most_descriptors
from socklab.model import PASSED, SKIPPED, UNGRADABLE, Report

pytestmark = pytest.mark.usefixtures("nobody_stays")

BOTH_LANGUAGES = pytest.mark.parametrize("suffix", [".c", ".py"])

CHECKS = """
@check(points=1, hint="")
def adds(program, scene):
    '''2 and 40 are 42, whatever their signs'''
    expect(program.call(2, 40)).to_return(42)
    expect(program.call(-2, -2147483646)).to_return(-2147483648)


@check(points=1, hint="")
def adds_at_once(program, scene):
    '''sixteen threads at once get sixteen answers'''
    for number, call in enumerate(program.calls_at_once([(n, 1000) for n in range(16)])):
        expect(call).to_return(1000 + number)


@check(points=1, hint="")
def adds_in_a_row(program, scene):
    '''a thousand calls get a thousand answers'''
    for number, call in enumerate(program.calls([(n, -n) for n in range(1000)])):
        expect(call).to_return(0)


@check(points=1, hint="")
def fails(program, scene):
    '''it fails'''
    expect(program.call(1, 2)).to_fail()


@check(points=1, hint="")
def fails_with_eacces(program, scene):
    '''it fails with EACCES or EPERM'''
    expect(program.call(1, 2)).to_fail_with(errno.EACCES, errno.EPERM)


@check(points=1, hint="")
def takes_a_fifth(program, scene):
    '''it takes 200 to 600 ms'''
    expect(program.call(1, 2)).to_take(at_least=0.2, at_most=0.6)


@check(points=1, hint="")
def is_quick(program, scene):
    '''it takes at most 50 ms'''
    expect(program.call(1, 2)).to_take(at_most=0.05)


@check(points=1, hint="")
def has_much_room(program, scene):
    '''the next descriptor is 1500'''
    with program.descriptor_room(2000), program.every_descriptor_taken(below=1500):
        expect(program.call(1, 2)).to_return(1500)
    expect(program.call(1, 2)).to_return(3)


@check(points=1, hint="")
def counts_what_is_left(program, scene):
    '''it can open as many as are left'''
    with program.bystanders():
        for count in range(3):
            with program.descriptors_left(count):
                expect(program.call(1, 2)).to_return(count)


@check(points=1, hint="")
def may_be_slow(program, scene):
    '''three calls that take their time'''
    for call in program.calls([(1, 2)] * 3, each=10):
        expect(call).to_return(3)


@check(points=1, hint="")
def is_fast(program, scene):
    '''three calls in two seconds'''
    for call in program.calls([(1, 2)] * 3):
        expect(call).to_return(3)


@check(points=1, hint="")
def has_too_much_room(program, scene):
    '''more descriptors than any machine has'''
    with program.descriptor_room(1_000_000):
        expect(program.call(1, 2)).to_return(3)


@check(points=1, hint="")
def counts_signals(program, scene):
    '''twenty signals come while it sleeps'''
    with scene.signals(every=0.005):
        expect(program.call(20, 0)).to_return(20)
    expect(program.call(0, 0)).to_return(0)
"""

CONNECT_CHECKS = """
@check(points=1, hint="")
def connects(program, scene):
    '''the socket that comes back is the one that the listener accepted'''
    with scene.listener() as peer:
        before = program.descriptors()
        call = program.call(peer.port)
        theirs = peer.accept()
        with program.socket_of(call) as mine:
            expect(mine).to_be_connected_to(theirs)
            expect(mine).to_be_blocking()
            expect(mine).to_have_no_timeout()
            theirs.send(b"to you")
            expect(mine).to_receive(b"to you")
            mine.send(b"back")
            expect(theirs).to_receive(b"back")
        expect(theirs).to_see_the_end()
        expect(program).to_have_descriptors(before)


@check(points=1, hint="")
def is_taken_back(program, scene):
    '''what comes back can be closed'''
    with scene.listener() as peer:
        before = program.descriptors()
        program.take_back(program.call(peer.port))
        expect(program).to_have_descriptors(before)


@check(points=1, hint="")
def waits_for_a_late_answer(program, scene):
    '''a port that answers late is connected to'''
    with scene.opening(after=0.2) as port:
        call = program.call(port)
        program.take_back(call)
        expect(call).to_take(at_least=0.2, at_most=1.0)


@check(points=1, hint="")
def fails_after_a_while(program, scene):
    '''a connection that fails after a fifth of a second'''
    for error in (errno.EHOSTUNREACH, errno.ECONNRESET):
        with scene.failing_late(error, after=0.2) as port:
            for _ in range(2):
                call = program.call(port)
                expect(call).to_fail_with(error)
                expect(call).to_take(at_least=0.2, at_most=1.0)


@check(points=1, hint="")
def hears_of_a_rejection(program, scene):
    '''a connection that is rejected fails'''
    with scene.rejected() as port:
        expect(program.call(port)).to_fail_with(errno.EHOSTUNREACH)


@check(points=1, hint="")
def gives_up(program, scene):
    '''a port that never answers makes it give up'''
    with scene.filtered() as port:
        call = program.call(port)
        expect(call).to_fail()
        expect(call).to_take(at_least=0.1, at_most=0.6)


@check(points=1, hint="")
def hears_of_a_refusal(program, scene):
    '''a closed port is refused'''
    with scene.closed_port() as port:
        expect(program.call(port)).to_fail_with(errno.ECONNREFUSED)
"""


@pytest.fixture
def two(tmp_path: Path) -> catalog.Exercise:
    """A function of two ints."""
    return exercise(tmp_path, "tiny-sum", CHECKS, "int tiny_sum(int first, int second);")


@pytest.fixture
def connect(tmp_path: Path) -> catalog.Exercise:
    """A function that hands back a socket."""
    return exercise(tmp_path, "tiny-connect", CONNECT_CHECKS, "int tiny_connect(int port);")


def function(suffix: str, body: str, top: str = "") -> str:
    """tiny_sum with this body."""
    if suffix == ".c":
        return f"{C_HEAD}{top}\nint tiny_sum(int first, int second)\n{{\n    (void)first;\n    (void)second;\n    {body}\n}}\n"
    body = body.replace("\n", "\n    ")
    return f"import errno, os, signal, socket, time\n{top}\ndef tiny_sum(first, second):\n    {body}\n"


CONNECT = {
    ".c": C_HEAD
    + """
#include <poll.h>
int tiny_connect(int port)
{
    struct sockaddr_in a = {.sin_family = AF_INET, .sin_port = htons((unsigned short)port), .sin_addr = {htonl(INADDR_LOOPBACK)}};
    int s = socket(AF_INET, SOCK_STREAM, 0), e = 0;
    struct pollfd p = {s, POLLOUT, 0};
    socklen_t size = sizeof e;
    fcntl(s, F_SETFL, O_NONBLOCK);
    if (connect(s, (struct sockaddr *)&a, sizeof a) != 0)
        e = errno;
    if (e == EINPROGRESS && poll(&p, 1, 300) == 1)
        getsockopt(s, SOL_SOCKET, SO_ERROR, &e, &size);
    if (e != 0) {
        close(s);
        errno = e;
        return -1;
    }
    fcntl(s, F_SETFL, 0);
    @DEED@
    return s;
}
""",
    ".py": """
import os, socket
def tiny_connect(port):
    s = socket.socket()
    try:
        s.settimeout(0.3)
        s.connect(("127.0.0.1", port))
        s.settimeout(None)
    except BaseException:
        s.close()
        raise
    @DEED@
    return s
""",
}


def connecting(suffix: str, deed: str = "") -> str:
    """A right tiny_connect, but for what it does at the end."""
    return CONNECT[suffix].replace("@DEED@", deed)


def outcomes(report: Report) -> dict[str, str]:
    """What became of each check."""
    return {r.slug: r.outcome for r in report.results}


# -- two ints --------------------------------------------------------------------------------------------------------


@BOTH_LANGUAGES
def test_a_function_of_two_ints_is_called_with_both(two: catalog.Exercise, suffix: str) -> None:
    """Alone, a thousand times in a row, and in sixteen threads at once."""
    report = graded(two, suffix, function(suffix, "return first + second;"), "adds", "adds-at-once", "adds-in-a-row")
    assert report.outcome == PASSED, report.results


MANY_THREADS = """
#include <pthread.h>
#include <stdlib.h>

static pthread_barrier_t all;

static void *lives(void *unused)
{
    char *mine = malloc(1000);
    pthread_barrier_wait(&all);
    free(mine);
    return unused;
}

int tiny_sum(int first, int second)
{
    pthread_t threads[40];
    pthread_barrier_init(&all, NULL, 41);
    for (int i = 0; i < 40; i++)
        if (pthread_create(&threads[i], NULL, lives, NULL) != 0) exit(9);
    pthread_barrier_wait(&all);
    for (int i = 0; i < 40; i++) pthread_join(threads[i], NULL);
    return first + second;
}
"""


def test_forty_threads_that_all_live_at_once_have_room(two: catalog.Exercise) -> None:
    """On a busy machine those of eight calls do: what each of them reserves for malloc() must not use up all addresses."""
    assert outcomes(graded(two, ".c", MANY_THREADS, "adds")) == {"adds": PASSED}


@BOTH_LANGUAGES
def test_both_numbers_stand_in_the_words_of_a_call(two: catalog.Exercise, suffix: str) -> None:
    """As one would write it."""
    result = the_failure(graded(two, suffix, function(suffix, "return first;"), "adds"))
    assert (result.tried, result.expected, result.got) == ("tiny_sum(2, 40)", "42", "2")


@pytest.mark.parametrize(
    ("source", "words"),
    [
        ("def tiny_sum(first):\n    return 1\n", "tiny_sum cannot be called as tiny_sum(first, second): it takes 1 parameters (first)"),
        ("def tiny_sum():\n    return 1\n", "it takes 0 parameters ()"),
        ("def tiny_sum(a, b, c):\n    return 1\n", "it takes 3 parameters (a, b, c)"),
        ("def tiny_sum(a, b, *, c):\n    return 1\n", "it takes 3 parameters (a, b, c)"),
        ("async def tiny_sum(a, b):\n    return 1\n", "coroutine"),
        ("import functools\ntiny_sum = functools.partial(lambda a, b, c: 1, 1, 2)\n", "its parameters are (c)"),
        ("tiny_sum = 7\n", "its tiny_sum is no function: it is of type int"),
    ],
)  # fmt: skip
def test_a_wrong_number_of_parameters_is_ungradable_in_python(two: catalog.Exercise, source: str, words: str) -> None:
    """With how it will be called."""
    report = graded(two, ".py", source, "adds")
    assert report.outcome == UNGRADABLE, report.results
    assert words in report.reason


def test_a_wrong_number_of_parameters_is_the_compilers_complaint_in_c(two: catalog.Exercise) -> None:
    """With the prototype that is wanted."""
    report = graded(two, ".c", "int tiny_sum(int first) { return first; }", "adds")
    assert report.outcome == UNGRADABLE
    assert "conflicting types" in report.reason
    assert "It must be: int tiny_sum(int first, int second)" in report.reason


@pytest.mark.parametrize("signature", ["first, second", "a, b=0", "*args", "a, b, c=3", "a, b, /"])
def test_parameters_that_two_numbers_fit_are_called(two: catalog.Exercise, signature: str) -> None:
    """However they are written."""
    assert graded(two, ".py", f"def tiny_sum({signature}):\n    return sum(list(locals().values())[0]) if '*' in '{signature}' else list(locals().values())[0] + list(locals().values())[1]\n", "adds").outcome == PASSED  # fmt: skip


# -- threads ---------------------------------------------------------------------------------------------------------


@BOTH_LANGUAGES
def test_a_call_that_hangs_among_many_at_once_is_ended(two: catalog.Exercise, suffix: str) -> None:
    """Said of all of them."""
    body = {".c": "if (first == 7) for (;;) pause();\n    return first + second;", ".py": "if first == 7:\n    time.sleep(1000)\nreturn first + second"}  # fmt: skip
    result = the_failure(graded(two, suffix, function(suffix, body[suffix]), "adds-at-once"))
    assert (result.expected, result.got) == ("an answer", "did not return within 2.3 seconds")
    assert result.tried == "tiny_sum, in 16 threads at once"


@BOTH_LANGUAGES
def test_what_threads_share_without_a_lock_is_caught(two: catalog.Exercise, suffix: str) -> None:
    """They are really in the function at the same time."""
    source = {
        ".c": function(".c", "shared = first;\n    usleep(20000);\n    return shared + second;", "static int shared;"),
        ".py": function(".py", "global shared\nshared = first\ntime.sleep(0.02)\nreturn shared + second", "shared = 0"),
    }[suffix]
    result = the_failure(graded(two, suffix, source, "adds-at-once"))
    assert int(result.expected) in range(1000, 1016)
    assert int(result.got) in range(1000, 1016)


def test_an_exception_among_many_at_once_is_told_with_its_line(two: catalog.Exercise) -> None:
    """As in a call alone."""
    source = function(".py", "if first == 3:\n    raise KeyError('three')  # here\nreturn first + second")
    result = the_failure(graded(two, ".py", source, "adds-at-once"))
    assert (result.tried, result.expected) == ("tiny_sum(3, 1000)", "1003")
    assert result.got == f"KeyError: 'three' at line {line_of(source, '# here')}"


# -- failing ---------------------------------------------------------------------------------------------------------

FAILURES_PY = [
    ("raise PermissionError(errno.EACCES, 'no')", True, "", True, ""),
    ("raise OSError(errno.EPERM, 'no')", True, "", True, ""),
    ("raise type('Own', (PermissionError,), {})(errno.EACCES, 'no')", True, "", True, ""),
    ("raise ConnectionRefusedError(errno.ECONNREFUSED, 'no')", True, "", False, "whose errno is ECONNREFUSED"),
    ("raise OSError('no')", True, "", False, "OSError: no at line 4, whose errno is None"),
    ("raise type('Own', (OSError,), {'errno': 'x'})('no')", True, "", False, "whose errno is None"),
    ("raise TimeoutError('late')", True, "", False, "whose errno is None"),
    ("raise ValueError('no')", True, "", False, "ValueError: no at line 4"),
    ("raise ValueError('no port.')", True, "", False, "ValueError: no port at line 4"),
    ("raise OverflowError('no')", True, "", False, "OverflowError: no at line 4"),
    ("raise KeyError(errno.EACCES)", False, "KeyError: 13 at line 4", False, "KeyError: 13 at line 4"),
    ("raise SystemExit(1)", False, "SystemExit: 1 at line 4", False, "SystemExit: 1 at line 4"),
    ("return -1", False, "-1", False, "-1"),
    ("return None", False, "None", False, "None"),
    ("return 0", False, "0", False, "0"),
]


@pytest.mark.parametrize(("body", "fails", "got", "fails_so", "got_so"), FAILURES_PY)
def test_how_a_python_function_may_fail(
    two: catalog.Exercise, body: str, fails: bool, got: str, fails_so: bool, got_so: str
) -> None:
    """OSError and what is below it; where an errno is asked for, with that."""
    report = graded(two, ".py", function(".py", body), "fails", "fails-with-eacces")
    any_way, with_errno = report.results
    assert (any_way.outcome == PASSED, with_errno.outcome == PASSED) == (fails, fails_so), report.results
    assert got in any_way.got
    assert got_so in with_errno.got
    if not fails_so:
        assert with_errno.expected == "OSError with errno EACCES or EPERM"


@pytest.mark.parametrize(
    ("body", "fails", "got", "fails_so", "got_so"),
    [
        ("errno = EACCES;\n    return -1;", True, "", True, ""),
        ("errno = EPERM;\n    return -1;", True, "", True, ""),
        ("errno = ECONNREFUSED;\n    return -1;", True, "", False, "-1, with errno ECONNREFUSED"),
        ("return -1;", True, "", False, "-1, with errno 0"),
        ("errno = EACCES;\n    return -2;", False, "-2", False, "-2"),
        ("errno = EACCES;\n    return 0;", False, "0", False, "0"),
    ],
)
def test_how_a_c_function_may_fail(
    two: catalog.Exercise, body: str, fails: bool, got: str, fails_so: bool, got_so: str
) -> None:
    """-1; where an errno is asked for, with that."""
    any_way, with_errno = graded(two, ".c", function(".c", body), "fails", "fails-with-eacces").results
    assert (any_way.outcome == PASSED, with_errno.outcome == PASSED) == (fails, fails_so)
    assert (any_way.got, with_errno.got) == (got, got_so)


# -- time ------------------------------------------------------------------------------------------------------------


@BOTH_LANGUAGES
def test_an_answer_in_time_passes_and_early_and_late_ones_do_not(two: catalog.Exercise, suffix: str) -> None:
    """In words with both."""

    def sleeping(ms: int) -> str:
        return function(
            suffix, {".c": f"usleep({ms * 1000});\n    return 1;", ".py": f"time.sleep({ms / 1000})\nreturn 1"}[suffix]
        )

    assert graded(two, suffix, sleeping(250), "takes-a-fifth").outcome == PASSED
    early = the_failure(graded(two, suffix, sleeping(0), "takes-a-fifth"))
    assert early.expected == "an answer after 200 to 600 ms"
    assert early.got.startswith("1 after ")
    late = the_failure(graded(two, suffix, sleeping(300), "is-quick"))
    assert (late.expected, late.got.startswith("1 after 3")) == ("an answer within 50 ms", True)


# -- what it is called under -----------------------------------------------------------------------------------------


@BOTH_LANGUAGES
def test_descriptors_above_1023_can_be_had(two: catalog.Exercise, suffix: str) -> None:
    """And afterwards the low ones again."""
    if most_descriptors() < 2000:
        pytest.skip("no process may have so many descriptors here")
    body = {
        ".c": "int fd = socket(AF_INET, SOCK_STREAM, 0);\n    close(fd);\n    return fd;",
        ".py": "with socket.socket() as s:\n    return s.fileno()",
    }
    assert graded(two, suffix, function(suffix, body[suffix]), "has-much-room").outcome == PASSED


def test_more_descriptors_than_the_machine_gives_are_no_failure(two: catalog.Exercise) -> None:
    """The check is skipped, and says why."""
    report = graded(two, ".c", function(".c", "return 3;"), "has-too-much-room", "is-quick")
    result = next(r for r in report.results if r.slug == "has-too-much-room")
    assert (result.outcome, result.message) == (SKIPPED, "no process may have 1000000 descriptors open here")


OPENS_ALL = {
    ".c": """int n = 0, fds[9], fd;
    while (n < 9 && (fd = open("/dev/null", O_RDONLY)) >= 0)
        fds[n++] = fd;
    for (int i = 0; i < n; i++)
        close(fds[i]);
    return n;""",
    ".py": """fds = []
try:
    while len(fds) < 9:
        fds.append(os.open("/dev/null", os.O_RDONLY))
except OSError:
    pass
for fd in fds:
    os.close(fd)
return len(fds)""",
}


@BOTH_LANGUAGES
def test_so_many_descriptors_are_left_as_was_asked(two: catalog.Exercise, suffix: str) -> None:
    """Whatever numbers are taken; and the report says so."""
    right = function(suffix, OPENS_ALL[suffix])
    assert graded(two, suffix, right, "counts-what-is-left").outcome == PASSED
    wrong = the_failure(graded(two, suffix, function(suffix, "return 0;"), "counts-what-is-left"))
    assert (wrong.tried, wrong.expected) == ("tiny_sum(1, 2), with descriptors left: 1", "1")


@BOTH_LANGUAGES
def test_many_calls_may_be_given_the_time_that_each_may_take(two: catalog.Exercise, suffix: str) -> None:
    """Of those that were not, nobody says that they are in a loop: each may just be slow."""
    slow = function(suffix, {".c": "usleep(800000);\n    return 3;", ".py": "time.sleep(0.8)\nreturn 3"}[suffix])
    assert graded(two, suffix, slow, "may-be-slow").outcome == PASSED
    result = the_failure(graded(two, suffix, slow, "is-fast"))
    assert "did not return within 2.0" in result.got
    assert "loop" not in result.message


@BOTH_LANGUAGES
def test_real_signals_come_while_it_is_called_and_not_after(two: catalog.Exercise, suffix: str) -> None:
    """Without SA_RESTART: pause() and sleep() are interrupted."""
    body = {
        ".c": "int n = 0;\n    for (; n < first; n++)\n        pause();\n    return n;",
        ".py": "for n in range(first):\n    signal.pause()\nreturn first",
    }
    assert graded(two, suffix, function(suffix, body[suffix]), "counts-signals").outcome == PASSED


# -- sockets handed back ---------------------------------------------------------------------------------------------


@BOTH_LANGUAGES
def test_a_socket_that_is_handed_back_is_used_and_closed(connect: catalog.Exercise, suffix: str) -> None:
    """And every scene of connections has its answer."""
    wanted = (
        "connects",
        "is-taken-back",
        "waits-for-a-late-answer",
        "hears-of-a-rejection",
        "gives-up",
        "hears-of-a-refusal",
    )
    report = graded(connect, suffix, connecting(suffix), *wanted, tier="private")
    assert outcomes(report) == dict.fromkeys(wanted, PASSED), report.results


@BOTH_LANGUAGES
def test_a_socket_is_handed_over_in_the_shared_tier_too(connect: catalog.Exercise, suffix: str) -> None:
    """What needs a network of its own is skipped there."""
    wanted = ("connects", "is-taken-back", "hears-of-a-refusal", "hears-of-a-rejection")
    report = graded(connect, suffix, connecting(suffix), *wanted, tier="shared")
    assert outcomes(report) == {**dict.fromkeys(wanted, PASSED), "hears-of-a-rejection": SKIPPED}, report.results


NO_SOCKETS = [
    (".c", "close(s);", "a socket", r"3, and no descriptor of that number is open"),
    (".c", "close(s); return -1;", "a descriptor, 0 or more", "-1, with errno"),
    (".c", "close(s); return -100;", "a descriptor, 0 or more", "-100, with errno"),
    (".c", "close(s); return 100000;", "a socket", "100000, and no descriptor of that number is open"),
    (".c", "close(s); return 0;", "a socket", "descriptor 0, which leads to /dev/null"),
    (".c", 'close(s); return open("/dev/zero", O_RDONLY);', "a socket", "descriptor 3, which leads to /dev/zero"),
    (".c", "close(s); return socket(AF_INET, SOCK_DGRAM, 0);", "a TCP socket for IPv4", "a socket of another kind (AF_INET, SOCK_DGRAM)"),
    (".c", "close(s); return 1000;", "a TCP socket for IPv4", "a socket of another kind (AF_UNIX, SOCK_SEQPACKET)"),
    (".c", "close(s); return socket(AF_INET6, SOCK_STREAM, 0);", "a TCP socket for IPv4", "a socket of another kind"),
    (".py", "s.close()", "an open socket", "a socket that is closed already"),
    (".py", "return s.detach()", "a socket.socket", "3"),
    (".py", "return -1", "a socket.socket", "-1"),
    (".py", "return None", "a socket.socket", "None"),
    (".py", "return s, s", "a socket.socket", "(<socket.socket"),
    (".py", "os.close(s.fileno())", "a socket", "3, and no descriptor of that number is open"),
    (".py", "s.close(); return socket.socket(socket.AF_INET, socket.SOCK_DGRAM)", "a TCP socket for IPv4", "another kind (AF_INET, SOCK_DGRAM)"),
    (".py", "raise OSError(5, 'no')", "a socket.socket", "OSError: [Errno 5] no at line"),
]  # fmt: skip


@pytest.mark.parametrize(("suffix", "deed", "expected", "got"), NO_SOCKETS)
def test_what_is_no_socket_is_told_as_what_it_is(
    connect: catalog.Exercise, suffix: str, deed: str, expected: str, got: str
) -> None:
    """Seen by the grader itself, whatever is claimed; the submission's process lives on."""
    result = the_failure(graded(connect, suffix, connecting(suffix, deed), "is-taken-back"))
    assert result.expected == expected
    assert got in result.got
    assert result.tried.startswith("tiny_connect(")


@pytest.mark.parametrize(
    ("suffix", "deed", "expected"),
    [
        (".c", "fcntl(s, F_SETFL, O_NONBLOCK);", "a blocking socket"),
        (".py", "s.setblocking(False)", "a blocking socket"),
        (".py", "s.settimeout(5)", "a blocking socket"),
        (".py", "s.settimeout(5); import os; os.set_blocking(s.fileno(), True)", "a socket without a time limit"),
        (".c", "struct timeval t = {1, 0}; setsockopt(s, SOL_SOCKET, SO_RCVTIMEO, &t, sizeof t);", "a socket without a time limit"),
        (".py", "s.setsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT, 1500)", "a socket without a time limit"),
        (".c", "close(s); return socket(AF_INET, SOCK_STREAM, 0);", "a connected socket"),
        (".c", "dup(s);", "end of file"),
        (".c", "open(\"/dev/null\", O_RDONLY);", "nothing left open"),
        (".c", "int t = socket(AF_INET, SOCK_STREAM, 0); connect(t, (struct sockaddr *)&a, sizeof a); close(s); return t;", "the connection that the listener accepted"),
    ],
)  # fmt: skip
def test_what_is_odd_about_a_socket_is_told(
    connect: catalog.Exercise, suffix: str, deed: str, expected: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One word for each."""
    monkeypatch.setattr("socklab.patience.WAIT_SECONDS", 0.1)
    assert the_failure(graded(connect, suffix, connecting(suffix, deed), "connects")).expected == expected
